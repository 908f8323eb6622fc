/** The monitor of the storms: follows what a database has recorded through the model, and objects to what leaves it. */
import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import type { Outcome } from '../../orchestrator/script.ts';
import {
  type Event,
  objectionsToHistory,
  readHistory,
  recordHistory,
  waitsOf,
} from '../support/job-history.ts';
import { memoryDatabase } from '../support/memory-database.ts';

const [FIRST, SECOND] = [1, 2];
const RULES = {
  atOnce: () => 1,
  needs: (script: number) => (script === SECOND ? [FIRST] : []),
  points: () => 1,
};
const NOW = '2026-01-01T00:00:00.000Z';

/** Two scripts, of which the second needs the first, whose first attempt is cut off: as a database records it. */
function lived(): Event[] {
  const sql = memoryDatabase();
  recordHistory(sql);
  // The ids of jobs are those of their scripts.
  sql.exec(`DELETE FROM sqlite_sequence WHERE name = 'jobs'`);
  sql.exec(`INSERT INTO improvement_scripts (id, name, lang, code, needs)
    VALUES (${FIRST}, 'first', 'pixel', 'a', NULL), (${SECOND}, 'second', 'pixel', 'b', '["first"]')`);
  const table = new JobTable(sql);
  let runs = 0;
  const claim = (job: number) =>
    table.claim(
      [
        {
          jobId: job,
          scriptId: job,
          revision: 1,
          spoolId: `run-${++runs}`,
          cartridgeName: `${runs}.png`,
          startedAt: NOW,
        },
      ],
      'o1',
    )[0];
  const close = (runId: number | null | undefined, outcome: Outcome) =>
    table.close([
      {
        ...{ runId: runId ?? 0, finishedAt: NOW, durationMs: 1, outcome, stdout: null, stderr: null },
        ...{ backend: null, retryAt: null, charged: outcome === 'success' ? 0 : 1, cartridge: null },
      },
    ]);
  expect(claim(SECOND)).toBeNull();
  close(claim(FIRST), 'interrupted');
  const run = claim(FIRST);
  close(run, 'success');
  expect(close(run, 'success')).toEqual([undefined]);
  close(claim(SECOND), 'success');
  const events = readHistory(sql);
  sql.close();
  return events;
}

const at = (events: readonly Event[], test: (event: Event) => boolean): number => events.findIndex(test);
const ended = (outcome: string) => (event: Event) => event.what === 'ended' && event.outcome === outcome;
const moved = (after: string) => (event: Event) => event.what === 'moved' && event.after === after;

function without(events: readonly Event[], test: (event: Event) => boolean): Event[] {
  return events.toSpliced(at(events, test), 1);
}

function changed(events: readonly Event[], test: (event: Event) => boolean, to: Partial<Event>): Event[] {
  const index = at(events, test);
  return events.with(index, { ...(events[index] as Event), ...to });
}

describe('the monitor', () => {
  it('has nothing against what the triggers and the transactions do', () => {
    const events = lived();
    expect(events.map(({ what, after, outcome }) => [what, after ?? outcome].join(' '))).toEqual([
      ...['queued queued', 'queued queued', 'moved running', 'begun ', 'ended interrupted', 'moved queued'],
      ...['moved running', 'begun ', 'ended success', 'moved done'],
      ...['moved running', 'begun ', 'ended success', 'moved done'],
    ]);
    expect(objectionsToHistory(events, RULES)).toEqual([]);
  });

  it.each<readonly [string, (events: readonly Event[]) => Event[], string]>([
    [
      'a job that vanishes',
      (events) => without(events, (event) => event.what === 'queued'),
      'a job that is there',
    ],
    ['a second job of a slot', (events) => [...events, { ...events[0]!, id: 99, job: 9 }], 'so is its slot'],
    ['a run that nobody claimed', (events) => without(events, moved('running')), 'a run begins with its job'],
    [
      'a claim without a run',
      (events) => without(events, (event) => event.what === 'begun'),
      'its run has ended',
    ],
    ['a job left with its run open', (events) => without(events, ended('success')), 'its run has ended'],
    [
      'a run that is ended twice',
      (events) => [...events, { ...events.at(-2)!, id: 99 }],
      'the open run is ended, and once',
    ],
    [
      'a change of what has ended',
      (events) => [...events, { ...events.at(-2)!, what: 'changed' }],
      'ended, and once',
    ],
    [
      'a success of a run that was cut off',
      (events) => changed(events, ended('success'), { outcome: 'interrupted' }),
      'its run ended as the job says',
    ],
    [
      'a move that there is not',
      (events) => changed(events, moved('done'), { after: 'running' }),
      'there is a move from running to running',
    ],
    [
      'a move from elsewhere',
      (events) => changed(events, moved('done'), { before: 'queued' }),
      'it leaves running',
    ],
    [
      'a job that is removed',
      (events) => [...events, { ...events[0]!, what: 'removed' }],
      'no job is removed',
    ],
    ['a job that never ends', (events) => events.slice(0, -1), 'job 2 has ended, found it running'],
    [
      'a job that did not wait for what it needs',
      (events) => [...events.slice(0, 2), ...events.slice(10), ...events.slice(2, 10)],
      'what it needs is done: 1',
    ],
    [
      'two jobs of a script at once',
      (events) =>
        changed(events, ({ job, what }) => job === SECOND && what === 'queued', { script: FIRST }).toSpliced(
          8,
          0,
          events[10]!,
        ),
      'no more of a script run at once than may',
    ],
  ])('objects to %s', (_, spoil, words) => {
    const objections = objectionsToHistory(spoil(lived()), RULES);
    expect(objections.join('; ')).toContain(words);
  });

  it('counts what was waited, and what of a higher rank was claimed meanwhile', () => {
    const event = (id: number, what: Event['what'], job: number, rank: number): Event => ({
      ...{ id, at: 10 * id, what, job, rank, script: job, slot: 'r1', run: null, outcome: null },
      ...{ before: null, after: what === 'queued' ? 'queued' : 'running' },
    });
    const events = [
      event(1, 'queued', 1, 500),
      event(2, 'queued', 2, 1),
      event(3, 'queued', 3, 300),
      event(4, 'moved', 1, 500),
      event(5, 'moved', 3, 300),
      event(6, 'moved', 2, 1),
      // Its second claim is none of its first wait.
      event(7, 'moved', 1, 501),
    ];
    expect(waitsOf(events)).toEqual([
      { script: 1, ms: 30, overtaken: 0 },
      { script: 3, ms: 20, overtaken: 1 },
      { script: 2, ms: 40, overtaken: 2 },
    ]);
  });
});
