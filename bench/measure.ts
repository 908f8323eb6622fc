/** What every measure is given, and what it asks before it explains a figure. */
import { isMet, type Line } from './report.ts';
import type { Scratch } from './scratch.ts';

export interface Bench {
  readonly scratch: Scratch;
  /** A tenth of the rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** Whether every target's time is explained, not only that of the missed ones. */
  readonly profile: boolean;
  /** How many cartridges the largest store has; undefined for a few thousand. */
  readonly store: number | undefined;
}

/** Fewest rounds of which a median is told. */
export const ROUNDS = 20;

/** The line with where its time goes, if it misses a target or the bench was told to explain them all. */
export async function explained(
  { profile }: Pick<Bench, 'profile'>,
  line: Line,
  explain: () => Promise<readonly string[]>,
): Promise<Line> {
  const met = isMet(line);
  if (met === undefined || (met && !profile)) return line;
  return { ...line, where: await explain() };
}
