import { describe, expect, it } from 'vitest';
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

  it('lists a glyph that hangs over an edge where it is to be seen', () => {
    const bitmap = { width: 5, height: 7, rows: Array(7).fill(0b11111) };
    const at = (x: number, y: number) => binned([{ kind: 'glyph', x, y, bitmap, color: OPAQUE }]);
    expect(at(-4, -6)).toEqual([[0], [], [], [], [], []]);
    expect(at(39, 19)).toEqual([[], [], [], [], [], [0]]);
    expect(at(11, 9)).toEqual([[0], [], [], [], [], []]);
    expect(at(12, 10)).toEqual([[0], [0], [], [0], [0], []]);
  });
});

describe('encoding', () => {
  it('writes eight words a shape, negative coordinates in two’s complement', () => {
    const bitmap = { width: 5, height: 2, rows: [0b10101, 0b01010] };
    const { shapes, bitmaps, shapeCount } = encode(
      [rect(1, 2, 3, 4, 0x80706050), { kind: 'glyph', x: -4, y: -1, bitmap, color: OPAQUE }],
      CANVAS,
    );
    expect(shapeCount).toBe(2);
    expect([...shapes]).toEqual([
      1,
      0x80706050,
      1,
      2,
      3,
      4,
      0,
      0,
      2,
      OPAQUE,
      2 ** 32 - 4,
      2 ** 32 - 1,
      1,
      1,
      0,
      0,
    ]);
    expect([...bitmaps]).toEqual([0b10101, 0b01010]);
  });

  it('writes each bitmap once', () => {
    const one = { width: 1, height: 1, rows: [1] };
    const two = { width: 2, height: 2, rows: [2, 1] };
    const glyph = (bitmap: typeof one): Shape => ({ kind: 'glyph', x: 0, y: 0, bitmap, color: OPAQUE });
    const { shapes, bitmaps } = encode([glyph(two), glyph(one), glyph(two)], CANVAS);
    expect([...bitmaps]).toEqual([2, 1, 1]);
    expect([shapes[6], shapes[14], shapes[22]]).toEqual([0, 2, 0]);
  });
});
