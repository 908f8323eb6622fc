/** The machine: program → display list, in counted steps. It paints nothing, and its price is exact. */

import { type Allowance, FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { type Canvas, canvasBytes } from '../../shared/canvas.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { NO_PARAMS, type Params } from '../../shared/params.ts';
import type { Used } from '../../shared/used.ts';
import { type Bitmap, type Shape, WHITE } from '../display/list.ts';
import type { Program, Statement } from '../language/ast.ts';
import type { Code } from '../language/codes.ts';
import type { OpcodeName } from '../language/opcodes.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../raster/font.ts';
import { type Price, pixelsWritten } from './price.ts';
import { usedBy } from './used.ts';
import { MissingGlyphs, type Warning } from './warnings.ts';

/** What a run leaves behind. */
export interface Run {
  /** In paint order; each touches the canvas. */
  readonly shapes: readonly Shape[];
  readonly price: Price;
  readonly warnings: readonly Warning[];
  readonly used: Used;
  /** What each PARAM of the program stood for. */
  readonly params: Params;
}

/** What a run is given besides its program and canvas. */
export interface RunOptions {
  /** Values for the program's PARAMs, by lower-case name. */
  readonly params?: Params;
  readonly allowance?: Allowance;
}

/**
 * Runs `program` from its first line to its HALT, or to its end, where one is added.
 *
 * @throws {AuthorFault} PXL-E012, E013 or E014, with the line, at the first step, shape or pixel over the allowance
 */
export function run(program: Program, canvas: Canvas, options: RunOptions = {}): Run {
  const { params = NO_PARAMS, allowance = FULL_ALLOWANCE } = options;
  refuseUnknown(params);
  const machine = new Machine(canvas, allowance);
  for (const line of program.lines) {
    if (line.kind !== 'statement') continue;
    machine.execute(line);
    if (line.opcode === 'HALT') return machine.result();
  }
  machine.execute({ kind: 'statement', line: program.lines.length + 1, opcode: 'HALT', operands: {} });
  return machine.result();
}

class Machine {
  readonly #canvas: Canvas;
  readonly #allowance: Allowance;
  readonly #shapes: Shape[] = [];
  readonly #opcodes = new Set<OpcodeName>();
  readonly #glyphs = new Map<number, Bitmap>();
  readonly #missing = new MissingGlyphs();
  #steps = 0;
  #drawn = 0;
  #pixels = 0;

  constructor(canvas: Canvas, allowance: Allowance) {
    this.#canvas = canvas;
    this.#allowance = allowance;
  }

  execute(statement: Statement): void {
    const { line } = statement;
    if (++this.#steps > this.#allowance.steps)
      throw exhausted('PXL-E012', 'steps', this.#allowance.steps, line);
    this.#opcodes.add(statement.opcode);
    if (statement.opcode === 'HALT') return;
    if (++this.#drawn > this.#allowance.shapes)
      throw exhausted('PXL-E013', 'shapes', this.#allowance.shapes, line);
    if (statement.opcode === 'RECT') {
      const { x, y, w, h } = statement.operands;
      this.#rect(x, y, w, h);
    } else {
      const { x, y, text } = statement.operands;
      this.#text(x, y, text, line);
    }
    const { pixels_written } = this.#allowance;
    if (this.#pixels > pixels_written) throw exhausted('PXL-E014', 'pixels written', pixels_written, line);
  }

  result(): Run {
    return {
      shapes: this.#shapes,
      price: {
        steps: this.#steps,
        shapes: this.#drawn,
        pixels_written: this.#pixels,
        bytes: canvasBytes(this.#canvas),
      },
      warnings: this.#missing.list(),
      used: usedBy(this.#opcodes, this.#glyphs, this.#shapes.length > 0),
      params: NO_PARAMS,
    };
  }

  /** x + w may pass 2³¹, which a double holds exactly: nothing wraps. */
  #rect(x: number, y: number, w: number, h: number): void {
    const x0 = Math.max(0, x);
    const y0 = Math.max(0, y);
    const x1 = Math.min(this.#canvas.width, x + w);
    const y1 = Math.min(this.#canvas.height, y + h);
    if (x0 < x1 && y0 < y1) this.#emit({ kind: 'rect', x0, y0, x1, y1, color: WHITE });
  }

  /** Every character is looked up, so that one without a glyph is named even where it is not seen. */
  #text(x: number, y: number, text: string, line: number): void {
    let left = x;
    for (const character of text) {
      const code = character.codePointAt(0) as number;
      const glyph = glyphFor(code);
      if (glyph === undefined) this.#missing.note(code, line);
      const bitmap = glyph ?? MISSING_GLYPH;
      if (this.#touches(bitmap, left, y)) {
        this.#glyphs.set(code, bitmap);
        this.#emit({ kind: 'glyph', x: left, y, bitmap, color: WHITE });
      }
      left += GLYPH_ADVANCE;
    }
  }

  #touches(bitmap: Bitmap, x: number, y: number): boolean {
    const { width, height } = this.#canvas;
    return x < width && y < height && x + bitmap.width > 0 && y + bitmap.height > 0;
  }

  #emit(shape: Shape): void {
    this.#shapes.push(shape);
    this.#pixels += pixelsWritten(shape, this.#canvas);
  }
}

function exhausted(code: Code, what: string, limit: number, line: number): AuthorFault {
  const message = `Expected at most ${limit} ${what}, found one more on line ${line}`;
  return new AuthorFault([{ code, message, line, hint: 'split the program' }]);
}

function refuseUnknown(params: Params): void {
  const [name] = Object.keys(params);
  if (name === undefined) return;
  const message = `Expected params of the program, found ${name}, which it does not have`;
  throw new AuthorFault([{ code: 'PXL-E033', message, hint: 'the program has no PARAM' }]);
}
