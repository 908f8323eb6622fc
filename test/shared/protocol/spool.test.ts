import { describe, expect, it } from 'vitest';
import { isJobId, offeredName, parseJobName, takenName } from '../../../shared/protocol/spool.ts';

const LONGEST = 'x'.repeat(64);

describe('isJobId', () => {
  it.each(['a', 'A-b_9', LONGEST, '01932f2e-0000-7000-8000-000000000000', '-', '_'])('accepts %s', (id) => {
    expect(isJobId(id)).toBe(true);
  });

  it.each(['', `${LONGEST}x`, 'a b', 'a.b', 'a/b', '../a', 'a~1', 'é', 'a\n', 'a\0'])('refuses %j', (id) => {
    expect(isJobId(id)).toBe(false);
  });
});

describe('a job’s file name', () => {
  it('tells the id and how often it was given back', () => {
    expect(parseJobName('a.json')).toEqual({ id: 'a', returns: 0 });
    expect(parseJobName('a~0.json')).toEqual({ id: 'a', returns: 0 });
    expect(parseJobName('a~12.json')).toEqual({ id: 'a', returns: 12 });
    expect(parseJobName(`${LONGEST}~999.json`)).toEqual({ id: LONGEST, returns: 999 });
  });

  it.each([
    '.json',
    'a',
    'a.JSON',
    'a.json.wet',
    'a.json\n',
    'a~.json',
    'a~-1.json',
    'a~1000.json',
    'a~1~2.json',
    `${LONGEST}x.json`,
    '.a.json',
    'a b.json',
    '..json',
  ])('is not %j', (name) => {
    expect(parseJobName(name)).toBeUndefined();
  });

  it('is the bare id in the inbox until it is given back, and numbered in a renderer’s hands', () => {
    expect(offeredName({ id: 'a', returns: 0 })).toBe('a.json');
    expect(offeredName({ id: 'a', returns: 2 })).toBe('a~2.json');
    expect(takenName({ id: 'a', returns: 0 })).toBe('a~0.json');
  });

  it('reads back as what it was made from', () => {
    for (const returns of [0, 1, 9, 10, 999]) {
      for (const name of [offeredName, takenName]) {
        expect(parseJobName(name({ id: 'job', returns }))).toEqual({ id: 'job', returns });
      }
    }
  });
});
