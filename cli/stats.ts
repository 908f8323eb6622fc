/** `gvpie stats`: how fast the queue moves. */
import { NEWEST_RUNS, readStats } from '../orchestrator/host/stats-table.ts';
import { type LangFigures, queueFigures, WINDOWS, type Window } from '../orchestrator/queue-stats.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say, sayJson, sayTable } from './print.ts';
import { styleOf } from './style.ts';
import { right } from './table.ts';
import { spanWords } from './time-words.ts';

export async function stats(options: { readonly json?: boolean }, settings: Settings): Promise<ExitCode> {
  const { langs, runs, sinceMs, nowMs, isWhole } = await withDatabase(settings, (database) => {
    const nowMs = systemClock.now();
    const read = readStats(database, nowMs - WINDOWS.day);
    const oldest = read.runs.at(-1)?.finishedMs;
    const sinceMs = read.isWhole || oldest === undefined ? nowMs - WINDOWS.day : oldest;
    const langs = queueFigures({ nowMs, sinceMs }, read.open, read.runs, read.deaths);
    return { langs, runs: read.runs.length, sinceMs, nowMs, isWhole: read.isWhole };
  });
  if (options.json) {
    const window = { runs, since: new Date(sinceMs).toISOString(), is_whole: isWhole };
    sayJson({ window, langs: langs.map(json) });
    return EXIT.ok;
  }
  sayFigures(langs);
  say();
  sayWindows(langs);
  say();
  const back = isWhole ? 'all of the last day' : `the newest of at most ${NEWEST_RUNS}`;
  say(`of ${runs} runs, ${back}, which go back ${spanWords(nowMs - sinceMs)}`);
  return EXIT.ok;
}

function sayFigures(langs: readonly LangFigures[]): void {
  sayTable(
    [
      { title: 'LANG', dress: styleOf(process.stdout).bold },
      right('QUEUED'),
      right('RUNNING'),
      right('RUN p50'),
      right('RUN p99'),
      right('WAIT p50'),
      right('WAIT p99'),
      right('LONGEST'),
      right('LONGEST/p50'),
      right('KNOWN'),
    ],
    langs.map(({ lang, queued, running, durationMs, waitMs, longestInMedians, known, knownPer1000 }) => [
      ...[lang, String(queued), String(running)],
      ...[span(durationMs.median), span(durationMs.p99)],
      ...[span(waitMs.median), span(waitMs.p99), span(waitMs.longest)],
      longestInMedians === null ? '' : (longestInMedians / 100).toFixed(1),
      knownPer1000 === null ? '' : `${known} (${(knownPer1000 / 10).toFixed(1)} %)`,
    ]),
  );
}

function sayWindows(langs: readonly LangFigures[]): void {
  const style = styleOf(process.stdout);
  const names = Object.keys(WINDOWS) as Window[];
  sayTable(
    [
      { title: 'LANG', dress: style.bold },
      { title: 'LAST' },
      ...['DONE', 'FAILED', 'REFUSED', 'REJECTED', 'DEAD', 'DONE/S'].map(right),
    ],
    langs.flatMap(({ lang, windows }) =>
      names.map((name) => {
        const { done, failed, refused, rejected, dead, donePer1000S } = windows[name];
        return [
          lang,
          name,
          ...[done, failed, refused, rejected, dead].map(String),
          (donePer1000S / 1_000).toFixed(3),
        ];
      }),
    ),
  );
}

function span(ms: number | null): string {
  return ms === null ? '' : spanWords(ms);
}

function json({ windows, durationMs, waitMs, longestInMedians, knownPer1000, ...rest }: LangFigures): object {
  return {
    ...rest,
    windows: Object.fromEntries(Object.entries(windows).map(([name, one]) => [name, windowJson(one)])),
    duration_ms: durationMs,
    wait_ms: waitMs,
    longest_in_medians: longestInMedians === null ? null : longestInMedians / 100,
    known_share: knownPer1000 === null ? null : knownPer1000 / 1_000,
  };
}

function windowJson({ donePer1000S, ...counts }: LangFigures['windows'][Window]): object {
  return { ...counts, done_per_s: donePer1000S / 1_000 };
}
