import { describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import { encode } from '../../../renderer/display/encode.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import { TILE_SIZE } from '../../../renderer/raster/layout.ts';
import type { Canvas } from '../../../shared/canvas.ts';

const CANVAS: Canvas = { width: 40, height: 20 };
const OPAQUE = 0xff0000ff;
const CLEAR = 0x800000ff;

const rect = (x0: number, y0: number, x1: number, y1: number, color = OPAQUE): Shape => ({
  kind: 'rect',
  x0,
  y0,
  x1,
  y1,
  color,
});

/** Shape indices by tile, row by row, with tiles of 16 pixels: three by two on this canvas. */
function binned(shapes: readonly Shape[], canvas = CANVAS): number[][] {
  const bins = bin(encode(shapes, canvas), 16);
  return Array.from({ length: bins.tilesX * bins.tilesY }, (_, tile) => [
    ...bins.entries.subarray(bins.offsets[tile]!, bins.offsets[tile + 1]!),
  ]);
}

describe('binning', () => {
  it('covers the canvas with tiles, the last ones hanging over', () => {
    expect(bin(encode([], CANVAS), 16)).toMatchObject({ tilesX: 3, tilesY: 2, tileSize: 16 });
    expect(bin(encode([], { width: 48, height: 32 }), 16)).toMatchObject({ tilesX: 3, tilesY: 2 });
    expect(bin(encode([], { width: 49, height: 33 }), 16)).toMatchObject({ tilesX: 4, tilesY: 3 });
    expect(bin(encode([], CANVAS))).toMatchObject({ tileSize: TILE_SIZE, tilesX: 1, tilesY: 1 });
  });

  it('lists a shape in each tile that it touches, up to its last pixel', () => {
    expect(binned([rect(0, 0, 16, 16, CLEAR)])).toEqual([[0], [], [], [], [], []]);
    expect(binned([rect(0, 0, 17, 16, CLEAR)])).toEqual([[0], [0], [], [], [], []]);
    expect(binned([rect(15, 15, 17, 17, CLEAR)])).toEqual([[0], [0], [], [0], [0], []]);
    expect(binned([rect(39, 19, 40, 20, CLEAR)])).toEqual([[], [], [], [], [], [0]]);
  });

  it('keeps the order of painting within a tile', () => {
    const shapes = [rect(0, 0, 5, 5), rect(20, 0, 25, 5), rect(1, 1, 30, 6), rect(2, 2, 3, 3)];
    expect(binned(shapes)).toEqual([[0, 2, 3], [1, 2], [], [], [], []]);
  });

  it('forgets what lies behind an opaque rectangle that covers the tile, the cut-off tiles too', () => {
    const all = rect(0, 0, 40, 20);
    expect(binned([rect(0, 0, 5, 5), all, rect(1, 1, 2, 2)])).toEqual([[1, 2], [1], [1], [1], [1], [1]]);
    expect(binned([rect(0, 0, 40, 20, CLEAR), rect(32, 16, 40, 20)])).toEqual([[0], [0], [0], [0], [0], [1]]);
  });

  it('forgets nothing behind what is clear, one pixel short, or a glyph', () => {
    const behind = rect(0, 0, 5, 5);
    const solid = { width: 16, height: 16, rows: Array(16).fill(0xffff) };
    for (const shape of [
      rect(0, 0, 16, 16, 0xfe0000ff),
      rect(1, 0, 16, 16),
      rect(0, 1, 16, 16),
      rect(0, 0, 15, 16),
      rect(0, 0, 16, 15),
      { kind: 'glyph', x: 0, y: 0, bitmap: solid, color: OPAQUE } as const,
    ]) {
      expect(binned([behind, shape])[0]).toEqual([0, 1]);
    }
    expect(binned([behind, rect(0, 0, 16, 16)])[0]).toEqual([1]);
  });

  it('forgets nothing behind an opaque rectangle of another mode than over', () => {
    const behind = rect(0, 0, 5, 5);
    for (const { name } of BLENDS) {
      const found = binned([behind, { ...rect(0, 0, 16, 16), blend: name }])[0];
      expect(found, name).toEqual(name === 'over' ? [1] : [0, 1]);
    }
  });

  it('lists spans where their runs are, from the leftmost to the rightmost of a row of tiles', () => {
    const at = (runs: readonly (readonly [number, number])[], [x0, x1] = [0, 40]) =>
      binned([{ kind: 'spans', x0, y0: 14, x1, y1: 14 + runs.length, runs: runs.flat(), color: OPAQUE }]);
    expect(at([[0, 1]])).toEqual([[0], [], [], [], [], []]);
    expect(at([[15, 16]])).toEqual([[0], [], [], [], [], []]);
    expect(at([[15, 17]])).toEqual([[0], [0], [], [], [], []]);
    expect(at([[16, 17]])).toEqual([[], [0], [], [], [], []]);
    // Two rows of each row of tiles; what lies between the runs of one row of tiles is listed too.
    expect(
      at([
        [0, 1],
        [39, 40],
        [16, 17],
        [0, 0],
      ]),
    ).toEqual([[0], [0], [0], [], [0], []]);
    expect(
      at([
        [5, 5],
        [9, 3],
        [31, 32],
        [32, 33],
      ]),
    ).toEqual([[], [], [], [], [0], [0]]);
    // A box or a canvas that cuts the runs.
    expect(at([[-9, 50]], [20, 30])).toEqual([[], [0], [], [], [], []]);
    expect(
      at([
        [-9, 50],
        [40, 50],
        [-9, 0],
      ]),
    ).toEqual([[0], [0], [0], [], [], []]);
  });

  it('forgets what lies behind opaque spans that cover the tile, and nothing where a row is a pixel short', () => {
    const behind = rect(0, 0, 5, 5);
    const over = (
      runs: readonly (readonly [number, number])[],
      color = OPAQUE,
      [x0, x1] = [0, 40],
    ): Shape => {
      return { kind: 'spans', x0, y0: 0, x1, y1: runs.length, runs: runs.flat(), color };
    };
    const rows = (count: number, start = 0, end = 16) =>
      Array(count).fill([start, end]) as [number, number][];
    expect(binned([behind, over(rows(16))])[0]).toEqual([1]);
    expect(binned([behind, over(rows(20, -3, 50))])).toEqual([[1], [1], [1], [1], [1], [1]]);
    expect(binned([behind, over(rows(16), CLEAR)])[0]).toEqual([0, 1]);
    expect(binned([behind, { ...over(rows(16)), blend: 'add' }])[0]).toEqual([0, 1]);
    expect(binned([behind, over(rows(15))])[0]).toEqual([0, 1]);
    expect(binned([behind, over(rows(16), OPAQUE, [0, 15])])[0]).toEqual([0, 1]);
    expect(binned([behind, over(rows(16), OPAQUE, [1, 40])])[0]).toEqual([0, 1]);
    for (const short of [
      [0, 15],
      [1, 16],
      [5, 5],
      [16, 0],
    ] as const) {
      const runs = rows(16).with(7, [...short]);
      expect(binned([behind, over(runs)])[0]).toEqual([0, 1]);
      // Rows of the tiles below and above are theirs.
      expect(binned([behind, over(rows(20).with(18, [...short]))])[0]).toEqual([1]);
    }
    // Cut-off tiles are covered by what reaches the canvas's edge.
    const cut = over(rows(20, 32, 40));
    expect(binned([rect(0, 0, 40, 20, CLEAR), cut])).toEqual([[0], [0], [1], [0], [0], [1]]);
  });

  it('lists an image in the tiles of its box, whatever it shows, and forgets nothing behind it', () => {
    const image = (x0: number, y0: number, x1: number, y1: number, pixel: number): Shape => {
      const [columns, rows] = [Array(x1 - x0).fill(0), Array(y1 - y0).fill(0)];
      return { kind: 'image', x0, y0, x1, y1, pixels: [pixel], columns, rows };
    };
    for (const pixel of [0, OPAQUE]) {
      expect(binned([image(15, 15, 17, 17, pixel)])).toEqual([[0], [0], [], [0], [0], []]);
      expect(binned([image(39, 19, 40, 20, pixel)])).toEqual([[], [], [], [], [], [0]]);
      expect(binned([rect(0, 0, 5, 5), image(0, 0, 16, 16, pixel)])[0]).toEqual([0, 1]);
    }
    expect(binned([image(0, 0, 40, 20, OPAQUE), rect(0, 0, 16, 16)])).toEqual([[1], [0], [0], [0], [0], [0]]);
  });

  it('lists a glyph that hangs over an edge where it is to be seen', () => {
    const bitmap = { width: 5, height: 7, rows: Array(7).fill(0b11111) };
    const at = (x: number, y: number) => binned([{ kind: 'glyph', x, y, bitmap, color: OPAQUE }]);
    expect(at(-4, -6)).toEqual([[0], [], [], [], [], []]);
    expect(at(39, 19)).toEqual([[], [], [], [], [], [0]]);
    expect(at(11, 9)).toEqual([[0], [], [], [], [], []]);
    expect(at(12, 10)).toEqual([[0], [0], [], [0], [0], []]);
  });
});
