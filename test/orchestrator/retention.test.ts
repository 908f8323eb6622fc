import { describe, expect, it } from 'vitest';
import { blows, Counting, stoppedWords } from '../../orchestrator/fuse.ts';
import { GRACE_MS, isLetGo, type JobFact, JobSurvey, Ranks } from '../../orchestrator/retention.ts';
import { joinSpans, timeOfSlot } from '../../orchestrator/swept-slots.ts';
import { NOW_MS, rule } from '../support/sweep-world.ts';

describe('what a rule lets go', () => {
  const goes = (text: string, ageMs: number, isBeyond = false) =>
    isLetGo({ rule: rule(text), nowMs: NOW_MS }, NOW_MS - ageMs, isBeyond);

  it('is what is older than its age, to the millisecond', () => {
    expect([goes('1h', 3_600_000), goes('1h', 3_600_001)]).toEqual([false, true]);
  });

  it('is what is beyond its number, whatever the age', () => {
    expect([goes('5', 3_600_000, true), goes('5', 3_600_000), goes('5', 10 ** 12)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([goes('1h,5', 3_600_000, true), goes('1h,5', 3_600_001)]).toEqual([true, true]);
  });

  it('is nothing that has ended within ten minutes, or at no time that can be read', () => {
    expect(GRACE_MS).toBe(600_000);
    expect([goes('1s', 599_999, true), goes('1s', 600_000, true), goes('1s', -1, true)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(isLetGo({ rule: rule('1s'), nowMs: NOW_MS }, null, true)).toBe(false);
  });

  it('is counted by script, from the newest on', () => {
    const ranks = new Ranks<number | null>(2);
    for (const [script, id] of [
      [1, 9],
      [2, 8],
      [1, 7],
      [1, 6],
      [null, 5],
      [1, 4],
    ] as const)
      ranks.see(script, id);
    const beyond = [
      [1, 9],
      [1, 7],
      [1, 6],
      [1, 4],
      [2, 8],
      [null, 5],
      [3, 1],
    ] as const;
    expect(beyond.map(([script, id]) => ranks.isBeyond(script, id))).toEqual([
      ...[false, false, true, true, false, false, false],
    ]);
    const all = new Ranks<number>(null);
    all.see(1, 1);
    expect(all.isBeyond(1, 0)).toBe(false);
  });
});

describe('a job', () => {
  const old: JobFact = {
    ...{ id: 1, scriptId: 1, slot: '2026-01-01T00:00:00.000Z', point: null, state: 'refused', revision: 3 },
    ...{ presentRevision: 3, endedMs: 0 },
  };
  const newer: JobFact = { ...old, id: 100, state: 'done' };
  /** Whether it goes where a newer one is there, and is done. */
  const goes = (change: Partial<JobFact>): boolean => {
    const survey = new JobSurvey({ rule: rule('1h'), nowMs: NOW_MS });
    const job = { ...old, ...change };
    for (const one of [newer, job]) survey.see(one);
    return survey.goes(job);
  };

  it.each<[string, Partial<JobFact>, Partial<JobFact>]>([
    ['that waits or runs', { state: 'queued' }, { state: 'cancelled' }],
    ['in its present revision’s own slot', { slot: 'r3' }, { slot: 'r2' }],
    ['at a point of that', { slot: 'r3 {"n":1}', point: '{"n":1}' }, { slot: 'r33', point: '{"n":1}' }],
    ['that is the newest success of its point', { state: 'done', point: '{"n":1}' }, { point: '{"n":1}' }],
    [
      'that is another revision’s success of its point',
      { presentRevision: 3, state: 'done', point: '{"n":2}' },
      { revision: 2, state: 'done', point: '{"n":2}' },
    ],
    ['in the future', { slot: '2026-06-01T00:00:00.001Z' }, { slot: '2026-06-01T00:00:00.000Z' }],
    ['of a script that is there', { slot: 'r3' }, { slot: 'r3', scriptId: null, presentRevision: null }],
  ])('%s stays', (_, stays, goesAway) => {
    expect([goes(stays), goes(goesAway)]).toEqual([false, true]);
  });

  it('that is its script’s newest, newest success, or either at its present revision stays', () => {
    const survey = new JobSurvey({ rule: rule('1'), nowMs: NOW_MS });
    const jobs: JobFact[] = [
      { ...old, id: 9, revision: 2 },
      { ...old, id: 8, revision: 2, state: 'done' },
      { ...old, id: 7 },
      { ...old, id: 6, state: 'done' },
      { ...old, id: 5 },
      { ...old, id: 4, state: 'done' },
    ];
    for (const job of jobs) survey.see(job);
    expect(jobs.map((job) => survey.goes(job))).toEqual([false, false, false, false, true, true]);
    expect(survey.witness(1)).toEqual({ jobId: 6, presentRevision: 3 });
  });
});

describe('the fuse', () => {
  const tally = (of: number, go: number, ofBytes = 0, goBytes = 0) => ({
    ...{ of, go, ofBytes, goBytes, oldestMs: null, newestMs: null },
  });

  it('holds at a fifth, and blows above', () => {
    expect([blows(tally(1_000, 200)), blows(tally(1_000, 201))]).toEqual([false, true]);
    expect([blows(tally(5, 1)), blows(tally(4, 1)), blows(tally(5, 3))]).toEqual([false, true, true]);
    expect([blows(tally(0, 0)), blows(tally(1, 1))]).toEqual([false, true]);
  });

  it('minds bytes as it minds rows', () => {
    expect([blows(tally(100, 1, 1_000, 200)), blows(tally(100, 1, 1_000, 201))]).toEqual([false, true]);
  });

  it('says what it stops', () => {
    const none = tally(10, 2);
    const tallies = { runs: tally(10, 3), jobs: none, logs: tally(5, 1, 9, 3), cartridges: tally(1, 1) };
    expect(stoppedWords(tallies)).toBe(
      'Expected at most 20 % of a kind to go, found 3 of 10 runs, 3 of 9 bytes of logs, 1 of 1 cartridges',
    );
  });

  it('counts what goes, with the first and the last of it', () => {
    const counting = new Counting();
    counting.count(5, true, 30);
    counting.count(7, false, 10);
    counting.count(1, true, 20);
    counting.count(1, true, null);
    expect({ ...counting }).toEqual({ of: 4, ofBytes: 14, go: 3, goBytes: 7, oldestMs: 20, newestMs: 30 });
  });
});

describe('spans of swept slots', () => {
  const at = (hours: number): string => new Date(hours * 3_600_000).toISOString();

  it('join what is a day apart by any clock, and nothing that is further', () => {
    const one = (hours: number) => ({ first: at(hours), last: at(hours) });
    expect(joinSpans([one(25), one(0)])).toEqual([{ first: at(0), last: at(25) }]);
    expect(joinSpans([one(0), one(26)])).toHaveLength(2);
    expect(joinSpans([{ first: at(0), last: at(90) }, one(50), one(100)])).toEqual([
      { first: at(0), last: at(100) },
    ]);
    expect(joinSpans([])).toEqual([]);
  });

  it('are of times, with a point or without, and of no revision', () => {
    expect(timeOfSlot('2026-03-29T01:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(timeOfSlot('2026-03-29T01:00:00.000Z {"n":1}')).toBe('2026-03-29T01:00:00.000Z');
    expect([timeOfSlot('r3'), timeOfSlot('r3 {"n":1}'), timeOfSlot('2026')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
