import { describe, expect, it } from 'vitest';
import { backoffMs, isRetryDue, LONGEST_RETRY_MS } from '../../orchestrator/retry.ts';

describe('the wait before another attempt', () => {
  it('is half a second after the first fault and doubles with each', () => {
    expect([1, 2, 3, 4].map((attempts) => backoffMs(attempts, 0))).toEqual([500, 1_000, 2_000, 4_000]);
  });

  it('never exceeds five minutes, however often it failed', () => {
    expect(backoffMs(10, 0)).toBe(256_000);
    expect(backoffMs(11, 0)).toBe(LONGEST_RETRY_MS);
    for (const attempts of [31, 32, 1_000, Number.MAX_SAFE_INTEGER]) {
      expect(backoffMs(attempts, 0)).toBe(LONGEST_RETRY_MS);
    }
  });

  it('is shortened by jitter, by a quarter at most', () => {
    expect(backoffMs(1, 0.5)).toBe(438);
    expect(backoffMs(1, 0.999_999)).toBe(375);
    expect(backoffMs(99, 0.999_999)).toBe(225_000);
  });
});

describe('a wait', () => {
  const now = Date.parse('2026-01-01T00:00:00.000Z');
  const at = (offsetMs: number): string => new Date(now + offsetMs).toISOString();

  it('is over when its time has come, and not a millisecond before', () => {
    expect(isRetryDue(at(1), now)).toBe(false);
    expect(isRetryDue(at(0), now)).toBe(true);
    expect(isRetryDue(at(-1), now)).toBe(true);
  });

  it('is over when it lies further ahead than any wait is long: the clock was set back', () => {
    expect(isRetryDue(at(LONGEST_RETRY_MS), now)).toBe(false);
    expect(isRetryDue(at(LONGEST_RETRY_MS + 1), now)).toBe(true);
    expect(isRetryDue(at(365 * 86_400_000), now)).toBe(true);
  });

  it('is nobody’s when nothing waits, and over when somebody wrote no time at all', () => {
    expect(isRetryDue(null, now)).toBe(false);
    expect(isRetryDue('soon', now)).toBe(true);
  });
});
