import { describe, expect, it } from 'vitest';
import { finishes, type Hostile, stopped } from './hostile.ts';
import { PROGRAMS } from './programs.ts';
import { describeHostile } from './suite.ts';
import { MOST_CPU_MS, MOST_MIB, MOST_WORDS, type Outcome, objections } from './verdict.ts';

describeHostile(false);

describe('the hostile programs', () => {
  it('are more than 200, each with a name of its own', () => {
    expect(PROGRAMS.length).toBeGreaterThan(200);
    expect(new Set(PROGRAMS.map(({ name }) => name)).size).toBe(PROGRAMS.length);
  });
});

describe('the verdict', () => {
  const ending = (end: Hostile['end']): Hostile => ({ name: 'one', source: () => '', end });
  const outcome: Outcome = { name: 'one', cpuMs: MOST_CPU_MS, peakMiB: MOST_MIB };
  const complaint = { code: 'PXL-E012', line: 3, message: 'x'.repeat(MOST_WORDS) };
  const finished = { ...outcome, steps: 5 };
  const refused = { ...outcome, complaints: [complaint] };

  it('is good on what ends as it must', () => {
    expect(objections(ending(finishes(5)), finished)).toEqual([]);
    expect(objections(ending(stopped('PXL-E012', 3, 9)), refused)).toEqual([]);
  });

  it.each([
    ['one step more', finishes(4), finished],
    ['a refusal where it must finish', finishes(5), refused],
    ['an end where it must be refused', stopped('PXL-E012', 3, 9), finished],
    ['another code', stopped('PXL-E013', 3, 9), refused],
    ['another line', stopped('PXL-E012', 2, 9), refused],
    ['a fault of ours', finishes(5), { ...finished, broke: 'RangeError' }],
    ['a millisecond more', finishes(5), { ...finished, cpuMs: MOST_CPU_MS + 1 }],
    ['a MiB more', finishes(5), { ...finished, peakMiB: MOST_MIB + 1 }],
    [
      'a longer message',
      stopped('PXL-E012', 3, 9),
      { ...refused, complaints: [{ ...complaint, message: `${complaint.message}x` }] },
    ],
    [
      'a longer hint',
      stopped('PXL-E012', 3, 9),
      { ...refused, complaints: [{ ...complaint, hint: `${complaint.message}x` }] },
    ],
    ['too many complaints', stopped('PXL-E012', 3, 9), { ...refused, complaints: Array(21).fill(complaint) }],
    [
      'complaints out of order',
      stopped('PXL-E012', 3, 9),
      { ...refused, complaints: [complaint, { ...complaint, line: 2 }] },
    ],
  ] as const)('objects to %s', (_, end, given) => {
    expect(objections(ending(end), given).length).toBeGreaterThan(0);
  });
});
