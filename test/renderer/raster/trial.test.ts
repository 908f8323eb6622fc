/** The trial: that it passes what is right, and does not trust a CPU that agrees with itself alone. */
import { describe, expect, it } from 'vitest';
import { RANDOM_SHA256, STANDING_SHA256 } from '../../../renderer/raster/conformance/suite.ts';
import { timedPictures } from '../../../renderer/raster/conformance/timed-pictures.ts';
import { timePicture } from '../../../renderer/raster/conformance/timing.ts';
import { tryProbe, trySuite } from '../../../renderer/raster/conformance/trial.ts';
import { cpuPainter, paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painter } from '../../../renderer/raster/painter.ts';
import { PROBE_SHA256 } from '../../../renderer/raster/probe.ts';

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

describe('the stopwatch', () => {
  const gpu = (standIn?: string): Painter => ({
    standing: { ...cpuPainter.standing, backend: 'gpu' },
    paint: (list) => ({
      ...paintedOnCpu(paintOnCpu(list)),
      backend: 'gpu',
      dispatches: 1,
      standIn,
    }),
  });
  const [picture] = [...timedPictures()];
  /** A clock that goes on by 1, 2, 3, … ms from look to look. */
  const clock = () => {
    let [now, step] = [0, 0];
    return () => {
      now += step++;
      return now;
    };
  };

  it('gives medians: of the CPU alone, or of both sides', async () => {
    const alone = await timePicture(cpuPainter, picture!, 3, clock());
    // Two looks for each round, and three rounds to warm up: 7, 9 and 11 ms.
    expect(alone).toEqual({ picture: picture!.name, cpu: 9, gpu: undefined });
    const both = await timePicture(gpu(), picture!, 2, clock());
    // Two looks for a round of warming up and three for one that counts: 7 and 10 ms, then 8 and 11.
    expect(both).toEqual({ picture: picture!.name, cpu: 8.5, gpu: 9.5 });
  });

  it('does not time what is painted wrong, or by another', async () => {
    const wrong: Painter = { ...cpuPainter, paint: () => paintedOnCpu(new Uint8Array(4)) };
    expect(await timePicture(wrong, picture!, 3, clock())).toMatchObject({
      words: expect.stringContaining('bytes'),
    });
    expect(await timePicture(gpu('it fell'), picture!, 3, clock())).toMatchObject({
      words: expect.stringContaining('it fell'),
    });
  });

  it('has three pictures, the smallest first', () => {
    const sizes = [...timedPictures()].map(({ list }) => list.canvas);
    expect(sizes).toEqual([
      { width: 128, height: 64 },
      { width: 1_920, height: 1_080 },
      { width: 4_096, height: 4_096 },
    ]);
  });
});
