/** The trial: that it passes what is right, and does not trust a CPU that agrees with itself alone. */
import { describe, expect, it } from 'vitest';
import { PROBE_SHA256 } from '../../../renderer/raster/conformance/probe.ts';
import { RANDOM_SHA256, standingCases } from '../../../renderer/raster/conformance/suite.ts';
import { SUITE, tryProbe, trySuite } from '../../../renderer/raster/conformance/trial.ts';
import { cpuPainter } from '../../../renderer/raster/cpu-painter.ts';
import type { Painter } from '../../../renderer/raster/painter.ts';
import { SHORT_CASES, shortSuite } from '../../support/short-suite.ts';

/** Another digest that is as long. */
const OTHER = '0'.repeat(64);

describe('the trial', () => {
  it('is of all standing cases, unless a test says otherwise, and passes the CPU', async () => {
    expect(SUITE.standing).toBe(standingCases);
    expect(await tryProbe(cpuPainter)).toEqual({ cases: 1, dispatches: 0, failures: [] });
    const { cases, failures } = await trySuite(cpuPainter, 0);
    expect(failures).toEqual([]);
    expect(cases).toBe([...standingCases()].length);
  });

  it('takes as many random lists as are asked for', async () => {
    const suite = await shortSuite();
    const [none, some, all, more] = [
      await trySuite(cpuPainter, 0, suite),
      await trySuite(cpuPainter, 3, suite),
      await trySuite(cpuPainter, 1_000, suite),
      await trySuite(cpuPainter, 1_002, suite),
    ];
    const random = [none, some, all, more].map(({ cases }) => cases - SHORT_CASES);
    expect(random).toEqual([0, 3, 1_000, 1_002]);
    expect([none, some, all, more].flatMap(({ failures }) => failures)).toEqual([]);
  });

  it('fails a CPU whose own pictures are not the pinned ones', async () => {
    const words = (pin: string) => `Expected the CPU's pictures to have the SHA-256 ${OTHER}, found ${pin}`;
    const right = await shortSuite();
    const suite = { ...right, pins: { probe: OTHER, standing: OTHER, random: OTHER } };
    expect((await tryProbe(cpuPainter, suite)).failures).toEqual([
      { name: 'probe', words: words(PROBE_SHA256) },
    ]);
    const standing = { name: 'all standing cases', words: words(right.pins.standing) };
    const random = { name: 'all random lists', words: words(RANDOM_SHA256) };
    expect((await trySuite(cpuPainter, 999, suite)).failures).toEqual([standing]);
    expect((await trySuite(cpuPainter, 1_000, suite)).failures).toEqual([standing, random]);
  });

  it('gives a part up after 50 failures', async () => {
    const broken: Painter = { ...cpuPainter, paint: () => Promise.reject(new Error('broken')) };
    const { cases, failures } = await trySuite(broken, 60);
    expect({ cases, failures: failures.length }).toEqual({ cases: 100, failures: 100 });
  });
});
