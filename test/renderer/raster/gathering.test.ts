/** Gathering without a device: who goes next, with whom, and who waits. */
import { describe, expect, it } from 'vitest';
import { encode } from '../../../renderer/display/encode.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { Gathering, type Waiting } from '../../../renderer/raster/gathering.ts';
import { GPU_BOUNDS } from '../../../renderer/raster/gpu-bounds.ts';
import * as layout from '../../../renderer/raster/layout.ts';
import type { PlanLimits } from '../../../renderer/raster/plan.ts';

interface Named extends Waiting {
  readonly name: string;
}

/** A canvas of one tile and one shape in it. */
const TILE_WORK = 2 * layout.GPU_TILE_SIZE ** 2;
const LIMITS: PlanLimits = {
  bindingBytes: 2 ** 27,
  bandBytes: 2 ** 26,
  workgroups: 65_535,
  paramStride: 256,
  dispatchWork: 3 * TILE_WORK,
  pictureWork: 2 ** 34,
};

const rect: Shape = { kind: 'rect', x0: 0, y0: 0, x1: 8, y1: 8, color: 0x80123456 };
const small = (name: string): Named => ({ name, list: encode([rect], { width: 8, height: 8 }) });
const other = (name: string): Named => ({
  name,
  list: encode([{ ...rect, blend: 'add' }], { width: 8, height: 8 }),
});
const large = (name: string): Named => ({
  name,
  list: encode([], { width: GPU_BOUNDS.batchedPixels + 1, height: 1 }),
});

function gathered(...waiters: Named[]) {
  const gathering = new Gathering<Named>();
  for (const waiter of waiters) gathering.add(waiter, LIMITS);
  return {
    gathering,
    /** The names of those that go next. */
    next(way = 0, reading = way): string | undefined {
      const next = gathering.next({ way, reading }, LIMITS);
      if (next === undefined) return undefined;
      if ('alone' in next) return `${next.alone.name} alone`;
      expect(next.pieces.map(({ list }) => list)).toEqual(next.waiters.map(({ list }) => list));
      return next.waiters.map(({ name }) => name).join('');
    },
  };
}

describe('what waits for a GPU', () => {
  it('goes together, in its order, as many as fit', () => {
    const { next } = gathered(...[...'abcdefg'].map(small));
    expect([next(), next(), next(), next()]).toEqual(['abc', 'def', 'g', undefined]);
  });

  it('waits for more while the device has something to do, unless no more would fit', () => {
    const { next, gathering } = gathered(...[...'abcdef'].map(small));
    // Three are full only when a fourth finds no room.
    expect([next(1), next(1)]).toEqual(['abc', undefined]);
    gathering.add(small('g'), LIMITS);
    expect([next(1), next(1), next(0)]).toEqual(['def', undefined, 'g']);
  });

  it('may go while pixels are read back, once the device is done', () => {
    const { next } = gathered(small('a'));
    expect([next(1, 1), next(0, 1)]).toEqual([undefined, 'a']);
  });

  it('goes with what asks the same of a shader, and the others keep their places', () => {
    const { next } = gathered(small('a'), other('B'), small('c'), other('D'), small('e'));
    expect([next(), next(), next()]).toEqual(['ace', 'BD', undefined]);
  });

  it('keeps its order within a kind once somebody found no room', () => {
    const { next } = gathered(...[...'abc'].map(small), small('d'), other('B'), small('e'));
    expect([next(), next(), next()]).toEqual(['abc', 'de', 'B']);
  });

  it('goes alone when it is large, and when nothing is under way', () => {
    const { next } = gathered(large('L'), small('a'));
    expect([next(1), next(0, 1), next(), next()]).toEqual([undefined, undefined, 'L alone', 'a']);
  });

  it('is not overtaken by more than what goes with the first', () => {
    const { next } = gathered(small('a'), large('L'), small('b'), other('C'));
    expect([next(), next(1), next(), next(), next()]).toEqual(['ab', undefined, 'L alone', 'C', undefined]);
  });

  it('is dismissed all at once', () => {
    const { gathering, next } = gathered(small('a'), large('L'));
    expect(gathering.dismiss().map(({ name }) => name)).toEqual(['a', 'L']);
    expect([gathering.dismiss(), next()]).toEqual([[], undefined]);
  });
});
