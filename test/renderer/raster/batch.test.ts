/** Batches without a device: what a batch says of each tile is what the list alone says of it. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import { SHAPE_WORDS } from '../../../renderer/display/encoding.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import {
  type Batch,
  batchOf,
  fits,
  NO_LOAD,
  type Piece,
  pieceOf,
  together,
} from '../../../renderer/raster/batch.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import { randomList } from '../../../renderer/raster/conformance/random-list.ts';
import { GPU_BOUNDS } from '../../../renderer/raster/gpu-bounds.ts';
import * as layout from '../../../renderer/raster/layout.ts';
import type { PlanLimits } from '../../../renderer/raster/plan.ts';
import { encodeProgram } from '../../../renderer/timing/pictures.ts';

const LIMITS: PlanLimits = {
  bindingBytes: 2 ** 27,
  bandBytes: 2 ** 26,
  workgroups: 65_535,
  paramStride: 256,
  dispatchWork: 2 ** 25,
  pictureWork: 2 ** 34,
};

const veil = (x1: number, y1: number): Shape => ({ kind: 'rect', x0: 0, y0: 0, x1, y1, color: 0x80123456 });
const listOf = (width: number, height: number, shapes = 1): EncodedList =>
  encode(Array(shapes).fill(veil(width, height)), { width, height });
const piece = (list: EncodedList, limits = LIMITS): Piece => {
  const found = pieceOf(list, limits);
  if (found === undefined) throw new Error('Expected a list for a batch');
  return found;
};

/** The batch read back as the shader reads it: for each tile its canvas, its place in that, and its shapes, word for word. */
function tilesOf({ scene, params, dispatch }: Batch) {
  const param = (word: number) => params[word]!;
  const tiles = [];
  for (let tile = 0; tile < dispatch.workgroups[2]; tile++) {
    const owner = scene[param(layout.PARAM_OWNERS) + tile]!;
    const at = param(layout.PARAM_CANVASES) + owner * layout.CANVAS_WORDS;
    expect(at % 4).toBe(0);
    const record = (word: number) => scene[at + word]!;
    const offset = param(layout.PARAM_OFFSETS) + tile;
    const entries = [...scene.subarray(scene[offset]!, scene[offset + 1]!).keys()].map(
      (entry) => scene[param(layout.PARAM_ENTRIES) + scene[offset]! + entry]!,
    );
    const pool = record(layout.CANVAS_POOL);
    tiles.push({
      owner,
      canvas: { width: record(layout.CANVAS_WIDTH), height: record(layout.CANVAS_HEIGHT) },
      tilesX: record(layout.CANVAS_TILES_X),
      own: tile - record(layout.CANVAS_FIRST_TILE),
      output: record(layout.CANVAS_OUTPUT) * 4,
      pool: [...scene.subarray(pool, pool + record(layout.CANVAS_POOL_SIZE))],
      shapes: entries.map((shape) => [...scene.subarray(shape * SHAPE_WORDS, (shape + 1) * SHAPE_WORDS)]),
    });
  }
  return tiles;
}

/** The same, from each list by itself. */
function tilesAlone(lists: readonly EncodedList[]) {
  let output = 0;
  return lists.flatMap((list, owner) => {
    const { offsets, entries, tilesX } = bin(list, layout.GPU_TILE_SIZE);
    const begins = output;
    output += list.canvas.width * list.canvas.height * 4;
    return Array.from({ length: offsets.length - 1 }, (_, own) => ({
      owner,
      canvas: list.canvas,
      tilesX,
      own,
      output: begins,
      pool: [...list.pool],
      shapes: [...entries.subarray(offsets[own], offsets[own + 1])].map((shape) => [
        ...list.shapes.subarray(shape * SHAPE_WORDS, (shape + 1) * SHAPE_WORDS),
      ]),
    }));
  });
}

describe('a batch', () => {
  const sizes = [
    [1, 1],
    [33, 31],
    [128, 64],
    [32, 32],
    [64, 1],
    [1, 65],
  ] as const;
  const lists = [
    ...sizes.map(([width, height], index) => listOf(width, height, index)),
    encodeProgram(Buffer.from('TXT 1 1 one\nRECT 3 3 9 9'), { width: 40, height: 40 }),
    encodeProgram(Buffer.from('TXT 1 1 another\nDISC 20 20 9'), { width: 70, height: 33 }),
    ...Array.from({ length: 20 }, (_, n) => randomList(500 + n)),
  ].filter((list) => pieceOf(list, LIMITS) !== undefined);

  it.each([1, 2, lists.length])('of %i says of each tile what the list alone says of it', (count) => {
    const taken = lists.slice(-count);
    const made = batchOf(taken.map((list) => piece(list)));
    const alone = tilesAlone(taken);
    expect(tilesOf(made)).toEqual(alone);
    const ends = [...new Map(alone.map(({ owner, output }) => [owner, output])).values()];
    expect(made.outputs.slice(0, -1)).toEqual(ends);
    expect(made.outputs.at(-1)).toBe(
      taken.reduce((sum, { canvas }) => sum + canvas.width * canvas.height * 4, 0),
    );
    expect(made.dispatch).toEqual({ paramsAt: 0, workgroups: [1, 1, alone.length] });
    expect(made.params).toHaveLength(layout.PARAM_WORDS);
  });

  it('is as large as its pieces said that they are', () => {
    const pieces = lists.map((list) => piece(list));
    const { words, tiles, bytes } = pieces.reduce(together, NO_LOAD);
    const made = batchOf(pieces);
    expect([made.scene.length, made.dispatch.workgroups[2], made.outputs.at(-1)]).toEqual([
      words,
      tiles,
      bytes,
    ]);
  });

  it('asks for the shader of plain shapes only where all of them are plain', () => {
    const plain = listOf(9, 9);
    const mixed = encode([{ ...veil(9, 9), blend: 'add' }], { width: 9, height: 9 });
    const kindsOf = (...of: EncodedList[]) => batchOf(of.map((list) => piece(list))).kinds;
    expect([kindsOf(plain), kindsOf(plain, plain), kindsOf(mixed), kindsOf(plain, mixed)]).toEqual([
      'plain',
      'plain',
      'every',
      'every',
    ]);
  });

  it('paints no list by halves: every entry is within what the dispatch takes', () => {
    const made = batchOf([piece(listOf(64, 64, 300)), piece(listOf(1, 1, 0))]);
    expect(made.params[layout.PARAM_TAKE]).toBeGreaterThanOrEqual(300);
    expect(made.params[layout.PARAM_SKIP]).toBe(0);
  });
});

describe('a list', () => {
  it('is painted with others up to so many pixels, and beyond by itself', () => {
    const side = Math.sqrt(GPU_BOUNDS.batchedPixels / 2);
    expect(pieceOf(listOf(side * 2, side), LIMITS)).toBeDefined();
    expect(pieceOf(listOf(side * 2 + 1, side), LIMITS)).toBeUndefined();
  });

  it('is painted with others up to so many words', () => {
    const most = GPU_BOUNDS.batchedWords / SHAPE_WORDS;
    expect(pieceOf(listOf(1, 1, most), LIMITS)).toBeDefined();
    expect(pieceOf(listOf(1, 1, most + 1), LIMITS)).toBeUndefined();
  });

  it('with a SHADE is painted by itself', () => {
    const shade = (on: string) =>
      encodeProgram(Buffer.from(`SHADE 0 0 9 9\nSET r ${on}\nEND`), { width: 9, height: 9 });
    expect(pieceOf(shade('x'), LIMITS)).toBeUndefined();
    expect(pieceOf(listOf(9, 9), LIMITS)).toBeDefined();
  });

  const tile = layout.GPU_TILE_SIZE ** 2;
  it.each([
    ['work', { dispatchWork: 3 * tile }],
    ['tiles', { workgroups: 1 }],
    ['pixels', { bandBytes: 32 * 32 * 4 }],
    // Two shapes, a record, a tile's owner and offset, the entries, and the end of the offsets.
    ['words', { bindingBytes: (2 * SHAPE_WORDS + layout.CANVAS_WORDS + 2 + 2 + 1) * 4 }],
  ])('fits where its %s do, and not by one less', (_, tight) => {
    const list = listOf(32, 32, 2);
    const limits = { ...LIMITS, ...tight };
    expect(pieceOf(list, limits)).toBeDefined();
    const less = Object.fromEntries(Object.entries(tight).map(([key, value]) => [key, value - 1]));
    expect(pieceOf(list, { ...LIMITS, ...less })).toBeUndefined();
  });

  it('joins a batch as long as there is room: of bytes, and of work', () => {
    const one = piece(listOf(128, 64));
    const many = (count: number) => Array<Piece>(count).fill(one).reduce(together, NO_LOAD);
    const most = GPU_BOUNDS.batchBytes / one.bytes;
    expect([fits(many(most - 1), one, LIMITS), fits(many(most), one, LIMITS)]).toEqual([true, false]);
    const limits = { ...LIMITS, dispatchWork: 3 * one.work };
    expect([fits(many(2), one, limits), fits(many(3), one, limits)]).toEqual([true, false]);
  });
});
