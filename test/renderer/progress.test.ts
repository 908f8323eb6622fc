/** Progress: what can be counted of a picture is counted while it is painted, and whoever asks the daemon hears of it. */
import { describe, expect, it } from 'vitest';
import { paintInTurns } from '../../renderer/host/paint-in-turns.ts';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { run } from '../../renderer/machine/machine.ts';
import { type Count, Progress } from '../../renderer/progress.ts';
import { paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import { fakeWorld, program } from './fake-world.ts';

/** A SHADE over all of a square canvas; `turns` of its loop make it as long as it is. */
function shaded(side: number, turns: number) {
  const lines = [
    'SHADE 0 0 width height',
    'SET s x+y',
    `LOOP ${turns}`,
    'SET s (s*5+3)&255',
    'END',
    'SET r s',
  ];
  return run(parse(sourceOf([...lines, 'END'].join('\n'))), { width: side, height: side }).list;
}

/** Counts as they are in each turn of the loop while a picture is painted, and in the end. */
async function countsOf(side: number, turns: number): Promise<(Count | undefined)[]> {
  const list = shaded(side, turns);
  const progress = new Progress();
  progress.paint();
  const counts: (Count | undefined)[] = [];
  let isPainted = false;
  const painting = Promise.resolve(paintInTurns(list, { progress })).then((painted) => {
    isPainted = true;
    return painted;
  });
  while (!isPainted) {
    counts.push(progress.count);
    await new Promise((next) => setImmediate(next));
  }
  const { pixels, release } = await painting;
  expect(Buffer.compare(pixels, paintOnCpu(list, 128))).toBe(0);
  release?.();
  return [...counts, progress.count];
}

describe('the progress of a long SHADE', () => {
  it.each([
    ['on a small canvas, which one thread paints', 250, 1_000, 16],
    ['on a large one, which has the help of threads', 512, 300, 64],
  ])('rises tile by tile and ends with all of them, %s', async (_, side, turns, tiles) => {
    const counts = await countsOf(side, turns);
    const done = counts.flatMap((count) => (count === undefined ? [] : [count.done]));
    expect(new Set(counts.flatMap((count) => (count === undefined ? [] : [count.of])))).toEqual(
      new Set([tiles]),
    );
    expect(done).toEqual([...done].sort((one, other) => one - other));
    expect(new Set(done).size).toBeGreaterThan(4);
    expect(done.at(-1)).toBe(tiles);
  });

  it('is that of one tile where the SHADE is short and the canvas small', async () => {
    expect((await countsOf(128, 1)).at(-1)).toEqual({ done: 1, of: 1 });
  });
});

describe('what a renderer has in hand', () => {
  it('is nothing before and after, and runs, is painted and is published in between', async () => {
    const { daemon, waiting, painting, broken, clock, ring, outbox } = fakeWorld();
    const since = new Date(clock.now()).toISOString();
    const seen: unknown[] = [daemon.inHand()];
    painting.onPaint = (progress) => {
      seen.push(daemon.inHand());
      let done = 2;
      progress?.countBy(() => ({ done: done++, of: 5 }));
      seen.push(daemon.inHand(), daemon.inHand());
    };
    broken.get = (effect) => {
      if (effect === 'pixels a') seen.push(daemon.inHand());
      if (effect === 'take a.json') seen.push(daemon.inHand());
      return undefined;
    };
    waiting.set('a.json', program({ id: 'a' }));
    await ring();
    seen.push(daemon.inHand());
    expect(outbox.get('a')?.status).toBe('ok');
    const held = { id: 'a', since };
    expect(seen).toEqual([
      [],
      [],
      [{ ...held, phase: 'painting' }],
      [{ ...held, phase: 'painting', done: 2, of: 5 }],
      [{ ...held, phase: 'painting', done: 3, of: 5 }],
      [{ ...held, phase: 'publishing' }],
      [],
    ]);
  });

  it('names a command in the slot by its id, and by none where it has none', async () => {
    const { daemon, slot, painting, clock, ring } = fakeWorld();
    const seen: unknown[] = [];
    painting.onPaint = () => void seen.push(...daemon.inHand().map(({ id, phase }) => [id, phase]));
    slot.command = program({ id: 's' });
    await ring();
    slot.command = program();
    await ring();
    await clock.pass(10);
    await ring();
    expect(seen).toEqual([
      ['s', 'painting'],
      [null, 'painting'],
    ]);
    expect(daemon.inHand()).toEqual([]);
  });

  it('has one entry for each of those that are painted together', async () => {
    const { daemon, waiting, painting, ring } = fakeWorld();
    painting.standing = { backend: 'gpu', adapter: 'fake', reason: 'a test', health: 'ok' };
    let most: (string | null)[] = [];
    painting.onPaint = () => {
      const ids = daemon.inHand().map(({ id }) => id);
      if (ids.length > most.length) most = ids;
      return new Promise((resolve) => setImmediate(resolve));
    };
    for (const id of ['a', 'b', 'c']) waiting.set(`${id}.json`, program({ id }));
    await ring();
    expect(most).toEqual(['a', 'b', 'c']);
    expect(daemon.inHand()).toEqual([]);
  });

  it('is nothing any more once it is abandoned', async () => {
    const { daemon, waiting, painting, ring } = fakeWorld();
    let goOn = (): void => {};
    painting.onPaint = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    waiting.set('a.json', program({ id: 'a' }));
    await ring();
    expect(daemon.inHand()).toHaveLength(1);
    daemon.abandon();
    expect(daemon.inHand()).toEqual([]);
    goOn();
    await ring();
  });
});
