/** The sections of `gvpie top`: what is said of daemons, queue, rates, failures and schedules, before it is cut to a terminal. */

import type { Watched } from '../orchestrator/host/watch-table.ts';
import { rateOf, type WatchedRun } from '../orchestrator/watching.ts';
import { visible } from '../renderer/language/caret.ts';
import { whatIsServed } from '../shared/protocol/announcement.ts';
import { paintsOn } from './banner.ts';
import { cellWidth, cut } from './cells.ts';
import type { Room } from './half-blocks.ts';
import { type Held, heldById } from './held.ts';
import { nameOf } from './job-words.ts';
import { heldLines, percentOf, progressWords } from './progress-words.ts';
import { ageWords, spanWords } from './time-words.ts';
import type { Section } from './top-layout.ts';
import { foreignTo, RATE_WINDOWS, runsByOwner, type TopModel, whyFailed } from './top-model.ts';

/** Cells of a bar of progress, and the terminal from which on there are bars. */
const BAR = { cells: 10, fromColumns: 72 };
/** Widest cell of a column that is not the last. */
const WIDEST = 24;
/** Commands of others in a renderer's hands that have a line. */
const FOREIGN = 4;

/** In the order in which they are shown. */
export function sectionsOf(model: TopModel, room: Room): Section[] {
  const { watched } = model.database;
  return [
    orchestrators(model),
    renderers(model),
    ...(watched === undefined
      ? []
      : [
          inFlight(watched, model, room),
          queue(watched, room),
          rates(watched, model.nowMs),
          failures(watched),
          schedules(watched, model.nowMs),
        ]),
  ];
}

function orchestrators({ database, nowMs }: TopModel): Section {
  const { orchestrators: rows, watched } = database;
  const has = runsByOwner(watched?.running ?? []);
  const lines = rows.map(({ id, pid, started_at }) => [
    `pid ${pid}`,
    `up for ${ageWords(started_at, nowMs)}`,
    `${has.get(id) ?? 0} under way`,
  ]);
  const alarm = rows.length === 0 ? ({ alarm: 'yellow' } as const) : {};
  return { name: 'orchestrators', summary: `${rows.length}`, lines: aligned(lines), isKept: true, ...alarm };
}

function renderers({ renderers: all, database, socket, nowMs }: TopModel): Section {
  const rows = aligned(
    all.map(({ renderer, health, slot, in_hand, ...painting }) => [
      visible(renderer),
      health === 'ok' ? 'ok' : 'DEGRADED',
      inHandWords(in_hand ?? [], nowMs),
      whatIsServed(slot),
      visible(paintsOn(painting)),
    ]),
  );
  const lines = all.flatMap((renderer, index) => [
    rows[index] as string,
    ...heldLines(foreignTo(database, renderer), nowMs, FOREIGN).map((line) => `  ${line}`),
  ]);
  const isUnwell = all.length === 0 || all.some(({ health }) => health !== 'ok');
  return {
    name: 'renderers',
    summary: `${all.length} at ${visible(socket)}`,
    lines,
    isKept: true,
    ...(isUnwell && { alarm: 'yellow' as const }),
  };
}

/** What is in hand, without what each of it is. */
function inHandWords(held: readonly { readonly since: string }[], nowMs: number): string {
  const [oldest] = [...held].sort((one, other) => (one.since < other.since ? -1 : 1));
  if (oldest === undefined) return 'idle';
  return `${held.length} in hand, for ${ageWords(oldest.since, nowMs)}`;
}

function inFlight(
  { running, totals }: Watched,
  { renderers: all, nowMs }: TopModel,
  { columns, rows }: Room,
): Section {
  const held = heldById(all);
  const lines = running.slice(0, rows).map((run) => {
    const making = run.spoolId === null ? undefined : held.get(run.spoolId);
    return [
      `${run.jobId}`,
      visible(nameOf(run)),
      visible(run.slot),
      ageWords(run.startedAt, nowMs),
      ...(columns >= BAR.fromColumns ? [barOf(making)] : []),
      stateOf(run, making),
    ];
  });
  const lined = aligned(lines, [0, 3]);
  return {
    name: 'in flight',
    summary: `${totals.running}`,
    lines: lined,
    count: totals.running,
    isKept: true,
  };
}

function barOf(making: Held | undefined): string {
  const percent = making === undefined ? undefined : percentOf(making);
  if (percent === undefined) return '·'.repeat(BAR.cells);
  const full = Math.floor((percent * BAR.cells) / 100);
  return '█'.repeat(full) + '░'.repeat(BAR.cells - full);
}

function stateOf({ cancel }: WatchedRun, making: Held | undefined): string {
  const how = making === undefined ? 'under way' : visible(progressWords(making));
  const where = making === undefined ? '' : ` at ${visible(making.renderer)}`;
  return `${cancel ? 'cancelling, ' : ''}${how}${where}`;
}

function queue({ totals, jobs, paused }: Watched, { rows }: Room): Section {
  const { queued, waiting, dead } = totals;
  const lines = aligned(
    jobs
      .slice(0, rows)
      .map((job) => [`${job.jobId}`, visible(nameOf(job)), visible(job.slot), visible(job.waits ?? '')]),
    [0],
  );
  const summary = [
    waiting === 0 ? `${queued} queued` : `${queued} queued, ${waiting} of them waiting`,
    ...(dead === 0 ? [] : [`${dead} dead`]),
    ...paused.map((scope) => `${scope} is paused`),
  ].join('; ');
  const alarm = paused.length === 0 ? {} : ({ alarm: 'yellow' } as const);
  return { name: 'queue', summary, lines, count: queued, isKept: true, ...alarm };
}

function rates({ ended, endedSinceMs }: Watched, nowMs: number): Section {
  const words = Object.entries(RATE_WINDOWS).map(([name, ms]) => {
    const { failed, endedPer1000S } = rateOf(ended, endedSinceMs, nowMs, ms);
    return `${(endedPer1000S / 1_000).toFixed(1)}/s in ${name} (${failed} failed)`;
  });
  return { name: 'rates', summary: words.join(', '), lines: [], isKept: true };
}

function failures({ failures: all }: Watched): Section {
  const lines = aligned(
    all.map((failure) => [
      timeOf(failure.finishedAt),
      visible(nameOf(failure)),
      visible(failure.outcome),
      visible(whyFailed(failure)),
    ]),
  );
  return {
    name: 'failures',
    summary: `the newest ${all.length}`,
    count: all.length,
    lines,
    isKept: false,
    alarm: 'red',
  };
}

function schedules({ slots }: Watched, nowMs: number): Section {
  const lines = aligned(
    slots.map(({ scriptName, at }) => [
      timeToCome(at, nowMs),
      `in ${spanWords(Date.parse(at) - nowMs)}`,
      visible(scriptName),
    ]),
  );
  return { name: 'schedules', summary: 'the next times', lines, isKept: false };
}

/** The time of day of a time of the database. */
function timeOf(iso: string): string {
  return visible(/T(\d\d:\d\d:\d\d)/.exec(iso)?.[1] ?? iso.slice(0, WIDEST));
}

/** The time of day, and the date before it where that is another one. */
function timeToCome(iso: string, nowMs: number): string {
  const today = new Date(nowMs).toISOString().slice(0, 11);
  return iso.startsWith(today) ? timeOf(iso) : visible(iso.slice(0, 19).replace('T', ' '));
}

/** Rows with their columns below each other; the last is as wide as it likes. @param right columns of numbers */
function aligned(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const last = (rows[0]?.length ?? 0) - 1;
  const cells = rows.map((row) => row.map((cell, index) => (index === last ? cell : cut(cell, WIDEST))));
  const widths = cells[0]?.map((_, index) => Math.max(...cells.map((row) => cellWidth(row[index] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, index) => {
        if (index === last) return cell;
        const padding = ' '.repeat((widths?.[index] ?? 0) - cellWidth(cell));
        return right.includes(index) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
