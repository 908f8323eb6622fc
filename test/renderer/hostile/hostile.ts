/** What a hostile program is, and the pieces that they are made of. */
import type { FaultCode } from '../../../renderer/language/codes.ts';
import type { ImagePixels } from '../../../renderer/machine/pictures.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Params } from '../../../shared/params.ts';

/** How a program must end. */
export type End =
  | { readonly steps: number }
  | {
      readonly refused: FaultCode;
      /** Of the first complaint, from 1; undefined where it has none. */
      readonly line: number | undefined;
      /** Steps within which it is refused; 0 before it runs. */
      readonly within: number;
    };

/** A program that tries to take more time, memory or words than it may. */
export interface Hostile {
  /** Says what it tries; one of its kind. */
  readonly name: string;
  readonly source: () => string | Uint8Array;
  readonly end: End;
  /** 64 × 64 where it does not matter. */
  readonly canvas?: Canvas;
  readonly params?: () => Params;
  /** Of its IMAGEs; where they are left out, only the price is asked for. */
  readonly images?: () => ImagePixels;
  /** What it leaves behind is painted on the CPU, too. */
  readonly painted?: true;
  /** It takes a second or more, or a third of one where another of its kind takes less: `npm run test:long` has time for it. */
  readonly dear?: true;
}

/** The most that a source may hold, bytes. */
export const ROOM = LIMITS.sourceBytes;

export function finishes(steps: number): End {
  return { steps };
}

/** Refused before it runs. */
export function unread(refused: FaultCode, line = 1): End {
  return { refused, line, within: 0 };
}

/** Refused before it runs, for nothing that stands on a line. */
export function unplaced(refused: FaultCode): End {
  return { refused, line: undefined, within: 0 };
}

/** The same, for `npm run test:long`. */
export function dear(hostile: Hostile): Hostile {
  return { ...hostile, dear: true };
}

/** Refused as it runs. */
export function stopped(refused: FaultCode, line: number, within: number): End {
  return { refused, line, within };
}

/**
 * Runs out of steps.
 *
 * @param before steps before the loop
 * @param loop each of its lines in order, with the steps that it costs
 */
export function exhausts(before: number, ...loop: readonly (readonly [line: number, steps: number])[]): End {
  const turn = loop.reduce((sum, [, steps]) => sum + steps, 0);
  let left = (LIMITS.steps - before) % turn;
  for (const [line, steps] of loop) {
    left -= steps;
    if (left < 0) return stopped('PXL-E012', line, LIMITS.steps);
  }
  throw new Error('invariant broken: a turn is longer than what is left of one');
}

/** `count` lines, each with a line feed. */
export function lines(count: number, line: string | ((index: number) => string)): string {
  if (typeof line === 'string') return `${line}\n`.repeat(count);
  let text = '';
  for (let index = 0; index < count; index++) text += `${line(index)}\n`;
  return text;
}

/** As many whole `unit`s of ASCII as there is room for. */
export function fill(unit: string, room: number = ROOM): string {
  return unit.repeat(Math.floor(room / unit.length));
}

/** A name of its own for each number; no word of the language begins with `_`. */
export function name(index: number): string {
  return `_${index.toString(36)}`;
}

/** `name`s with blanks between them. */
export function names(count: number): string {
  return Array.from({ length: count }, (_, index) => name(index)).join(' ');
}

/** The steps of a line of this weight. */
export function cost(weight: number): number {
  return Math.max(1, Math.ceil(weight / 8));
}
