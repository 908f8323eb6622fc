/** `gvpie inspect`: what is written on a cartridge, its pixels left alone. */
import { basename, extname } from 'node:path';
import { visible } from '../renderer/language/caret.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { CartridgeFault, NO_LABEL } from '../shared/cartridge/cartridge-fault.ts';
import { Effort } from '../shared/cartridge/effort.ts';
import { isTooNew, readNewer, readProgramOf } from '../shared/cartridge/newer.ts';
import { type Inscription, readLabel } from '../shared/cartridge/open.ts';
import { openPngImage } from '../shared/cartridge/png-image.ts';
import { rescuedLabel } from '../shared/cartridge/rescued.ts';
import type { Settings } from '../shared/settings.ts';
import { paintsOn } from './banner.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { imageLine } from './image-line.ts';
import { readCartridge } from './input.ts';
import { sayNewer } from './inspect-newer.ts';
import { KeyRing } from './key-ring.ts';
import { paramWords } from './options.ts';
import { count, priceWords, say, sayJson } from './print.ts';
import { badInput, type Refusal, wrongUsage } from './refusal.ts';
import { type Signed, Signers, signerWords } from './signers.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** Lines of a program below its description: with that, no more than a screen. */
const SHOWN_LINES = 20;
/** The stages of a render as they follow each other; in the file they stand by their names. */
const STAGES = ['wait', 'parse', 'inputs', 'run', 'paint', 'publish'];

export interface InspectOptions {
  readonly program?: boolean;
  readonly json?: boolean;
}

export function inspectCartridge(path: string, options: InspectOptions, { keys }: Settings): ExitCode {
  if (options.program && options.json) throw wrongUsage('Expected --program or --json, found both');
  const bytes = readCartridge(path);
  const effort = new Effort(bytes.length);
  let inscription: Inscription;
  try {
    if (options.program) {
      sayProgram(readProgramOf(bytes));
      return EXIT.ok;
    }
    inscription = readLabel(bytes, effort);
  } catch (error) {
    if (!(error instanceof CartridgeFault)) throw error;
    // Of one that is too new to be read whole, what can be read.
    if (options.program || !isTooNew(error)) throw refusalOf(path, bytes, error);
    sayNewer(path, bytes.length, readNewer(bytes), options, sayProgramBelow);
    return EXIT.badInput;
  }
  const { label, run, text, newer } = inscription;
  const signatures = new Signers(new KeyRing(keys)).of(inscription, effort);
  if (options.json)
    sayJson({
      ...{ path, bytes: bytes.length, text, label, run: run ?? null, newer: newer ?? null },
      ...(signatures.length > 0 ? { signatures } : {}),
    });
  else {
    for (const line of fieldLines(
      [...fieldsOf(path, bytes.length, inscription), ...signatures.map(signatureField)],
      styleOf(process.stdout).dim,
    ))
      say(line);
    say();
    sayProgramBelow(label.program);
  }
  return EXIT.ok;
}

function signatureField(signed: Signed): [string, string] {
  return ['signature', signerWords(signed)];
}

/** Of what is no cartridge that can be read, with what can be had of it all the same: its program, or the line that draws it. */
function refusalOf(path: string, bytes: Uint8Array, fault: CartridgeFault): Refusal {
  return badInput(`${path} is ${describeFault(fault)}`, adviceOn(path, bytes));
}

function adviceOn(path: string, bytes: Uint8Array): string | undefined {
  if (rescuedLabel(bytes) !== undefined) return extractHint(path);
  const line = ordinaryLine(path, bytes);
  return line && `a program draws it with --input ${path} and the line ${line}`;
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}

function ordinaryLine(path: string, bytes: Uint8Array): string | undefined {
  try {
    const { canvas, pixels } = openPngImage(bytes);
    // Before its pixels are decoded.
    if (imageLine('', canvas, '') === undefined) return undefined;
    return imageLine(stemOf(path), canvas, sha256Hex(pixels()));
  } catch (error) {
    if (error instanceof CartridgeFault) return undefined;
    throw error;
  }
}

/**
 * What `read` takes out of the cartridge at `path`.
 *
 * @throws {Refusal} when it is none, or is damaged
 */
export function fromCartridge<Found>(path: string, read: () => Found): Found {
  try {
    return read();
  } catch (error) {
    if (error instanceof CartridgeFault) throw badInput(`${path} is ${describeFault(error)}`);
    throw error;
  }
}

/** Whether reading a cartridge failed since a PNG has no label, or a form that gvpie never writes: it is a picture like any other. */
export function isOrdinary(error: unknown): error is CartridgeFault {
  if (!(error instanceof CartridgeFault)) return false;
  return error.code === 'CART-E006' || (error.code === 'CART-E011' && error.message === NO_LABEL);
}

/** How to get at a program whose cartridge is not what it says. */
export function extractHint(path: string): string {
  return `gvpie extract ${path} --program -o - prints its program all the same`;
}

/** What is wrong with a file: it is no cartridge, or it was one. */
export function describeFault({ code, message }: Pick<CartridgeFault, 'code' | 'message'>): string {
  if (code === 'CART-E001') return `not a PNG: ${code}: ${message}`;
  // What a renderer pressed is 8-bit RGBA, so another format has not come from one.
  if (code === 'CART-E006') return `not a cartridge: ${code}: ${message}`;
  if (code === 'CART-E019') return `too new for this gvpie: ${code}: ${message}`;
  if (code !== 'CART-E011' || message !== NO_LABEL) return `damaged: ${code}: ${message}`;
  const words = "an ordinary PNG without gvpie's text (a viewer or editor that saves it anew drops it)";
  return `not a cartridge: ${code}: ${words}`;
}

/** A program for a pipe, to the byte; on a terminal without what a terminal would obey. */
export function sayProgram(program: string): void {
  if (process.stdout.isTTY) for (const line of linesOf(program)) say(line);
  else process.stdout.write(program);
}

/** A program below its description: its first lines, and nothing that a terminal would obey. */
export function sayProgramBelow(program: string): void {
  const lines = linesOf(program);
  const shown = lines.slice(0, SHOWN_LINES);
  for (const line of shown) say(line);
  const more = lines.length - shown.length;
  if (more > 0) say(styleOf(process.stdout).dim(`… and ${count(more, 'line')} more: --program prints all`));
}

function linesOf(program: string): string[] {
  return program
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(visible);
}

function fieldsOf(path: string, bytes: number, inscription: Inscription): [string, string][] {
  const { label, run, text, canvas, newer } = inscription;
  const { params, price, script, used } = label;
  const fields: [string, string | undefined][] = [
    ['file', `${path}, ${bytes} bytes`],
    ['canvas', `${canvas.width}×${canvas.height}`],
    ['params', params && paramWords(params)],
    ['created', text.created_at ?? 'not said: pressed reproducibly'],
    ['script', script && `${script.name}, revision ${script.revision}`],
    ['language', `${label.language.name} ${label.language.version}`],
    [
      'format',
      newer === undefined
        ? `${label.format}`
        : `${label.format}, newer than this gvpie: some of it may be missing here`,
    ],
    ['checksum', text.checksum],
    ['to draw it', imageLine(script?.name ?? stemOf(path), canvas, text.checksum)],
    ...(label.inputs ?? []).map(({ checksum, width, height }): [string, string] => [
      'input',
      `${checksum}, ${width}×${height}`,
    ]),
    ...(label.parents ?? []).map(({ checksum }): [string, string] => ['made from', checksum]),
    ['program sha256', label.program_sha256],
    ['uses', label.uses],
    [
      'opcodes',
      used &&
        Object.entries(used.opcodes)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
    ],
    ['glyphs', used && `${Object.keys(used.glyphs).length}`],
    ['price', price && priceWords(price).join(', ')],
    ['run', run?.id],
    ['painted on', run && `${paintsOn(run)}, by ${run.renderer}`],
    [
      'took',
      run?.timings_ms &&
        Object.entries(run.timings_ms)
          .sort(([one], [other]) => STAGES.indexOf(one) - STAGES.indexOf(other))
          .map(([stage, ms]) => `${stage} ${ms.toFixed(2)} ms`)
          .join(', '),
    ],
  ];
  return fields.filter((field): field is [string, string] => field[1] !== undefined);
}
