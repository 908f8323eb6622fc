/** Shades on the CPU: the oracle's bytes at every size of tiles, what words lead nowhere, and turns for other work. */
import { describe, expect, it } from 'vitest';
import { ListBuilder } from '../../../renderer/display/builder.ts';
import { SHADE_NUMBER, WORD_BLEND, WORD_POOL } from '../../../renderer/display/encoding.ts';
import { paintInTurns } from '../../../renderer/host/paint-in-turns.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { paintInSlices, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Shade, Step } from '../../../renderer/shade/shade.ts';
import { call, number, operation, place, set, shadeOf, uniform, variable } from '../shade/made.ts';
import { paintByTheRules } from './oracle-painter.ts';

const xor = (one: Parameters<typeof operation>[1], other: Parameters<typeof operation>[2]) =>
  operation('^', one, other);

/** Of what was there, of the place and of what is given; alpha goes from 0 to beyond 255. */
const MIXED = shadeOf([
  set(4, xor(operation('*', place('x'), number(13)), operation('*', place('y'), uniform(0)))),
  set(0, operation('+', variable(0), operation('&', variable(4), number(127)))),
  set(1, operation('-', variable(4), variable(1))),
  set(2, operation('+', place('w'), place('h'))),
  set(3, operation('%', operation('*', variable(4), number(7)), number(300))),
]);
const PLAIN = shadeOf([set(0, place('x')), set(1, place('y')), set(2, uniform(3))]);

const rectangle = (left: number, top: number, width: number, height: number) => ({
  left,
  top,
  width,
  height,
});
const whole = (width: number, height: number) => ({ x0: 0, y0: 0, x1: width, y1: height });

/** A shade whose body runs so many turns, each of four operations. */
function dear(turns: number): Shade {
  const body: Step[] = [
    set(4, call('qmul', variable(4), number(70_001))),
    set(4, operation('+', variable(4), place('x'))),
  ];
  const steps: Step[] = [{ kind: 'loop', turns, steps: body }, set(0, variable(4))];
  return { ...shadeOf(steps, 8 * turns), key: `dear ${turns}` };
}

describe('shades', () => {
  it.each([1, 8, 16, 64, 128])(
    'are what the rules say in tiles of %i, over and under other shapes',
    (tileSize) => {
      const canvas = { width: 67, height: 45 };
      const builder = new ListBuilder();
      builder.rect(0, 0, 67, 45, 0xff334455);
      for (let index = 0; index < 40; index++) {
        const [x0, y0] = [(index * 11) % 60, (index * 7) % 40];
        const box = { x0, y0, x1: Math.min(67, x0 + 1 + index * 2), y1: Math.min(45, y0 + 1 + (index % 17)) };
        const shape = { ...box, ...rectangle(x0 - (index % 3), y0 - (index % 5), 90, 50 + index) };
        const [shade, isOpaque] = [index % 4 === 3 ? PLAIN : MIXED, index % 3 === 2];
        builder.shade(
          { ...shape, shade, uniforms: [index, 0, 0, -index], isOpaque },
          (index % 5) as 0 | 1 | 2 | 3 | 4,
        );
        if (index % 6 === 5) builder.rect(x0, y0, box.x1, box.y1, 0x80ffffff);
        if (index % 7 === 6) builder.spans(x0, y0, box.x1, y0 + 1, [x0, box.x1], 0xff00ff00);
        // Hides all that is behind it, shades too.
        if (index === 20) builder.rect(8, 8, 40, 40, 0xff102030);
      }
      const list = builder.finish(canvas);
      expect(list.shades).toHaveLength(2);
      expect(comparePictures(paintByTheRules(list), paintOnCpu(list, tileSize), canvas)).toBeUndefined();
    },
  );

  it('read what all shapes before them have left, and are covered by those after them', () => {
    const canvas = { width: 3, height: 1 };
    const add = shadeOf([set(0, operation('+', variable(0), number(5)))]);
    const shape = {
      ...whole(3, 1),
      ...rectangle(0, 0, 3, 1),
      shade: add,
      uniforms: [0, 0, 0, 0],
      isOpaque: false,
    };
    const builder = new ListBuilder();
    builder.shade(shape);
    builder.rect(0, 0, 2, 1, 0xff000030);
    builder.shade(shape);
    builder.shade(shape);
    builder.rect(1, 0, 2, 1, 0xff0000ff);
    const bytes = paintOnCpu(builder.finish(canvas));
    expect([...new Uint32Array(bytes.buffer)]).toEqual([0xff00003a, 0xff0000ff, 0xff00000f]);
  });

  it('of a number or a mode that is not there show nothing', () => {
    const canvas = { width: 2, height: 1 };
    const painted = (change: (shapes: Uint32Array, pool: Uint32Array) => void): number[] => {
      const builder = new ListBuilder();
      const shape = { ...whole(2, 1), ...rectangle(0, 0, 2, 1), shade: PLAIN, uniforms: [0, 0, 0, 9] };
      builder.shade({ ...shape, isOpaque: false });
      const list = builder.finish(canvas);
      change(list.shapes, list.pool);
      const bytes = paintOnCpu(list);
      expect(comparePictures(paintByTheRules(list), bytes, canvas)).toBeUndefined();
      return [...new Uint32Array(bytes.buffer)];
    };
    expect(painted(() => {})).toEqual([0xff090000, 0xff090001]);
    const nothing = [0xff000000, 0xff000000];
    expect(painted((shapes, pool) => pool.fill(1, shapes[WORD_POOL]! + SHADE_NUMBER, 1))).toEqual(nothing);
    expect(painted((shapes) => shapes.fill(9, WORD_BLEND, WORD_BLEND + 1))).toEqual(nothing);
    // Words beyond the pool are 0: the first shade, a rectangle without a size, given nothing.
    expect(painted((shapes) => shapes.fill(99, WORD_POOL, WORD_POOL + 1))).toEqual([0xff000000, 0xff000001]);
  });
});

describe('painting in slices', () => {
  const listOf = (shade: Shade, side: number) => {
    const builder = new ListBuilder();
    const shape = { ...whole(side, side), ...rectangle(0, 0, side, side), shade, uniforms: [0, 0, 0, 0] };
    builder.shade({ ...shape, isOpaque: false });
    return builder.finish({ width: side, height: side });
  };
  const slicesOf = (shade: Shade, side: number): number => {
    let slices = 0;
    for (const slices_ = paintInSlices(listOf(shade, side)); !slices_.next().done; ) slices++;
    return slices;
  };

  it('pauses after work, within a tile and within a row, and after each pixel where that is much', () => {
    // A tile alone, and one with a cheap shade, is one pause; or two where the shade ends with it.
    expect(slicesOf(shadeOf([]), 128)).toBeLessThanOrEqual(3);
    const pixels = 64 * 64;
    for (const turns of [8, 256, 4_096]) {
      const operations = pixels * (8 * turns);
      expect([turns, slicesOf(dear(turns), 64) >= operations / 2 ** 18]).toEqual([turns, true]);
    }
    expect(slicesOf(dear(65_536), 8)).toBe(64 + 1);
  });

  it('gives the same bytes, and the process its turns meanwhile', async () => {
    const list = listOf(dear(4_096), 80);
    let turns = 0;
    let ended = false;
    const count = (): void => {
      turns++;
      if (!ended) setImmediate(count);
    };
    setImmediate(count);
    const { pixels } = await paintInTurns(list);
    ended = true;
    expect(Buffer.compare(pixels, paintOnCpu(list))).toBe(0);
    // One tile of a fifth of a second or more, on any machine.
    expect(turns).toBeGreaterThan(2);
  });
});
