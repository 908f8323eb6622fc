/** Who lowered a limit, and what a renderer of no settings refuses. */
import { describe, expect, it } from 'vitest';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { overDefault, sayWhoLowered } from '../../shared/lowered-limits.ts';

describe('a limit that refused a run', () => {
  const complaint = { code: 'PXL-E012', message: 'too many', hint: 'split the program' };

  it('keeps its hint where nobody lowered it, as do complaints of other kinds', () => {
    expect(sayWhoLowered([complaint], FULL_ALLOWANCE, '')).toEqual([complaint]);
    expect(sayWhoLowered([complaint], { steps: 1e12 }, '', { steps: 1e12 })).toEqual([complaint]);
    expect(sayWhoLowered([complaint], { shapes: 1 }, '')).toEqual([complaint]);
    const other = { ...complaint, code: 'PXL-E024' };
    expect(sayWhoLowered([other], { steps: 1 }, '')).toEqual([other]);
    // The control.
    expect(sayWhoLowered([complaint], { steps: 9_999_999 }, '')).not.toEqual([complaint]);
  });
});

describe('the default of a renderer', () => {
  it('is what the SHADEs of a run may take, and one operation more is told', () => {
    expect(overDefault({})).toBeUndefined();
    expect(overDefault({ shade: 2 ** 34 })).toBeUndefined();
    expect(overDefault({ shade: 2 ** 34 + 1 })).toBe(
      '17179869185 operations of SHADEs are more than the 17179869184 that a renderer allows by default: ' +
        'GVPIE_MAX_SHADE or --max-shade raises this limit, where the renderer is started',
    );
  });
});
