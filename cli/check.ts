/** `gvpie check`: every error of a program, or its exact price; nothing is painted. */

import { visible } from '../renderer/language/caret.ts';
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { type Run, type RunOptions, run } from '../renderer/machine/machine.ts';
import { PRICE_ONLY } from '../renderer/machine/pictures.ts';
import { overdraw, type Price } from '../renderer/machine/price.ts';
import { type LineCost, Profile } from '../renderer/machine/profile.ts';
import type { Canvas } from '../shared/canvas.ts';
import { AuthorFault, type Complaint } from '../shared/faults.ts';
import { type ScannedInput, scanInputs } from '../shared/inputs.ts';
import { overDefault, sayWhoLowered } from '../shared/lowered-limits.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import { type AllowanceSettings, allowanceOf } from '../shared/settings.ts';
import { usesDigest } from '../shared/used.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import {
  complain,
  complainAbout,
  count,
  priceWords,
  say,
  sayJson,
  sayTable,
  shorten,
  sourceText,
  warnAbout,
} from './print.ts';
import { styleOf } from './style.ts';

export interface CheckOptions {
  readonly size: Canvas;
  readonly param?: Params;
  /** What each line adds to the price. */
  readonly lines?: boolean;
  readonly json?: boolean;
}

/** Runs a program without painting, its IMAGEs' pixels left out: what it would leave behind, or every complaint about it. */
export function checkProgram(
  program: Uint8Array,
  canvas: Canvas,
  options: RunOptions,
): Run | readonly Complaint[] {
  try {
    return run(parse(decodeSource(program)), canvas, { ...options, images: PRICE_ONLY });
  } catch (error) {
    if (error instanceof AuthorFault) return sayWhoLowered(error.complaints, options.allowance ?? {}, '');
    throw error;
  }
}

export async function checkFile(
  input: string,
  { size, param = NO_PARAMS, lines, json }: CheckOptions,
  settings: AllowanceSettings,
): Promise<ExitCode> {
  const name = programName(input);
  const allowance = allowanceOf(settings);
  const program = await readProgram(input);
  const profile = lines ? new Profile() : undefined;
  const watched = profile === undefined ? {} : { watch: profile.watch };
  const result = checkProgram(program, size, { params: param, allowance, ...watched });
  const refused = !('price' in result);
  const costs = profile?.finish(refused ? undefined : result.price);
  const known = costs === undefined || costs.length === 0 ? {} : { lines: costs };
  if (refused) {
    // What it had cost by then tells where the loop is that never ends.
    if (json) sayJson({ status: 'refused', errors: result, ...known });
    else if (known.lines !== undefined) sayLines(program, known.lines);
    complainAbout(name, result);
    return EXIT.badInput;
  }
  const { price, warnings, used, params } = result;
  warnAbout(name, warnings);
  warnOverDefault(name, price);
  const drawn = Number(overdraw(price).toFixed(3));
  if (json) {
    sayJson({
      status: 'ok',
      canvas: size,
      ...(hasParams(params) ? { params } : {}),
      price,
      overdraw: drawn,
      ...known,
      uses: usesDigest(used),
      warnings,
    });
    return EXIT.ok;
  }
  if (costs !== undefined) {
    sayLines(program, costs);
    say();
  }
  const canvas = `${count(price.bytes, 'byte')} at ${size.width}×${size.height}`;
  say(`${visible(name)} is right: ${priceWords(price).join(', ')}, overdraw ${drawn}, ${canvas}`);
  sayInputs(scanInputs(decodeSource(program).text));
  return EXIT.ok;
}

/** What costs more than a renderer runs unless it is told to: on standard error, in one line. */
export function warnOverDefault(where: string, price: Price): void {
  const words = overDefault(price);
  if (words === undefined) return;
  const style = styleOf(process.stderr);
  complain(`${style.bold(visible(where))}: ${style.yellow('warning')}: ${words}`);
}

/** What the program is rendered with besides itself, which its price does not need. */
function sayInputs(inputs: readonly ScannedInput[]): void {
  for (const { line, width, height, checksum } of inputs) {
    say(`  line ${line} needs ${width}×${height} pixels of checksum ${checksum}`);
  }
  if (inputs.length > 0) say('  gvpie render takes them with --input FILE');
}

function sayLines(program: Uint8Array, costs: readonly LineCost[]): void {
  const source = decodeSource(program);
  const shades = costs.some(({ shade }) => shade !== undefined);
  sayTable(
    [
      { title: 'line', align: 'right' },
      { title: 'times', align: 'right' },
      { title: 'steps', align: 'right' },
      { title: 'shapes', align: 'right' },
      { title: 'pixels', align: 'right' },
      ...(shades ? [{ title: 'shade', align: 'right' } as const] : []),
      { title: 'source' },
    ],
    costs.map(({ line, times, steps, shapes, pixels_written, shade = 0 }) => [
      ...[line, times, steps, shapes, pixels_written, ...(shades ? [shade] : [])].map(String),
      shorten(sourceText(source, line)),
    ]),
  );
}
