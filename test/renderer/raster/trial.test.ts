/** The trial: that it passes what is right, and does not trust a CPU that agrees with itself alone. */
import { describe, expect, it } from 'vitest';
import { PROBE_SHA256 } from '../../../renderer/raster/conformance/probe.ts';
import { RANDOM_SHA256, STANDING_SHA256 } from '../../../renderer/raster/conformance/suite.ts';
import { tryProbe, trySuite } from '../../../renderer/raster/conformance/trial.ts';
import { cpuPainter } from '../../../renderer/raster/cpu-painter.ts';
import type { Painter } from '../../../renderer/raster/painter.ts';

/** Another digest that is as long. */
const OTHER = '0'.repeat(64);

describe('the trial', () => {
  it('passes the CPU, with as many random lists as are asked for', async () => {
    expect(await tryProbe(cpuPainter)).toEqual({ cases: 1, dispatches: 0, failures: [] });
    const none = await trySuite(cpuPainter, 0);
    expect(none.failures).toEqual([]);
    const [some, all, more] = [
      await trySuite(cpuPainter, 3),
      await trySuite(cpuPainter, 1_000),
      await trySuite(cpuPainter, 1_002),
    ];
    expect([some, all, more].map(({ cases }) => cases - none.cases)).toEqual([3, 1_000, 1_002]);
    expect([some, all, more].flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('fails a CPU whose own pictures are not the pinned ones', async () => {
    const words = (pin: string) => `Expected the CPU's pictures to have the SHA-256 ${OTHER}, found ${pin}`;
    const pins = { probe: OTHER, standing: OTHER, random: OTHER };
    expect((await tryProbe(cpuPainter, pins)).failures).toEqual([
      { name: 'probe', words: words(PROBE_SHA256) },
    ]);
    const standing = { name: 'all standing cases', words: words(STANDING_SHA256) };
    const random = { name: 'all random lists', words: words(RANDOM_SHA256) };
    expect((await trySuite(cpuPainter, 999, pins)).failures).toEqual([standing]);
    expect((await trySuite(cpuPainter, 1_000, pins)).failures).toEqual([standing, random]);
  });

  it('gives a part up after 50 failures', async () => {
    const broken: Painter = { ...cpuPainter, paint: () => Promise.reject(new Error('broken')) };
    const { cases, failures } = await trySuite(broken, 60);
    expect({ cases, failures: failures.length }).toEqual({ cases: 100, failures: 100 });
  });
});
