/** The kernel, held to the definition: the same bytes, whatever is blended with what, and wherever a tile ends. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import { SHAPE_WORDS, WORD_COLOR } from '../../../renderer/display/encoding.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { type Bins, bin } from '../../../renderer/raster/bin.ts';
import { glyph, hue, inMode, rect, rgba, square } from '../../../renderer/raster/conformance/case.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { randomList } from '../../../renderer/raster/conformance/random-list.ts';
import { paintByKernel, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { fine } from '../../../renderer/raster/fine.ts';
import { KERNEL_ENTRIES, KERNEL_SIDE } from '../../../renderer/raster/kernel/places.ts';
import { fitsKernel, openStage, ROOMS } from '../../../renderer/raster/stage.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { seededBetween } from '../../../shared/seeded.ts';

const SEED = 7_2027;

/** Each tile by `fine`, in tiles of another size than the kernel's. */
function paintPlainly(list: EncodedList): Uint8Array {
  const out = new Uint32Array(list.canvas.width * list.canvas.height);
  const bins = bin(list, 128);
  for (let tile = 0; tile < bins.tilesX * bins.tilesY; tile++) fine(list, bins, tile, out);
  return new Uint8Array(out.buffer);
}

function complaint(list: EncodedList, tileSize?: number): string | undefined {
  return comparePictures(paintPlainly(list), paintByKernel(list, tileSize) as Uint8Array, list.canvas);
}

describe('the kernel', () => {
  it('is there, for tiles of up to 64 pixels', () => {
    expect(openStage()).toBeDefined();
    expect([KERNEL_SIDE, KERNEL_SIDE + 1].map(fitsKernel)).toEqual([true, false]);
    const list = encode([], square(3));
    expect(paintByKernel(list, 64)).toEqual(paintPlainly(list));
    expect(paintByKernel(list, 128)).toBeUndefined();
  });

  describe.each(BLENDS)('in the mode $name', ({ name }) => {
    it.each([0, 1, 127, 128, 254, 255])('blends every channel with every other at alpha %i', (alpha) => {
      const canvas = square(256);
      // Three channels, each of which meets all values of the other side in an order of its own.
      const columns = Array.from({ length: 256 }, (_, d) =>
        rect(d, 0, d + 1, 256, rgba(d, 255 - d, (d * 167 + 13) & 255)),
      );
      const rows = Array.from({ length: 256 }, (_, s) =>
        inMode(name, rect(0, s, 256, s + 1, rgba(s, (s * 91) & 255, 255 - s, alpha))),
      );
      const list = encode([...columns, ...rows], canvas);
      expect(complaint(list)).toBeUndefined();
      // The control: another source is another picture, where it is to be seen at all.
      const other = { ...list, shapes: list.shapes.slice() };
      other.shapes[(256 + 128) * SHAPE_WORDS + WORD_COLOR]! ^= 0x404;
      const found = paintByKernel(other) as Uint8Array;
      const differs = comparePictures(paintPlainly(list), found, canvas) !== undefined;
      expect(differs).toBe(comparePictures(paintPlainly(list), paintPlainly(other), canvas) !== undefined);
      if (alpha >= 127) expect(differs).toBe(true);
    });
  });

  it('paints random lists as the definition does, in tiles of every size', () => {
    const wrong: string[] = [];
    for (let n = 0; n < 2_000; n++) {
      const found = complaint(randomList(SEED + n), [8, 16, 32, 64][n % 4]);
      if (found !== undefined) wrong.push(`list ${SEED + n}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  it('paints canvases of every width around those of tiles and of four pixels', () => {
    for (const width of [1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 66, 67, 68, 127, 128, 129, 131]) {
      const canvas = { width, height: 70 };
      const shapes = crowd(canvas, SEED + width, 40);
      expect([width, complaint(encode(shapes, canvas))]).toEqual([width, undefined]);
    }
  });

  it('writes nothing beside a tile: neighbours may be painted in any order, and at once', () => {
    const canvas = { width: 131, height: 67 };
    const list = encode(crowd(canvas, SEED, 60), canvas);
    for (const tileSize of [8, 64]) {
      const bins = bin(list, tileSize);
      const scene = openStage()!.lay(list, bins);
      const stage = openStage()!;
      const again = stage.lay(list, bins);
      for (let tile = 0; tile < bins.tilesX * bins.tilesY; tile++) {
        again.pixels.fill(0xdeadbeef);
        stage.paint(tile, bins.offsets[tile]!, bins.offsets[tile + 1]!, false, tile % ROOMS);
        expect(writtenOutside(again.pixels, bins, tile, canvas)).toBe(0);
      }
      expect(scene.pixels.every((word) => word === 0)).toBe(true);
    }
  });

  it('goes on where a stretch of a tile ends, wherever that is', () => {
    const canvas = { width: 70, height: 66 };
    const list = encode(crowd(canvas, SEED + 5, 30), canvas);
    const expected = paintPlainly(list);
    const bins = bin(list, 64);
    const stage = openStage()!;
    const { pixels } = stage.lay(list, bins);
    for (const share of [0, 0.3, 0.5, 1]) {
      pixels.fill(0xdeadbeef);
      for (let tile = 0; tile < bins.tilesX * bins.tilesY; tile++) {
        const [from, to] = [bins.offsets[tile]!, bins.offsets[tile + 1]!];
        const middle = Math.min(to, Math.max(from + 1, Math.round(from + (to - from) * share)));
        stage.paint(tile, from, middle, false);
        if (middle < to) stage.paint(tile, middle, to, true);
      }
      const found = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      expect(comparePictures(expected, found, canvas)).toBeUndefined();
    }
  });

  it('paints as many shapes in a tile as there are, around what it takes at once', () => {
    for (const count of [KERNEL_ENTRIES - 1, KERNEL_ENTRIES, KERNEL_ENTRIES + 1, 3 * KERNEL_ENTRIES, 2_000]) {
      const canvas = square(64);
      expect([count, complaint(encode(crowd(canvas, SEED + count, count), canvas))]).toEqual([
        count,
        undefined,
      ]);
    }
  });

  it('has room for the shapes that need most of it', () => {
    const canvas = square(64);
    // Every row differs, and every shape is seen in every row.
    const veils = Array.from({ length: KERNEL_ENTRIES }, (_, n) => rect(0, 0, 64, 64, hue(n, 3)));
    const dots = Array.from({ length: 64 }, (_, y) => rect(y, y, y + 1, y + 1, hue(y, 200)));
    expect(complaint(encode([...dots, ...veils, ...dots], canvas))).toBeUndefined();
  });

  it('is left alone where it is not to be had, or its memory is not: the bytes are the same', async () => {
    const canvas = { width: 300, height: 300 };
    const list = encode(crowd(canvas, SEED, 50), canvas);
    const expected = paintPlainly(list);
    expect(paintOnCpu(list)).toEqual(expected);
    const refused = class {
      constructor() {
        throw new RangeError('no memory');
      }
    };
    const full = class extends (WebAssembly.Memory as new (limits: object) => object) {
      grow(): never {
        throw new RangeError('no more memory');
      }
    };
    const { validate, Module, Instance, Memory } = WebAssembly;
    const without = [
      undefined,
      { validate: () => false, Module, Instance, Memory },
      { validate, Module, Instance, Memory: refused },
    ];
    for (const stub of without) {
      vi.resetModules();
      vi.stubGlobal('WebAssembly', stub);
      const { openStage } = await import('../../../renderer/raster/stage.ts');
      expect(openStage()).toBeUndefined();
    }
    vi.resetModules();
    vi.stubGlobal('WebAssembly', { validate, Module, Instance, Memory: full });
    const painter = await import('../../../renderer/raster/cpu-painter.ts');
    expect(painter.paintByKernel(list)).toBeUndefined();
    expect(painter.paintOnCpu(list)).toEqual(expected);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
});

declare const WebAssembly: Record<'validate' | 'Module' | 'Instance' | 'Memory', unknown>;

/** Shapes of each kind and mode, opaque and not, by chance. */
function crowd({ width, height }: Canvas, seed: number, count: number): Shape[] {
  const random = seededBetween(seed);
  return Array.from({ length: count }, (_, n): Shape => {
    const color = hue(random(0, 1_000), random(0, 2) === 0 ? 255 : random(0, 256));
    const [x, y] = [random(0, width), random(0, height)];
    const [right, below] = [random(x, width) + 1, random(y, height) + 1];
    const runs = Array.from({ length: below - y }, () => [random(x - 2, right), random(x, right + 3)]).flat();
    const bits = Array.from({ length: 9 }, () => random(0, 2 ** 31));
    const kinds: Shape[] = [
      rect(x, y, right, below, color),
      { kind: 'spans', x0: x, y0: y, x1: right, y1: below, runs, color },
      glyph(x - 5, y - 4, { width: 31, height: 9, rows: bits }, color),
    ];
    const shape = kinds[n % 3]!;
    return random(0, 3) === 0 ? inMode(BLENDS[random(0, BLENDS.length)]!.name, shape) : shape;
  });
}

/** Pixels that are no longer as they were, of those that are not the tile's. */
function writtenOutside(pixels: Uint32Array, bins: Bins, tile: number, { width }: Canvas): number {
  const { tileSize, tilesX } = bins;
  const [left, top] = [(tile % tilesX) * tileSize, Math.floor(tile / tilesX) * tileSize];
  let written = 0;
  for (const [index, word] of pixels.entries()) {
    const [x, y] = [index % width, Math.floor(index / width)];
    const isInside = x >= left && x < left + tileSize && y >= top && y < top + tileSize;
    if (isInside === (word === 0xdeadbeef)) written++;
  }
  return written;
}
