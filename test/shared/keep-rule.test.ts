import { describe, expect, it } from 'vitest';
import { keepRulesOf, keepsAll, readKeepRule } from '../../shared/keep-rule.ts';

const DAY = 86_400_000;

describe('a rule of what to keep', () => {
  it.each([
    ['all', null, null],
    [' ALL ', null, null],
    ['30d', 30 * DAY, null],
    ['1s', 1_000, null],
    ['2m', 120_000, null],
    ['3H', 3 * 3_600_000, null],
    ['36600d', 36_600 * DAY, null],
    ['1', null, 1],
    ['1000000000', null, 1_000_000_000],
    ['30d,500', 30 * DAY, 500],
    ['500 , 30d', 30 * DAY, 500],
  ])('is read: %s', (text, ageMs, count) => {
    expect(readKeepRule(text)).toEqual({ ageMs, count });
  });

  it.each([
    '',
    ' ',
    '0',
    '0d',
    '-1',
    '1.5d',
    '30w',
    '30 d',
    '1e3',
    '36601d',
    '1000000001',
    '30d,30d',
    '5,6',
    '30d,',
    ',5',
    '30d,5,6',
    'all,5',
    'none',
    '9999999999999999',
  ])('is none: %j', (text) => {
    expect(readKeepRule(text)).toBeUndefined();
  });

  it('keeps all where it says nothing', () => {
    const rules = keepRulesOf({ keepRuns: 'all', keepLogs: '5', keepCartridges: '1d' });
    expect([rules.runs, rules.logs, rules.cartridges].map(keepsAll)).toEqual([true, false, false]);
  });
});
