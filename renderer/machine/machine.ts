/** The machine: program → display list, in counted steps. It paints nothing, and its price is exact. */
import { type Allowance, FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { type Canvas, canvasBytes } from '../../shared/canvas.ts';
import { AuthorFault, type Complaint } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { NO_PARAMS, type Params } from '../../shared/params.ts';
import type { Used } from '../../shared/used.ts';
import type { EncodedList } from '../display/builder.ts';
import type { Program } from '../language/ast.ts';
import { operatorAt } from '../language/operators.ts';
import { syntaxError } from '../language/syntax-error.ts';
import { compile } from './compiler.ts';
import type { MachineCode } from './instructions.ts';
import { settleParams } from './params.ts';
import { type ImagePixels, type PRICE_ONLY, picturesOf } from './pictures.ts';
import { isOfCost, type Price } from './price.ts';
import { Processor } from './processor.ts';
import { Refused } from './refused.ts';
import type { Sites } from './sites.ts';
import { Sketch } from './sketch.ts';
import { executedIn, usedBy } from './used.ts';
import type { Warning } from './warnings.ts';
import type { Watch } from './watch.ts';

/** What a run leaves behind. */
export interface Run {
  /** In paint order; each shape touches the canvas. */
  readonly list: EncodedList;
  readonly price: Price;
  readonly warnings: readonly Warning[];
  readonly used: Used;
  /** What each PARAM of the program stood for. */
  readonly params: Params;
}

const NO_IMAGES: ImagePixels = new Map();

/** What a run is given besides its program and canvas. */
export interface RunOptions {
  /** Values for the program's PARAMs, by lower-case name. */
  readonly params?: Params;
  readonly allowance?: Allowance;
  /** The pixels of every IMAGE of the program, or that only the price is asked for: they are holes then. */
  readonly images?: ImagePixels | typeof PRICE_ONLY;
  /** Looks on before each step. */
  readonly watch?: Watch;
  /** Is told where the run used what it asks for. */
  readonly sites?: Sites;
}

/**
 * Runs `program` from its first line to its HALT, or to its end, where one is added.
 *
 * @throws {AuthorFault} with the line and the calls that led there: at the first step, shape or pixel over the
 *   allowance, and at the first operation that is not defined for its values
 */
export function run(program: Program, canvas: Canvas, options: RunOptions = {}): Run {
  const { allowance = FULL_ALLOWANCE, images = NO_IMAGES, watch, sites } = options;
  const bytes = canvasBytes(canvas);
  if (bytes > allowance.bytes) {
    const message = `Expected a canvas of at most ${allowance.bytes} bytes, found ${canvas.width}×${canvas.height} = ${bytes}`;
    throw new AuthorFault([{ code: 'PXL-E032', message, hint: 'make the canvas smaller' }]);
  }
  const params = settleParams(program, options.params ?? NO_PARAMS);
  const code = compile(program, canvas, params);
  const sketch = new Sketch(canvas, allowance, picturesOf(program, images), code.shades, sites);
  const processor = new Processor(code, sketch, allowance.steps, watch);
  try {
    processor.run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new AuthorFault([place(error, program, code, processor)]);
  }
  sites?.ran(program, code, processor.seen);
  const { opcodes, functions } = executedIn(code, processor.seen);
  const { surface, lettering, shapes, shaded } = sketch;
  const shade = shaded === undefined ? {} : { shade: shaded };
  return {
    list: surface.finish(),
    price: { steps: processor.steps, shapes, pixels_written: surface.pixels, bytes, ...shade },
    warnings: lettering.missing.list(),
    used: usedBy({ opcodes, functions, letters: lettering.used, blends: surface.blends }),
    params,
  };
}

/** The complaint of a refusal: where it was, and by which calls the machine came there. */
function place(refused: Refused, program: Program, code: MachineCode, processor: Processor): Complaint {
  const line = code.lines[processor.instruction] as number;
  const { code: reason, message: said, hint } = refused;
  const wrong = { code: reason, message: `${said} on line ${line}`, hint };
  const calls = processor.stack.chain(code, LIMITS.listedCalls);
  const more = processor.stack.depth - calls.length;
  const chain = { ...(calls.length > 0 ? { calls } : {}), ...(more > 0 ? { more_calls: more } : {}) };
  const text = program.source.lines[line - 1];
  // A HALT that the source leaves out stands on no line.
  if (text === undefined) return { ...wrong, line };
  // A cost is the line's, whatever of it came first.
  const at = isOfCost(reason) ? -1 : (code.places[processor.instruction] as number);
  const start = at < 0 ? text.length - text.trimStart().length : at;
  const name = /^[A-Za-z0-9_]+/.exec(text.slice(start, start + 100))?.[0];
  const word = (name ?? operatorAt(text, start, text.length) ?? ' ').length;
  return { ...syntaxError(program.source, line, start, start + word, wrong), ...chain };
}
