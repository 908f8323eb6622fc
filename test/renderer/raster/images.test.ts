/** Images on the CPU: the oracle's bytes at every size of tiles, where the maps lead, and where they lead nowhere. */
import { describe, expect, it } from 'vitest';
import { ListBuilder } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import type { ImageShape, Shape } from '../../../renderer/display/list.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { paintByTheRules } from './oracle-painter.ts';

const [RED, GREEN, BLUE, HOLE] = [0xff0000ff, 0xff00ff00, 0xffff0000, 0x00123456];
const BLACK = 0xff000000;

const image = (over: Partial<ImageShape>): ImageShape => ({
  kind: 'image',
  ...{ x0: 0, y0: 0, x1: 2, y1: 2 },
  pixels: [RED, GREEN, BLUE, HOLE],
  columns: [0, 1],
  rows: [0, 2],
  ...over,
});

function painted(shapes: readonly Shape[], width: number, height: number): number[] {
  const bytes = paintOnCpu(encode(shapes, { width, height }));
  return [...new Uint32Array(bytes.buffer)];
}

describe('an image', () => {
  it('shows its pixels where its maps lead, and what is behind through its holes', () => {
    expect(painted([image({})], 2, 2)).toEqual([RED, GREEN, BLUE, BLACK]);
    expect(painted([image({ columns: [1, 0] })], 2, 2)).toEqual([GREEN, RED, BLACK, BLUE]);
    expect(painted([image({ rows: [2, 0] })], 2, 2)).toEqual([BLUE, BLACK, RED, GREEN]);
    // A quarter turn clockwise: columns go down the rows of the sprite.
    expect(painted([image({ columns: [2, 0], rows: [0, 1] })], 2, 2)).toEqual([BLUE, RED, BLACK, GREEN]);
    const twice = image({ x0: 1, x1: 5, y1: 1, columns: [0, 0, 1, 1], rows: [0] });
    expect(painted([twice], 6, 1)).toEqual([BLACK, RED, RED, GREEN, GREEN, BLACK]);
  });

  it('is blended by its mode, each pixel with its own alpha', () => {
    const ground: Shape = { kind: 'rect', x0: 0, y0: 0, x1: 4, y1: 1, color: 0xff404040 };
    const pixels = [0x00ffffff, 0x80ffffff, 0xfeffffff, 0xffffffff];
    const veils = image({ x1: 4, y1: 1, pixels, columns: [0, 1, 2, 3], rows: [0] });
    expect(painted([ground, veils], 4, 1)).toEqual([0xff404040, 0xffa0a0a0, 0xfffefefe, 0xffffffff]);
    expect(painted([ground, { ...veils, blend: 'xor' }], 4, 1)).toEqual([
      0xff404040, 0xff808080, 0xffbfbfbf, 0xffbfbfbf,
    ]);
  });

  it.each([1, 8, 16, 128])('is what the rules say in tiles of %i', (tileSize) => {
    const canvas = { width: 37, height: 29 };
    const pixels = Uint32Array.from({ length: 35 }, (_, index) => Math.imul(index + 1, 0x9e3779b1));
    const builder = new ListBuilder();
    builder.rect(3, 3, 30, 20, 0xff334455);
    const base = builder.keep(pixels);
    for (let index = 0; index < 60; index++) {
      const [x0, y0] = [(index * 5) % 31, (index * 3) % 23];
      const [x1, y1] = [Math.min(37, x0 + 1 + (index % 11)), Math.min(29, y0 + 1 + (index % 7))];
      const columns = Array.from({ length: x1 - x0 }, (_, x) => (x + index) % 7);
      const rows = Array.from({ length: y1 - y0 }, (_, y) => 7 * ((y + index) % 5));
      builder.image(x0, y0, x1, y1, base, columns, rows, (index % 5) as 0 | 1 | 2 | 3 | 4);
      if (index % 9 === 8) builder.rect(x0, y0, x1, y1, 0x80ffffff);
    }
    const list = builder.finish(canvas);
    expect(comparePictures(paintByTheRules(list), paintOnCpu(list, tileSize), canvas)).toBeUndefined();
  });

  it.each([1, 2, 3, 4, 5, 63, 64, 65])(
    '%i columns wide is what the rules say, whole, turned and mirrored',
    (width) => {
      const canvas = { width: width + 2, height: 9 };
      const pixels = Uint32Array.from({ length: 7 * width }, (_, index) => Math.imul(index + 1, 0x9e3779b1));
      const across = Array.from({ length: width }, (_, x) => x);
      const down = Array.from({ length: 7 }, (_, y) => y);
      const maps = [
        [across, down.map((y) => y * width)],
        [across.map((x) => x * 7), down],
        [across.map((x) => width - 1 - x), down.map((y) => y * width)],
        [across.map((x) => x >> 1), down.map((y) => (y >> 1) * width)],
      ] as const;
      for (const [columns, rows] of maps) {
        for (const more of [0, 1]) {
          // The last pixel is the pool's last word, and then one beyond it.
          const builder = new ListBuilder();
          builder.image(1, 1, width + 1, 8, width + 8 + more, columns, rows, 3);
          const { pool, ...list } = builder.finish(canvas);
          const whole = { ...list, pool: Uint32Array.of(...pool, ...pixels) };
          expect(comparePictures(paintByTheRules(whole), paintOnCpu(whole), canvas)).toBeUndefined();
        }
      }
    },
  );

  it('reads 0 beyond the end of the pool, and adds without a bound but 2³²', () => {
    const canvas = { width: 3, height: 1 };
    const at = (base: number, columns: number[], row: number) => {
      const builder = new ListBuilder();
      builder.keep([RED, GREEN, BLUE]);
      builder.image(0, 0, 3, 1, base, columns, [row]);
      const list = builder.finish(canvas);
      const bytes = paintOnCpu(list);
      expect(comparePictures(paintByTheRules(list), bytes, canvas)).toBeUndefined();
      return [...new Uint32Array(bytes.buffer)];
    };
    expect(at(0, [0, 1, 2], 0)).toEqual([RED, GREEN, BLUE]);
    expect(at(2 ** 32 - 1, [1, 2, 3], 0)).toEqual([RED, GREEN, BLUE]);
    expect(at(2 ** 32 - 1, [2 ** 32 - 1, 2 ** 31, 1], 2)).toEqual([RED, BLACK, BLUE]);
    // Words 3 to 7 are the base, the maps and nothing: as colours they show nothing here.
    expect(at(3, [5, 6, 2 ** 31], 1)).toEqual([BLACK, BLACK, BLACK]);
  });

  it('whose maps lie beyond the pool shows the pixel that its sum without them leads to', () => {
    const list = encode([image({ x1: 1, y1: 1, columns: [1], rows: [2] })], { width: 2, height: 1 });
    const cut = { ...list, pool: list.pool.subarray(0, 5) };
    for (const [some, first] of [
      [list, BLACK],
      [cut, RED],
    ] as const) {
      const bytes = paintOnCpu(some);
      expect([...new Uint32Array(bytes.buffer)]).toEqual([first, BLACK]);
      expect(comparePictures(paintByTheRules(some), bytes, some.canvas)).toBeUndefined();
    }
  });
});
