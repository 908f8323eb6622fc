/** `gvpie trace`: what each line that a program executes changes and draws. */
import { decodeSource, type Source } from '../renderer/language/source.ts';
import { Trace, type TraceStep } from '../renderer/machine/trace.ts';
import type { Canvas } from '../shared/canvas.ts';
import { NO_PARAMS, type Params } from '../shared/params.ts';
import { type AllowanceSettings, allowanceOf } from '../shared/settings.ts';
import { checkProgram } from './check.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import { complainAbout, count, say, sayJson, sayTable, shorten, sourceText, warnAbout } from './print.ts';
import { shapeRecord, shapeWords } from './shape-words.ts';

export interface TraceOptions {
  readonly size: Canvas;
  readonly param?: Params;
  /** The first line executed that is shown, from 1. */
  readonly from: number;
  /** How many are shown. */
  readonly count: number;
  readonly json?: boolean;
}

export async function traceFile(
  input: string,
  { size, param = NO_PARAMS, from, count: most, json }: TraceOptions,
  settings: AllowanceSettings,
): Promise<ExitCode> {
  const name = programName(input);
  const program = await readProgram(input);
  const trace = new Trace(from, most);
  const allowance = allowanceOf(settings);
  const result = checkProgram(program, size, { params: param, allowance, watch: trace.watch });
  const refused = !('price' in result);
  const steps = trace.finish(refused ? undefined : result.price.steps);
  const { executed } = trace;
  const more = Math.max(0, executed - (from - 1) - steps.length);
  if (json) {
    const shown = { from, steps: steps.map(jsonOf), more, executed };
    sayJson(
      refused
        ? { status: 'refused', ...shown, errors: result }
        : { status: 'ok', ...shown, price: result.price, warnings: result.warnings },
    );
  } else if (steps.length > 0) {
    sayTrace(decodeSource(program), from, steps);
    const last = more > most ? `, --from ${executed - most + 1} shows the last` : '';
    if (more > 0) say(`… ${count(more, 'more line')} executed; --from ${from + steps.length} goes on${last}`);
  } else if (executed > 0) {
    const last = Math.max(1, executed - most + 1);
    say(`${count(executed, 'line')} executed, fewer than ${from}; --from ${last} shows the last`);
  }
  if (refused) {
    complainAbout(name, result);
    return EXIT.badInput;
  }
  warnAbout(name, result.warnings);
  return EXIT.ok;
}

/** @param from the number of the first of `steps` among the lines executed */
function sayTrace(source: Source, from: number, steps: readonly TraceStep[]): void {
  sayTable(
    [
      { title: 'n', align: 'right' },
      { title: 'steps', align: 'right' },
      { title: 'line', align: 'right' },
      { title: 'in' },
      { title: 'source' },
      { title: 'then' },
    ],
    steps.map(({ step, line, calls, changed, shapes }, index) => [
      String(from + index),
      step === undefined ? '' : String(step),
      String(line),
      calls.at(-1) ?? '',
      shorten(sourceText(source, line).trim()),
      [...Object.entries(changed).map(([name, value]) => `${name}=${value}`), shapeWords(shapes)].join(' '),
    ]),
  );
}

function jsonOf({ step, line, calls, changed, shapes }: TraceStep): Record<string, unknown> {
  return {
    ...(step === undefined ? {} : { step }),
    line,
    ...(calls.length === 0 ? {} : { calls }),
    changed,
    shapes: shapes.map(shapeRecord),
  };
}
