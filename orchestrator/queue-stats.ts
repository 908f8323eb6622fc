/** Figures of the queue: what was done lately, how long it took and how long it had waited, by lang and in all. */

/** A run that has ended, of one of the newest. Times are Unix epoch, milliseconds. */
export interface StatRun {
  readonly jobId: number;
  readonly lang: string;
  readonly outcome: string;
  readonly known: boolean;
  readonly durationMs: number;
  readonly dueMs: number;
  readonly startedMs: number;
  readonly finishedMs: number;
}

/** A lang's jobs that are not over. */
export interface StatOpen {
  readonly lang: string;
  readonly queued: number;
  readonly running: number;
}

/** A job that died lately. */
export interface StatDeath {
  readonly lang: string;
  readonly endedMs: number;
}

/** Milliseconds of each window. */
export const WINDOWS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Window = keyof typeof WINDOWS;

export interface WindowFigures {
  readonly done: number;
  /** Runs that the world failed; their jobs were tried again unless they are among the dead. */
  readonly failed: number;
  readonly refused: number;
  readonly rejected: number;
  readonly dead: number;
  /** Pictures in 1,000 seconds, of as much of the window as was looked at. */
  readonly donePer1000S: number;
}

/** Milliseconds; null where there is nothing to measure. */
export interface Spread {
  readonly median: number | null;
  readonly p99: number | null;
  readonly longest: number | null;
}

export interface LangFigures {
  readonly lang: string;
  readonly queued: number;
  readonly running: number;
  readonly windows: Readonly<Record<Window, WindowFigures>>;
  /** Of pictures that were rendered, known ones left out. */
  readonly durationMs: Spread;
  /** From the time at which a job was due to its first run. */
  readonly waitMs: Spread;
  /** The longest wait in hundredths of the median one, which is taken as 1 ms where it is 0; null without waits. */
  readonly longestInMedians: number | null;
  /** Pictures that were known, and their share of all pictures in thousandths; null without pictures. */
  readonly known: number;
  readonly knownPer1000: number | null;
}

/**
 * Figures for each lang that has anything to show, by name, then for `all`.
 *
 * @param look `sinceMs`: runs that ended before are not among `runs`, which is later than a day ago where there were too many
 */
export function queueFigures(
  look: { readonly nowMs: number; readonly sinceMs: number },
  open: readonly StatOpen[],
  runs: readonly StatRun[],
  deaths: readonly StatDeath[],
): LangFigures[] {
  const langs = [...new Set([...open, ...runs, ...deaths].map(({ lang }) => lang))].sort();
  return [...langs, undefined].map((lang) => {
    const of = <Part extends { readonly lang: string }>(parts: readonly Part[]): readonly Part[] =>
      lang === undefined ? parts : parts.filter((part) => part.lang === lang);
    return figures(lang ?? 'all', look, of(open), of(runs), of(deaths));
  });
}

function figures(
  lang: string,
  look: { readonly nowMs: number; readonly sinceMs: number },
  open: readonly StatOpen[],
  runs: readonly StatRun[],
  deaths: readonly StatDeath[],
): LangFigures {
  const pictures = runs.filter(({ outcome }) => outcome === 'success');
  const known = pictures.filter((run) => run.known).length;
  const waits = spread(waitsOf(runs));
  const { median, longest } = waits;
  const windows = Object.entries(WINDOWS).map(([name, ms]) => [name, windowOf(look, ms, runs, deaths)]);
  return {
    lang,
    queued: open.reduce((sum, { queued }) => sum + queued, 0),
    running: open.reduce((sum, { running }) => sum + running, 0),
    windows: Object.fromEntries(windows),
    durationMs: spread(pictures.filter((run) => !run.known).map(({ durationMs }) => durationMs)),
    waitMs: waits,
    longestInMedians:
      median === null || longest === null ? null : Math.round((100 * longest) / Math.max(1, median)),
    known,
    knownPer1000: pictures.length === 0 ? null : Math.round((1_000 * known) / pictures.length),
  };
}

function windowOf(
  { nowMs, sinceMs }: { readonly nowMs: number; readonly sinceMs: number },
  windowMs: number,
  runs: readonly StatRun[],
  deaths: readonly StatDeath[],
): WindowFigures {
  const fromMs = nowMs - windowMs;
  const counts = { success: 0, failed: 0, refused: 0, rejected: 0 };
  for (const { outcome, finishedMs } of runs) {
    if (finishedMs > fromMs && Object.hasOwn(counts, outcome)) counts[outcome as keyof typeof counts]++;
  }
  const { success: done, ...others } = counts;
  return {
    done,
    ...others,
    dead: deaths.filter(({ endedMs }) => endedMs > fromMs).length,
    donePer1000S: per1000S(done, windowMs, nowMs - sinceMs),
  };
}

/** So many in 1,000 seconds of a window, or of as much of it as was looked at, ms. */
export function per1000S(count: number, windowMs: number, lookedAtMs: number): number {
  return Math.round((count * 1_000_000) / Math.max(1, Math.min(windowMs, lookedAtMs)));
}

/** Of each job the shortest: what came after is another attempt. One that was asked for again later is due anew. */
function waitsOf(runs: readonly StatRun[]): number[] {
  const waits = new Map<number, number>();
  for (const { jobId, startedMs, dueMs } of runs) {
    const waitMs = startedMs - dueMs;
    if (waitMs >= 0) waits.set(jobId, Math.min(waitMs, waits.get(jobId) ?? waitMs));
  }
  return [...waits.values()];
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (hundredths: number): number | null =>
    sorted[Math.max(0, Math.ceil((sorted.length * hundredths) / 100) - 1)] ?? null;
  return { median: at(50), p99: at(99), longest: at(100) };
}
