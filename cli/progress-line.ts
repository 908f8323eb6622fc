/** The progress line: how far work is that takes more than a second, on a terminal only, and wiped before anything else is printed. */
import { cut } from './cells.ts';

/** Work that takes no longer has no line, ms. */
const PATIENCE_MS = 1_000;
/** How often it is written at most, ms. */
const EVERY_MS = 100;
/** From the beginning of the row on, which is emptied. */
const WIPE = '\r\x1b[2K';

/** What of a stream is used. */
export interface LineOutlet {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressLine {
  /** Writes it if it is time. By itself that happens only where work leaves the loop its turns. */
  readonly tick: () => void;
  /** Wipes it, so that something else can be printed; the next tick writes it again. */
  readonly wipe: () => void;
  /** Wipes it for good. */
  readonly end: () => void;
}

const NO_LINE: ProgressLine = { tick() {}, wipe() {}, end() {} };

/**
 * Begins a line, of which nothing is seen at first. It keeps no process from ending.
 *
 * @param words how far the work is now, plain text
 */
export function beginProgress(
  words: () => string,
  outlet: LineOutlet = process.stderr,
  monotonic = () => performance.now(),
): ProgressLine {
  if (outlet.isTTY !== true || process.env.TERM === 'dumb') return NO_LINE;
  let nextMs = monotonic() + PATIENCE_MS;
  let isShown = false;
  const wipe = (): void => {
    if (isShown) outlet.write(WIPE);
    isShown = false;
  };
  const tick = (): void => {
    const now = monotonic();
    if (now < nextMs) return;
    nextMs = now + EVERY_MS;
    isShown = true;
    // The last column stays free: a terminal may begin another row behind it.
    outlet.write(`${WIPE}${cut(words(), Math.max(1, (outlet.columns || 80) - 1))}`);
  };
  const timer = setInterval(tick, EVERY_MS).unref();
  return {
    tick,
    wipe,
    end() {
      clearInterval(timer);
      wipe();
      nextMs = Number.POSITIVE_INFINITY;
    },
  };
}
