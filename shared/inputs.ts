/** Inputs: the canvases of other cartridges that a program draws, each known by the SHA-256 of its RGBA bytes. */
import type { Canvas } from './canvas.ts';
import { LIMITS } from './limits.ts';
import { show } from './show.ts';

/** What an IMAGE of a program asks for. */
export interface Input extends Canvas {
  /** Of the RGBA bytes: 64 lower-case hex digits. */
  readonly checksum: string;
}

/** Where each lies: by its checksum, the absolute path of a file. */
export type InputPaths = Readonly<Record<string, string>>;

export const NO_INPUTS: InputPaths = {};

/** A SHA-256 as it is written everywhere. */
export const CHECKSUM = /^[0-9a-f]{64}$/;

/** The checksum that a person wrote, in digits of either case; undefined where a text is none. */
export function checksumIn(text: string): string | undefined {
  const lower = text.toLowerCase();
  return CHECKSUM.test(lower) ? lower : undefined;
}

export function hasInputs(paths: InputPaths): boolean {
  return Object.keys(paths).length > 0;
}

/**
 * The paths that somebody wrote as a JSON object; or what is wrong with them, in words.
 *
 * @param where what messages call the object
 */
export function readInputPaths(value: unknown, where: string): InputPaths | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `Expected ${where} to be an object of checksums and paths, found ${show(value)}`;
  }
  for (const [checksum, path] of Object.entries(value)) {
    if (!CHECKSUM.test(checksum)) {
      return `Expected ${where} to have names of 64 lower-case hex digits, found ${show(checksum)}`;
    }
    if (typeof path !== 'string' || !path.startsWith('/') || path.includes('\0')) {
      return `Expected ${checksum} of ${where} to be an absolute path, found ${show(path)}`;
    }
  }
  return { ...value };
}

/** All that the parser reads as an IMAGE. Not by the flag m: for that flag, a CR in the middle ends a line. */
const IMAGE_LINE =
  /(?:^\uFEFF?|\n)[ \t]*IMAGE[ \t]+[A-Za-z_]\w*[ \t,]+(\d+)[ \t,]+(\d+)[ \t,]+([0-9a-f]{64})[ \t\r]*(?![^\n])/gi;

/** An input with the line of the IMAGE that asks for it first, from 1. */
export interface ScannedInput extends Input {
  readonly line: number;
}

/**
 * What the IMAGEs of a program ask for, each once, found without parsing it: all that its parser would find, and of a
 * program that is refused perhaps more. What no cartridge can be is left to whoever refuses the program for it.
 */
export function scanInputs(program: string): ScannedInput[] {
  const inputs = new Map<string, ScannedInput>();
  let line = 1;
  let counted = 0;
  for (const match of program.matchAll(IMAGE_LINE)) {
    const [, width, height, digits = ''] = match;
    const end = match.index + match[0].length;
    line += program.slice(counted, end).split('\n').length - 1;
    counted = end;
    const checksum = digits.toLowerCase();
    const canvas = { width: Number(width), height: Number(height) };
    if (!inputs.has(checksum) && isOfImage(canvas)) inputs.set(checksum, { checksum, ...canvas, line });
  }
  return [...inputs.values()];
}

function isOfImage({ width, height }: Canvas): boolean {
  const [least, most] = [Math.min(width, height), Math.max(width, height)];
  return least >= 1 && most <= LIMITS.canvasSide && width * height <= LIMITS.imagePixels;
}
