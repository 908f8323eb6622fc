/** The stopwatch: that it times what the painter itself has painted, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { Case } from '../../../renderer/raster/conformance/case.ts';
import { cpuPainter, paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Backend, Painted, Painter } from '../../../renderer/raster/painter.ts';
import { TIMED_PICTURES } from '../../../renderer/timing/pictures.ts';
import { timePicture } from '../../../renderer/timing/stopwatch.ts';

const NAME = '128×64, hello';
const picture: Case = { name: NAME, list: TIMED_PICTURES[NAME]() };

/** Painted on the CPU, and said to be on a GPU. @param change of the so-many-eth picture, from 1 */
const gpu = (change: (n: number) => Partial<Painted> = () => ({})): Painter => {
  let n = 0;
  return {
    standing: { ...cpuPainter.standing, backend: 'gpu' },
    paint: (list) => ({
      ...paintedOnCpu(paintOnCpu(list)),
      backend: 'gpu',
      dispatches: 1,
      ...change(++n),
    }),
  };
};

/** A clock that goes on by 1, 2, 3, … ms from look to look. */
const clock = () => {
  let [now, step] = [0, 0];
  return () => {
    now += step++;
    return now;
  };
};

describe('the stopwatch', () => {
  it('gives medians: of the CPU alone, or of both sides', async () => {
    const alone = await timePicture(cpuPainter, picture, 3, clock());
    // Two looks for each round, and three rounds to warm up: 7, 9 and 11 ms.
    expect(alone).toEqual({ picture: NAME, cpu: 9, gpu: undefined });
    const both = await timePicture(gpu(), picture, 2, clock());
    // Three looks for each round, and three rounds to warm up: 10 and 11 ms, then 13 and 14.
    expect(both).toEqual({ picture: NAME, cpu: 11.5, gpu: 12.5 });
  });

  it('does not time what is painted wrong, or by another', async () => {
    const wrong: Painter = { ...cpuPainter, paint: () => paintedOnCpu(new Uint8Array(4)) };
    expect(await timePicture(wrong, picture, 3, clock())).toMatchObject({
      words: expect.stringContaining('bytes'),
    });
    expect(
      await timePicture(
        gpu(() => ({ standIn: 'it fell' })),
        picture,
        3,
        clock(),
      ),
    ).toMatchObject({
      words: expect.stringContaining('it fell'),
    });
  });

  it.each([
    ['a stand-in that says why', { backend: 'cpu', dispatches: 0, standIn: 'it fell' }, 'it fell'],
    ['another backend that says nothing', { backend: 'cpu', dispatches: 0 }, 'found that the cpu did'],
    ['a GPU that has dispatched nothing', { dispatches: 0 }, 'Expected dispatches on the gpu'],
  ] as const)('does not time %s, in whichever round', async (_, change, words) => {
    // The comparison is the first paint, then come three to warm up and two that count.
    for (let bad = 1; bad <= 6; bad++) {
      const painter = gpu((n) => (n === bad ? change : {}));
      const found = await timePicture(painter, picture, 2, clock());
      expect(found, `paint ${bad}`).toEqual({ name: NAME, words: expect.stringContaining(words) });
    }
    const after = gpu((n) => (n === 7 ? change : {}));
    expect(await timePicture(after, picture, 2, clock())).toMatchObject({ gpu: expect.any(Number) });
  });

  it.each([
    ['gpu', 'cpu'],
    ['cpu', 'gpu'],
  ] as const)('does not time a painter that was on the %s and is on the %s now', async (first, then) => {
    let backend: Backend = first;
    const painter: Painter = {
      get standing() {
        return { ...cpuPainter.standing, reason: 'for a change', backend };
      },
      async paint(list) {
        const painted = await (first === 'gpu' ? gpu() : cpuPainter).paint(list);
        backend = then;
        return painted;
      },
    };
    const words = `Expected the ${first} to the end, found the ${then}: for a change`;
    expect(await timePicture(painter, picture, 2, clock())).toEqual({ name: NAME, words });
  });
});

describe('the pictures that are timed', () => {
  it('are four, the smallest first, and the same each time', () => {
    const lists = Object.values(TIMED_PICTURES).map((list) => list());
    expect(lists.map(({ canvas, shapeCount }) => [canvas.width, canvas.height, shapeCount])).toEqual([
      [128, 64, 9],
      [1_920, 1_080, 1_000],
      [1_920, 1_080, 1_000],
      [4_096, 4_096, 1_000],
    ]);
    expect(Object.values(TIMED_PICTURES).map((list) => list())).toEqual(lists);
  });
});
