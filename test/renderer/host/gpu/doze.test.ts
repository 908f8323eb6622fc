/** Dozing: it changes nothing of what is waited for, and leaves few turns to whoever asks at each. */
import { describe, expect, it } from 'vitest';
import { dozing } from '../../../../renderer/host/gpu/doze.ts';

const WAIT_MS = 100;

/** Asks at every turn of the event loop, as Dawn does, until so long has gone by; how often. */
function turnsIn(ms: number): Promise<number> {
  const end = performance.now() + ms;
  let turns = 0;
  return new Promise((resolve) => {
    const ask = () => {
      turns++;
      if (performance.now() < end) setImmediate(ask);
      else resolve(turns);
    };
    ask();
  });
}

describe('dozing', () => {
  it('gives what it waits for, or throws it', async () => {
    expect(await dozing(async () => 7)).toBe(7);
    await expect(dozing(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });

  it('sleeps a fifth of a millisecond at each turn, and no longer than it waits', async () => {
    const began = performance.now();
    const turns = await dozing(() => turnsIn(WAIT_MS));
    const tookMs = performance.now() - began;
    expect(turns).toBeGreaterThan(1);
    expect(turns).toBeLessThanOrEqual(tookMs / 0.2 + 2);
    // The control, and that nothing sleeps any more.
    expect(await turnsIn(WAIT_MS)).toBeGreaterThan(WAIT_MS / 0.2 + 2);
  });
});
