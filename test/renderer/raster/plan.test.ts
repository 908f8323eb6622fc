/** Plans without a device: what is cut where, and that together it is the whole picture. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import * as layout from '../../../renderer/raster/layout.ts';
import { type Plan, type PlanLimits, plan } from '../../../renderer/raster/plan.ts';
import { PlanTooLarge } from '../../../renderer/raster/plan-too-large.ts';

const LIMITS: PlanLimits = {
  bindingBytes: 2 ** 27,
  bandBytes: 2 ** 26,
  workgroups: 65_535,
  paramStride: 256,
  dispatchWork: 2 ** 25,
  pictureWork: 2 ** 36,
};

const veil = (x0: number, y0: number, x1: number, y1: number): Shape => ({
  kind: 'rect',
  x0,
  y0,
  x1,
  y1,
  color: 0x80123456,
});

const veils = (count: number, width: number, height: number): EncodedList =>
  encode(Array(count).fill(veil(0, 0, width, height)), { width, height });

/** One dispatch's parameters by their names. */
function paramsOf(made: Plan, paramsAt: number) {
  const word = (index: number) => made.params[paramsAt / 4 + index]!;
  return {
    width: word(layout.PARAM_WIDTH),
    top: word(layout.PARAM_BAND_TOP),
    bottom: word(layout.PARAM_BAND_BOTTOM),
    tileSize: word(layout.PARAM_TILE_SIZE),
    tilesX: word(layout.PARAM_TILES_X),
    firstTile: word(layout.PARAM_FIRST_TILE),
    skip: word(layout.PARAM_SKIP),
    take: word(layout.PARAM_TAKE),
    pool: word(layout.PARAM_POOL),
    offsets: word(layout.PARAM_OFFSETS),
    entries: word(layout.PARAM_ENTRIES),
  };
}

/** How often each entry of each tile is painted in each band: all must be 1. */
function timesPainted(made: Plan): Set<number> {
  const times = new Set<number>();
  for (const { top, rows, dispatches } of made.bands) {
    const counts = new Map<string, number>();
    const { tileSize, tilesX, offsets } = paramsOf(made, dispatches[0]!.paramsAt);
    const wanted: string[] = [];
    for (let tileY = Math.floor(top / tileSize); tileY * tileSize < top + rows; tileY++) {
      for (let tile = tileY * tilesX; tile < (tileY + 1) * tilesX; tile++) {
        const own = made.scene[offsets + tile + 1]! - made.scene[offsets + tile]!;
        // -1 stands for the ground.
        for (let entry = -1; entry < own; entry++) wanted.push(`${tile} ${entry}`);
      }
    }
    for (const { paramsAt, workgroups } of dispatches) {
      const { firstTile, skip, take } = paramsOf(made, paramsAt);
      for (let tile = firstTile; tile < firstTile + workgroups[2]; tile++) {
        const own = made.scene[offsets + tile + 1]! - made.scene[offsets + tile]!;
        const painted = skip === 0 ? [-1] : [];
        for (let entry = skip; entry < Math.min(own, skip + take); entry++) painted.push(entry);
        for (const entry of painted) {
          const key = `${tile} ${entry}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      }
    }
    for (const key of wanted) times.add(counts.get(key) ?? 0);
    expect(counts.size).toBe(wanted.length);
  }
  return times;
}

describe('a plan', () => {
  it('holds shapes, pool, offsets and entries one after the other, where its parameters say', () => {
    const bitmap = { width: 2, height: 3, rows: [1, 2, 3] };
    const list = encode([veil(0, 0, 40, 40), { kind: 'glyph', x: 1, y: 2, bitmap, color: 1 }], {
      width: 70,
      height: 40,
    });
    const made = plan(list, LIMITS);
    const bins = bin(list, layout.GPU_TILE_SIZE);
    expect([...made.scene]).toEqual([...list.shapes, ...list.pool, ...bins.offsets, ...bins.entries]);
    expect(made.bands).toEqual([{ top: 0, rows: 40, dispatches: [{ paramsAt: 0, workgroups: [1, 1, 6] }] }]);
    expect(paramsOf(made, 0)).toEqual({
      width: 70,
      top: 0,
      bottom: 40,
      tileSize: layout.GPU_TILE_SIZE,
      tilesX: 3,
      firstTile: 0,
      skip: 0,
      take: LIMITS.dispatchWork / layout.GPU_TILE_SIZE ** 2,
      pool: 16,
      offsets: 19,
      entries: 26,
    });
    expect(timesPainted(made)).toEqual(new Set([1]));
  });

  it('knows what its list asks of a shader: plain shapes alone, every kind but images, or images too', () => {
    const canvas = { width: 8, height: 8 };
    const bitmap = { width: 1, height: 1, rows: [1] };
    const plain: Shape[] = [veil(0, 0, 5, 5), { kind: 'glyph', x: 1, y: 2, bitmap, color: 1 }];
    const spans: Shape = { kind: 'spans', x0: 0, y0: 0, x1: 8, y1: 1, runs: [0, 8], color: 1 };
    const pixels = { pixels: [1], columns: [0], rows: [0] };
    const image: Shape = { kind: 'image', x0: 0, y0: 0, x1: 1, y1: 1, ...pixels };
    const kindsOf = (shapes: readonly Shape[]) => plan(encode(shapes, canvas), LIMITS).kinds;
    expect([[], plain].map(kindsOf)).toEqual(['plain', 'plain']);
    for (const other of [spans, ...plain.map((shape): Shape => ({ ...shape, blend: 'add' }))]) {
      expect(kindsOf([other, ...plain])).toBe('imageless');
      expect(kindsOf([...plain, other])).toBe('imageless');
      expect(kindsOf([other, image, ...plain])).toBe('every');
      expect(kindsOf([image, other])).toBe('every');
    }
    expect(kindsOf([...plain, image])).toBe('every');
    expect(kindsOf([{ ...image, blend: 'xor' }])).toBe('every');
    const list = encode(plain, canvas);
    list.shapes[8] = 0;
    expect(plan(list, LIMITS).kinds).toBe('imageless');
  });

  it('paints the ground of an empty list', () => {
    const made = plan(encode([], { width: 1, height: 1 }), LIMITS);
    expect(made.bands).toEqual([{ top: 0, rows: 1, dispatches: [{ paramsAt: 0, workgroups: [1, 1, 1] }] }]);
    expect([...made.scene]).toEqual([0, 0]);
  });

  it.each([
    [100, [100]],
    [99, [99, 1]],
    [33, [33, 33, 33, 1]],
    [1, Array(100).fill(1)],
  ])('is cut into bands of %i rows where a band may hold no more', (rows, expected) => {
    const made = plan(veils(3, 50, 100), { ...LIMITS, bandBytes: rows * 50 * 4 + 199 });
    expect(made.bands.map((band) => band.rows)).toEqual(expected);
    let top = 0;
    for (const band of made.bands) {
      expect(band.top).toBe(top);
      const { paramsAt } = band.dispatches[0]!;
      expect(paramsOf(made, paramsAt)).toMatchObject({ top, bottom: top + band.rows });
      top += band.rows;
    }
    expect(timesPainted(made)).toEqual(new Set([1]));
  });

  it('gives a band at least one row, however little it may hold', () => {
    const made = plan(veils(1, 50, 2), { ...LIMITS, bandBytes: 4 });
    expect(made.bands.map((band) => band.rows)).toEqual([1, 1]);
  });

  it.each([
    // Tiles of 1,024 pixels: the work of 12, 4, 3 and 1 entries at a time; three of them in each of 4 tiles.
    [12_288, [[0, 4, 0]]],
    [
      12_287,
      [
        [0, 3, 0],
        [3, 1, 0],
      ],
    ],
    [
      4_096,
      [
        [0, 1, 0],
        [1, 1, 0],
        [2, 1, 0],
        [3, 1, 0],
      ],
    ],
    [
      3_071,
      [0, 1, 2, 3].flatMap((tile) => [
        [tile, 1, 0],
        [tile, 1, 2],
      ]),
    ],
    [1_024, [0, 1, 2, 3].flatMap((tile) => [0, 1, 2].map((skip) => [tile, 1, skip]))],
    [1, [0, 1, 2, 3].flatMap((tile) => [0, 1, 2].map((skip) => [tile, 1, skip]))],
  ])('is cut into dispatches of no more than %i pixels times entries', (work, expected) => {
    const made = plan(veils(3, 64, 64), { ...LIMITS, dispatchWork: work });
    const found = made.bands[0]!.dispatches.map(({ paramsAt, workgroups }) => {
      const { firstTile, skip } = paramsOf(made, paramsAt);
      return [firstTile, workgroups[2], skip];
    });
    expect(found).toEqual(expected);
    expect(timesPainted(made)).toEqual(new Set([1]));
  });

  it('puts no more tiles into a dispatch than an axis may have workgroups', () => {
    const made = plan(veils(1, 128, 32), { ...LIMITS, workgroups: 3 });
    expect(made.bands[0]!.dispatches.map(({ workgroups }) => workgroups[2])).toEqual([3, 1]);
    expect(timesPainted(made)).toEqual(new Set([1]));
  });

  it('places the parameters of its dispatches as far apart as the device wants them', () => {
    const made = plan(veils(3, 64, 64), { ...LIMITS, dispatchWork: 1_024, paramStride: 64 });
    expect(made.bands[0]!.dispatches.map(({ paramsAt }) => paramsAt)).toEqual(
      Array.from({ length: 12 }, (_, n) => n * 64),
    );
    expect(made.params.byteLength).toBe(12 * 64);
  });

  it('takes larger tiles where a binding cannot hold the entries of smaller ones', () => {
    const list = veils(100, 256, 256);
    const words = (tiles: number) => (list.shapes.length + tiles + 1 + tiles * 100) * 4;
    const tileSizeFor = (bindingBytes: number) =>
      paramsOf(plan(list, { ...LIMITS, bindingBytes }), 0).tileSize;
    for (const [tiles, tileSize] of [
      [64, 32],
      [16, 64],
      [4, 128],
      [1, 256],
    ] as const) {
      expect(tileSizeFor(words(tiles))).toBe(tileSize);
      if (tiles > 1) expect(tileSizeFor(words(tiles) - 4)).toBe(tileSize * 2);
      else expect(() => tileSizeFor(words(tiles) - 4)).toThrow(PlanTooLarge);
    }
  });

  it('refuses what would take the GPU longer than a picture may', () => {
    const work = (4 * 3 + 4) * 32 ** 2;
    expect(plan(veils(3, 64, 64), { ...LIMITS, pictureWork: work }).bands).toHaveLength(1);
    expect(() => plan(veils(3, 64, 64), { ...LIMITS, pictureWork: work - 1 })).toThrow(
      `Expected a list of ${work - 1} pixels times shapes or fewer for the GPU, by tiles, found ${work}`,
    );
  });

  it('keeps the worst list that a price allows within its bounds', () => {
    // 2^32 pixels in lines across the largest canvas, as many tiles for as few pixels as can be.
    const lines = Array.from({ length: 2 ** 18 }, (_, n) => veil(0, n % 4096, 16_384, (n % 4096) + 1));
    const made = plan(encode(lines, { width: 16_384, height: 4_096 }), {
      ...LIMITS,
      pictureWork: Number.POSITIVE_INFINITY,
    });
    expect(made.scene.byteLength).toBeLessThanOrEqual(LIMITS.bindingBytes);
    expect(made.bands).toHaveLength(4);
    for (const { paramsAt } of made.bands[0]!.dispatches) {
      const { tileSize, take } = paramsOf(made, paramsAt);
      expect(take * tileSize ** 2).toBeLessThanOrEqual(LIMITS.dispatchWork);
    }
  });
});

describe('a list with shades', () => {
  const canvas = { width: 64, height: 40 };
  const listOf = (...lines: readonly string[]) => run(parse(sourceOf(lines.join('\n'))), canvas).list;
  const SHADE = ['SHADE -5 8 30 20', 'SET r x', 'END'];
  /** Of each dispatch of a plan whether it is a shade's, and the parameters that matter. */
  const dispatchesOf = (made: Plan) =>
    made.bands.map((band) =>
      band.dispatches.map(({ paramsAt, workgroups, shade }) => {
        const word = (index: number) => made.params[paramsAt / 4 + index]!;
        const [skip, take] = [word(layout.PARAM_SKIP), word(layout.PARAM_TAKE)];
        if (shade === undefined)
          return ['tiles', word(layout.PARAM_FIRST_TILE), workgroups[2], word(layout.PARAM_BEGUN)];
        return ['shade', word(layout.PARAM_SHAPE), skip, take, workgroups[0]];
      }),
    );

  it('is cut at each of them: what comes after is painted on what is there', () => {
    const made = plan(listOf('RECT 0 0 9 9', ...SHADE, 'RECT 40 36 9 2', ...SHADE), LIMITS);
    // 25 columns on the canvas, of 20 rows; what comes after the first shade is in the last tile alone.
    expect(dispatchesOf(made)).toEqual([
      [
        ['tiles', 0, 4, 0],
        ['shade', 1, 0, 500, 8],
        ['tiles', 3, 1, 1],
        ['shade', 3, 0, 500, 8],
      ],
    ]);
    expect(made.kinds).toBe('plain');
  });

  it('paints the ground before a shade that comes first, and nothing after one that comes last', () => {
    const found = dispatchesOf(plan(listOf(...SHADE), LIMITS));
    expect(found).toEqual([
      [
        ['tiles', 0, 4, 0],
        ['shade', 0, 0, 500, 8],
      ],
    ]);
  });

  it('has them in the bands that they reach alone, and each of their pixels in one dispatch', () => {
    const made = plan(listOf(...SHADE), { ...LIMITS, bandBytes: 64 * 4 * 14, dispatchWork: 500 });
    const shades = dispatchesOf(made).map((band) => band.filter(([kind]) => kind === 'shade'));
    const pixels = shades.map((band) => band.map(([, , skip, take]) => [skip, take]));
    const [each] = pixels[0]![0]!.slice(1) as [number];
    // 6 rows from the eighth on in the first band, 14 in the second, none in the third.
    for (const [index, count] of [150, 350, 0].entries()) {
      const expected = Array.from({ length: Math.ceil(count / each) }, (_, part) => [
        part * each,
        Math.min(each, count - part * each),
      ]);
      expect(pixels[index]).toEqual(expected);
    }
    expect(pixels[1]!.length).toBeGreaterThan(1);
  });

  it('has no more pixels in a dispatch than an axis may have workgroups for', () => {
    const found = dispatchesOf(plan(listOf(...SHADE), { ...LIMITS, workgroups: 4 }));
    expect(found[0]!.slice(1)).toEqual([
      ['shade', 0, 0, 256, 4],
      ['shade', 0, 256, 244, 4],
    ]);
  });

  it('gives the table of a quarter wave to those that read it, and to no others', () => {
    const size = (...lines: readonly string[]) => plan(listOf(...lines), LIMITS).scene.length;
    const plain = size(...SHADE);
    expect(size('SHADE -5 8 30 20', 'SET r sin(x)', 'END') - plain).toBe(16_385);
    expect(
      size('SHADE -5 8 30 20', 'LOOP 2', 'IF x', 'SET r 2*atan2(x,y)', 'END', 'END', 'END') - plain,
    ).toBe(16_385);
    const made = plan(listOf('SHADE 0 0 9 9', 'SET r cos(x)', 'END'), LIMITS);
    const at = made.params[made.bands[0]!.dispatches[1]!.paramsAt / 4 + layout.PARAM_WAVE]!;
    expect([0, 1, 8_192, 16_384].map((angle) => made.scene[at + angle])).toEqual([0, 6, 46_341, 65_536]);
  });

  it('leaves out what shows nothing: a shade beyond the canvas, of no number or of no mode', () => {
    const list = listOf(...SHADE);
    expect(dispatchesOf(plan(listOf('SHADE 64 0 9 9', 'SET r x', 'END'), LIMITS))[0]).toHaveLength(1);
    const changed = (word: number, value: number) => {
      const shapes = list.shapes.slice();
      shapes[word] = value;
      return plan({ ...list, shapes }, LIMITS);
    };
    expect(dispatchesOf(changed(7, 5))).toEqual([[['tiles', 0, 4, 0]]]);
    // What fine.wgsl finds of it there it steps over, as not every shader of it can.
    expect(changed(7, 5).kinds).toBe('imageless');
    expect(dispatchesOf(changed(7, 4))[0]).toHaveLength(2);
    expect(dispatchesOf(plan({ ...list, pool: list.pool.slice().fill(1, 0, 1) }, LIMITS))[0]).toHaveLength(1);
  });

  it('is refused beyond its bounds: the work of a picture and of a pixel, and how many they are', () => {
    const list = listOf(...SHADE);
    const needed = Number(/found (\d+)/.exec(String(thrown(list, { ...LIMITS, pictureWork: 1 })))?.[1]);
    expect(needed).toBeGreaterThan(4 * 1_024 + 500);
    expect(plan(list, { ...LIMITS, pictureWork: needed }).bands).toHaveLength(1);
    expect(() => plan(list, { ...LIMITS, pictureWork: needed - 1 })).toThrow(PlanTooLarge);
    const turns = (count: number) =>
      listOf('SHADE 0 0 1 1', `LOOP ${count}`, 'SET r hypot(x,y)', 'END', 'END');
    expect(plan(turns(5_900), LIMITS).bands).toHaveLength(1);
    expect(() => plan(turns(6_000), LIMITS)).toThrow(
      /^Expected 4194304 operations or fewer for a pixel on the GPU, found \d+$/,
    );
    const long = (count: number) =>
      listOf('SHADE 0 0 1 1', ...Array<string>(count).fill('SET r hypot(x,y)'), 'END');
    expect(plan(long(11), LIMITS).bands).toHaveLength(1);
    expect(() => plan(long(12), LIMITS)).toThrow(
      /^Expected a SHADE of 8192 operations or fewer for the GPU to compile, found \d+$/,
    );
    const many = (count: number) => listOf(`FOR i 1 ${count}`, 'SHADE 0 0 1 1', 'SET r x', 'END', 'END');
    expect(plan(many(256), LIMITS).bands[0]!.dispatches).toHaveLength(257);
    expect(() => plan(many(257), LIMITS)).toThrow('Expected 256 SHADEs or fewer for the GPU, found 257');
  });
});

function thrown(list: EncodedList, limits: PlanLimits): unknown {
  try {
    return plan(list, limits);
  } catch (error) {
    return error;
  }
}
