/** `gvpie check`: every error of a program, or its exact price; nothing is painted. */
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { type Run, type RunOptions, run } from '../renderer/machine/machine.ts';
import type { Canvas } from '../shared/canvas.ts';
import { AuthorFault, type Complaint } from '../shared/faults.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import { type AllowanceSettings, allowanceOf } from '../shared/settings.ts';
import { usesDigest } from '../shared/used.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import { complainAbout, count, say, sayJson, warnAbout } from './print.ts';

export interface CheckOptions {
  readonly size: Canvas;
  readonly param?: Params;
  readonly json?: boolean;
}

/** Runs a program without painting: what it would leave behind, or every complaint about it. */
export function checkProgram(
  program: Uint8Array,
  canvas: Canvas,
  options: RunOptions,
): Run | readonly Complaint[] {
  try {
    return run(parse(decodeSource(program)), canvas, options);
  } catch (error) {
    if (error instanceof AuthorFault) return error.complaints;
    throw error;
  }
}

export async function checkFile(
  input: string,
  { size, param = NO_PARAMS, json }: CheckOptions,
  settings: AllowanceSettings,
): Promise<ExitCode> {
  const name = programName(input);
  const allowance = allowanceOf(settings);
  const result = checkProgram(await readProgram(input), size, { params: param, allowance });
  if (!('price' in result)) {
    complainAbout(name, result);
    if (json) sayJson({ status: 'refused', errors: result });
    return EXIT.badInput;
  }
  const { price, warnings, used, params } = result;
  const stood = hasParams(params) ? { params } : {};
  warnAbout(name, warnings);
  if (json) sayJson({ status: 'ok', canvas: size, ...stood, price, uses: usesDigest(used), warnings });
  else {
    const { steps, shapes, pixels_written, bytes } = price;
    const work = [count(steps, 'step'), count(shapes, 'shape'), `${count(pixels_written, 'pixel')} written`];
    say(`${name} is right: ${work.join(', ')}, ${count(bytes, 'byte')} at ${size.width}×${size.height}`);
  }
  return EXIT.ok;
}
