/** The fuse: a sweep of more than a fifth of what there is of a kind is stopped until somebody says that it is meant. */

import { LIMITS } from '../shared/limits.ts';

/** Each has a rule of its own; runs and jobs share one. */
export const SWEPT_KINDS = ['runs', 'jobs', 'logs', 'cartridges'] as const;
export type SweptKind = (typeof SWEPT_KINDS)[number];

/** What there is of a kind, and what of it goes. */
export interface Tally {
  readonly of: number;
  readonly ofBytes: number;
  readonly go: number;
  readonly goBytes: number;
  /** When the first and the last of what goes ended, Unix epoch, ms; null where nothing goes. */
  readonly oldestMs: number | null;
  readonly newestMs: number | null;
}

export type Tallies = Readonly<Record<SweptKind, Tally>>;

/** Whether more goes than that. However few there are: one of four is more. */
export function blows({ of, ofBytes, go, goBytes }: Tally): boolean {
  return isOver(go, of) || isOver(goBytes, ofBytes);
}

function isOver(part: number, whole: number): boolean {
  return part * 100 > whole * LIMITS.sweptPercent;
}

/** The kinds that are stopped. */
export function blown(tallies: Tallies): SweptKind[] {
  return SWEPT_KINDS.filter((kind) => blows(tallies[kind]));
}

/** A tally that grows row by row. */
export class Counting implements Tally {
  of = 0;
  ofBytes = 0;
  go = 0;
  goBytes = 0;
  oldestMs: number | null = null;
  newestMs: number | null = null;

  count(bytes: number, goes: boolean, endedMs: number | null): void {
    this.of++;
    this.ofBytes += bytes;
    if (!goes) return;
    this.go++;
    this.goBytes += bytes;
    if (endedMs === null) return;
    this.oldestMs = Math.min(this.oldestMs ?? endedMs, endedMs);
    this.newestMs = Math.max(this.newestMs ?? endedMs, endedMs);
  }
}

/** What the fuse stops, in words. */
export function stoppedWords(tallies: Tallies): string {
  const words = blown(tallies).map((kind) => {
    const { of, go, ofBytes, goBytes } = tallies[kind];
    return isOver(go, of) ? `${go} of ${of} ${kind}` : `${goBytes} of ${ofBytes} bytes of ${kind}`;
  });
  return `Expected at most ${LIMITS.sweptPercent} % of a kind to go, found ${words.join(', ')}`;
}
