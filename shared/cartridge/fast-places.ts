/** Where the fast machine has what in its memory. */
import { LIMITS } from '../limits.ts';
import { BLOCK_RUNS } from './difference-runs.ts';

/** A row of the widest canvas, and what is read beyond its end. */
const ROW = 4 * LIMITS.canvasSide + 64;

/** Where in its memory what is, bytes. */
export const PLACES = {
  /** Where the next run goes. */
  end: 0,
  /** The sum of a row's bytes, and of 64 bits the weighted one. */
  bytes: 8,
  weighted: 16,
  /** The bits that fill no byte yet, and how many they are. */
  pending: 24,
  pendingBits: 28,
  /** Counts: of literals, and of matches by their length. */
  literals: 1024,
  lengths: 2048,
  /** How literals, near and far matches are written. */
  literalWords: 4096,
  nearWords: 5120,
  farWords: 6656,
  /** Two rows by turns: the one above and the one that is compared with it. */
  rows: [8192, 8192 + ROW],
  differences: 8192 + 2 * ROW,
  runs: 8192 + 3 * ROW,
  out: 8192 + 3 * ROW + 8 * (BLOCK_RUNS + LIMITS.canvasSide + 64),
} as const;
