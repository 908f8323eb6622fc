import { describe, expect, it } from 'vitest';
import { Progress, progressWords, rateWords } from '../../cli/replay-progress.ts';

function shown(isTTY: boolean, steps: (progress: Progress, later: (ms: number) => void) => void): string {
  let text = '';
  let now = 1_000;
  const outlet = { isTTY, write: (more: string) => (text += more) };
  steps(new Progress(outlet, () => now), (ms) => {
    now += ms;
  });
  return text.replaceAll('\r\x1b[K', '|');
}

describe('the progress of long work', () => {
  it('is written over on a terminal, ten times a second at most', () => {
    const text = shown(true, (progress, later) => {
      progress.show(1, 10);
      later(99);
      progress.show(2, 10);
      later(1);
      progress.show(3, 10);
    });
    expect(text).toBe('|1 of 10|3 of 10');
  });

  it('counts the rate from the first that is done: what came before was the start', () => {
    const text = shown(true, (progress, later) => {
      later(60_000);
      progress.show(1, 100);
      later(1_000);
      progress.show(21, 100);
    });
    expect(text).toBe('|1 of 100|21 of 100, 20/s, 3 s left');
  });

  it('makes room for other lines, once, and comes back at the next step', () => {
    const text = shown(true, (progress) => {
      progress.clear();
      progress.show(1, 10);
      progress.clear();
      progress.clear();
      progress.show(2, 10);
    });
    expect(text).toBe('|1 of 10||2 of 10');
  });

  it('says nothing in a pipe', () => {
    const text = shown(false, (progress, later) => {
      progress.show(1, 10);
      later(1_000);
      progress.show(2, 10);
      progress.clear();
    });
    expect(text).toBe('');
  });

  it.each([
    [1, 10, 0, 5_000, '1 of 10'],
    [6, 10, 5, 499, '6 of 10'],
    [6, 10, 5, 500, '6 of 10, 10/s, 400 ms left'],
    [813, 10_000, 812, 4_060, '813 of 10000, 200/s, 45 s left'],
    [3, 2, 3, 1_000, '3 of 2, 3.0/s, 0 ms left'],
  ])('of %i of %i, %i of them in the last %i ms, is "%s"', (done, total, lately, ms, words) => {
    expect(progressWords(done, total, lately, ms)).toBe(words);
  });

  it('has a rate with a decimal below ten, and none where no time has passed', () => {
    expect([rateWords(19, 2_000), rateWords(20, 2_000), rateWords(5, 0)]).toEqual(['9.5/s', '10/s', '0.0/s']);
  });
});
