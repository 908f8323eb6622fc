/** `gvpie replay`: renders the programs of many cartridges again, in threads, and names those that are not as they were. */
import { availableParallelism } from 'node:os';
import { readTime } from '../orchestrator/iso-time.ts';
import { TimeZone } from '../orchestrator/time-zone.ts';
import { systemClock } from '../shared/host/clock.ts';
import { Hiring } from '../shared/host/hiring.ts';
import { forcedExitCode, hearSignals, type Told } from '../shared/host/lifecycle.ts';
import { threadModule } from '../shared/host/thread-module.ts';
import type { Settings } from '../shared/settings.ts';
import { namedInputs } from './image-files.ts';
import { Pace } from './pace.ts';
import { beginProgress } from './progress-line.ts';
import { wrongUsage } from './refusal.ts';
import { ReplayCrew } from './replay-crew.ts';
import type { Outcome } from './replay-judge.ts';
import { reportOf } from './replay-report.ts';
import { type Found, namedSource, type Source, withHistory } from './replay-source.ts';
import { Summary, standingOf } from './replay-summary.ts';
import { exitOfWorst } from './verify.ts';

export interface ReplayOptions {
  readonly all?: boolean;
  readonly script?: string;
  readonly since?: string;
  /** Threads. */
  readonly jobs?: number;
  readonly input?: readonly string[];
  readonly json?: boolean;
}

/** More would only take turns. */
const MOST_JOBS = 16;
/** Cartridges that may be judged before the one that is told about next: so a slow one keeps nobody waiting for long. */
const AHEAD = 256;

/** @returns the exit code of the worst verdict, as of `gvpie verify`; when it is interrupted, that of the signal */
export async function replay(
  paths: readonly string[],
  options: ReplayOptions,
  settings: Settings,
): Promise<number> {
  const { all = false, script } = options;
  if ([paths.length > 0, all, script !== undefined].filter(Boolean).length !== 1) {
    throw wrongUsage(
      'Expected one of FILE…, --all and --script',
      'gvpie replay --all is about all that the registry has',
    );
  }
  const since = options.since === undefined ? undefined : readSince(options.since);
  const work = (source: Source): Promise<number> => replayAll(source, options);
  return paths.length > 0 ? work(namedSource(paths, since)) : withHistory(settings, { script, since }, work);
}

/** As the registry writes times. */
function readSince(text: string): string {
  const time = readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text, new TimeZone('UTC'));
  if (typeof time === 'string') throw wrongUsage(`${time} for --since`);
  return new Date(time).toISOString();
}

async function replayAll(source: Source, options: ReplayOptions): Promise<number> {
  const { jobs = Math.min(MOST_JOBS, availableParallelism()) } = options;
  const named = namedInputs(options.input);
  const begun = systemClock.monotonic();
  const pace = new Pace(source.total, () => systemClock.monotonic());
  const line = beginProgress(() => pace.words());
  const crew = crewOf(jobs, source);
  let told: Told | undefined;
  hearSignals(
    (by) => {
      told = by;
      void crew.close();
    },
    (by) => process.exit(forcedExitCode(by)),
  );
  const report = reportOf(options.json === true);
  const summary = new Summary();
  const judge = async ({ path, fault }: Found): Promise<Outcome | undefined> => {
    const outcome =
      fault === undefined
        ? await crew.judge({ path, named, since: source.since })
        : { finding: { verdict: 'unreadable', message: fault } as const, ms: 0 };
    if (outcome !== undefined) pace.step();
    line.tick();
    return outcome;
  };
  // Whoever has closed the pipe wants to know no more.
  const isOver = () => told !== undefined || report.isUnread;
  try {
    for await (const [{ shown }, outcome] of inOrder(source.cartridges, judge, isOver)) {
      if (outcome?.finding === undefined) continue;
      const { finding, ms } = outcome;
      summary.add(shown, finding, ms);
      if (standingOf(finding) === 'ok') continue;
      line.wipe();
      await report.add(shown, finding);
      if (report.isUnread) await crew.close();
    }
  } finally {
    await crew.close();
    line.end();
  }
  const ms = systemClock.monotonic() - begun;
  await report.end(summary, { total: source.total, isInterrupted: told !== undefined, jobs, ms });
  return told === undefined ? exitOfWorst(summary.verdicts) : forcedExitCode(told);
}

function crewOf(most: number, { filesOf }: Source): ReplayCrew {
  const hiring = new Hiring({
    // Each of them, and this one, paints and judges in a memory of its own.
    thread: () => threadModule('cli/replay-thread.js', most, most + 1),
    work: 'replay',
    journal: () => undefined,
  });
  return new ReplayCrew({ hiring, most, filesOf });
}

/** The results of `work` in the order of the items, AHEAD of which may be under way; begins no more once it is over. */
async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  isOver: () => boolean,
): AsyncGenerator<readonly [Item, Result]> {
  const line: Promise<readonly [Item, Result]>[] = [];
  for (const item of items) {
    if (isOver()) break;
    const result = work(item).then((found) => [item, found] as const);
    // It is awaited in its turn; until then its failure is nobody's surprise.
    result.catch(() => {});
    line.push(result);
    if (line.length >= AHEAD) yield (await line.shift()) as readonly [Item, Result];
  }
  for (const result of line) yield await result;
}
