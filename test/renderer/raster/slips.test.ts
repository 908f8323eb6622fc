/** The suite and the probe must fail for each slip that a painter may make. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { type Bins, bin } from '../../../renderer/raster/bin.ts';
import type { Case } from '../../../renderer/raster/conformance/case.ts';
import { conform } from '../../../renderer/raster/conformance/conform.ts';
import { modeCases } from '../../../renderer/raster/conformance/modes.ts';
import { PROBE_SHA256, probeList } from '../../../renderer/raster/conformance/probe.ts';
import { spansCases } from '../../../renderer/raster/conformance/spans.ts';
import { standingCases } from '../../../renderer/raster/conformance/suite.ts';
import { cpuPainter, paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painter } from '../../../renderer/raster/painter.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { type Divide, FORMULAS, type Formula, paintByTheRules } from './oracle-painter.ts';

type Paint = (list: EncodedList) => Uint8Array;

const painterOf = (paint: Paint): Painter => ({
  ...cpuPainter,
  paint: (list) => paintedOnCpu(paint(list)),
});

/** Words 2 to 5 of a shape are its box, word 1 its color, word 0 its tag, word 7 its mode: as oracle-painter.ts has them. */
const [TAG, COLOR, X0, Y0, X1, Y1, POOL, BLEND] = [0, 1, 2, 3, 4, 5, 6, 7];

/** Paints by the rules after `change` has been at each shape's words. */
function changed(change: (shape: Int32Array, list: EncodedList, index: number) => void): Paint {
  return (list) => {
    const shapes = list.shapes.slice();
    for (let index = 0; index < list.shapeCount; index++) {
      change(new Int32Array(shapes.buffer, index * 32, 8), list, index);
    }
    return paintByTheRules({ ...list, shapes });
  };
}

const dividing =
  (divide: Divide): Paint =>
  (list) =>
    paintByTheRules(list, { divide });

/** Paints by the rules, of which one mode has another formula. */
const mixing =
  (mode: number, formula: Formula): Paint =>
  (list) =>
    paintByTheRules(list, { formulas: FORMULAS.with(mode, formula) });

const alphaOf = (shape: Int32Array): number => shape[COLOR]! >>> 24;
const withAlpha = (shape: Int32Array, alpha: number): number => (shape[COLOR]! & 0xffffff) | (alpha << 24);
const correct: Divide = (v) => Math.round(v / 255);

/** Leaves pixels as memory comes, all zeros. */
function leavingOut(skip: (x: number, y: number, list: EncodedList, bins: Bins) => boolean): Paint {
  return (list) => {
    const pixels = paintOnCpu(list);
    const bins = bin(list, 16);
    const { width, height } = list.canvas;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++)
        if (skip(x, y, list, bins)) pixels.fill(0, 4 * (y * width + x), 4 * (y * width + x + 1));
    }
    return pixels;
  };
}

/** Slips, each in words of what the painter does. */
const SLIPS: readonly (readonly [title: string, paint: Paint])[] = [
  ['divides by 256', dividing((v) => v >> 8)],
  ['rounds down', dividing((v) => Math.floor(v / 255))],
  ['rounds with the 128 forgotten in the second term', dividing((v) => (v + 128 + (v >> 8)) >> 8)],
  [
    'takes alpha 255 for 256',
    changed((shape) => {
      if (alphaOf(shape) === 254) shape[COLOR] = withAlpha(shape, 255);
    }),
  ],
  [
    'leaves alpha 1 out',
    changed((shape) => {
      if (alphaOf(shape) === 1) shape[COLOR] = withAlpha(shape, 0);
    }),
  ],
  [
    'takes alpha 0 for opaque',
    changed((shape) => {
      if (alphaOf(shape) === 0) shape[COLOR] = withAlpha(shape, 255);
    }),
  ],
  [
    'exchanges red and blue',
    changed((shape) => {
      const color = shape[COLOR]!;
      shape[COLOR] = (color & 0xff00ff00) | ((color & 255) << 16) | ((color >> 16) & 255);
    }),
  ],
  [
    'begins a pixel late',
    changed((shape) => {
      if (shape[TAG] === 1 && shape[X1]! - shape[X0]! > 1) shape[X0]!++;
    }),
  ],
  [
    'ends a row late',
    changed((shape) => {
      if (shape[TAG] === 1) shape[Y1]!++;
    }),
  ],
  [
    'reads coordinates without their sign',
    changed((shape) => {
      if (shape[X0]! < 0 || shape[Y0]! < 0) shape[X1] = shape[X0] = 2 ** 30;
    }),
  ],
  [
    'paints a glyph as its box',
    changed((shape) => {
      shape[TAG] = 1;
    }),
  ],
  [
    'takes the row above',
    changed((shape) => {
      if (shape[TAG] === 2 && shape[6]! > 0) shape[6]!--;
    }),
  ],
  [
    'loses the leftmost column of the widest bitmaps',
    changed((shape) => {
      if (shape[TAG] === 2 && shape[X1]! - shape[X0]! === 32) shape[X0]!++;
    }),
  ],
  [
    'paints spans as their box',
    changed((shape) => {
      if (shape[TAG] === 3) shape[TAG] = 1;
    }),
  ],
  [
    'takes the next row of spans',
    changed((shape) => {
      if (shape[TAG] === 3) shape[POOL]! += 2;
    }),
  ],
  [
    'takes the end of a run for its start',
    changed((shape) => {
      if (shape[TAG] === 3) shape[POOL]!++;
    }),
  ],
  [
    'takes runs for columns of their box',
    (list) => {
      const pool = list.pool.slice();
      for (let at = 0; at < list.shapes.length; at += 8) {
        if (list.shapes[at + TAG] !== 3) continue;
        const [first, x0] = [list.shapes[at + POOL]!, list.shapes[at + X0]! | 0];
        const rows = Math.min(list.canvas.height, list.shapes[at + Y1]! - list.shapes[at + Y0]!);
        for (let word = first; word < first + 2 * rows; word++) pool[word]! += x0;
      }
      return paintByTheRules({ ...list, pool });
    },
  ],
  [
    'blends every shape over',
    changed((shape) => {
      shape[BLEND] = 0;
    }),
  ],
  [
    'takes an opaque source for what it makes, whatever the mode',
    changed((shape) => {
      if (alphaOf(shape) === 255) shape[BLEND] = 0;
    }),
  ],
  [
    'blends glyphs over in every mode',
    changed((shape) => {
      if (shape[TAG] === 2) shape[BLEND] = 0;
    }),
  ],
  [
    'exchanges two modes',
    changed((shape) => {
      if (shape[BLEND]! > 1) shape[BLEND]! ^= 1;
    }),
  ],
  ['adds without a bound', mixing(1, (s, d) => (s + d) & 255)],
  ['adds up to 254', mixing(1, (s, d) => Math.min(s + d, 254))],
  ['multiplies and rounds down', mixing(2, (s, d) => Math.floor((s * d) / 255))],
  ['multiplies and divides by 256', mixing(2, (s, d) => (s * d) >> 8)],
  ['screens and rounds the other way', mixing(3, (s, d) => s + d - Math.floor((s * d) / 255))],
  ['screens without the product', mixing(3, (s, d) => Math.min(255, s + d))],
  ['takes xor for or', mixing(4, (s, d) => s | d)],
  ['loses the highest bit of xor', mixing(4, (s, d) => (s ^ d) & 127)],
  [
    'leaves the last shape out',
    changed((shape, list, index) => {
      if (index === list.shapeCount - 1) shape[TAG] = 0;
    }),
  ],
  [
    'paints 256 shapes at most',
    changed((shape, _, index) => {
      if (index >= 256) shape[TAG] = 0;
    }),
  ],
  ['leaves the last column of the canvas out', leavingOut((x, _, list) => x === list.canvas.width - 1)],
  ['leaves the last column of a tile out', leavingOut((x) => x % 64 === 63)],
  ['leaves the last row of a tile out', leavingOut((_, y) => y % 64 === 63)],
  [
    'leaves a tile without shapes as it was',
    leavingOut((x, y, _, { tilesX, offsets }) => {
      const tile = (y >> 4) * tilesX + (x >> 4);
      return offsets[tile] === offsets[tile + 1];
    }),
  ],
  [
    'paints back to front the wrong way round',
    (list) => {
      const shapes = list.shapes.slice();
      for (let index = 0; index < list.shapeCount; index++) {
        shapes.set(list.shapes.subarray(index * 8, index * 8 + 8), (list.shapeCount - 1 - index) * 8);
      }
      return paintByTheRules({ ...list, shapes });
    },
  ],
];

/** The standing cases, those of modes and spans before the others: so that slips in these are soon found. */
function* newestFirst(): Generator<Case> {
  yield* modeCases();
  yield* spansCases();
  yield* standingCases();
}

describe('a painter is found out that', () => {
  it('does not slip, which is the control', async () => {
    const painter = painterOf(changed(() => {}));
    const small = [...standingCases()].filter(({ list }) => list.canvas.width * list.canvas.height < 1_000);
    expect((await conform(painter, small)).failures).toEqual([]);
    expect((await conform(painter, [{ name: 'probe', list: probeList() }])).failures).toEqual([]);
  });

  it.each(SLIPS)('%s', async (_, paint) => {
    expect((await conform(painterOf(paint), newestFirst(), { atMost: 1 })).failures).toHaveLength(1);
  });

  it.each(SLIPS)('%s: by the probe alone', (_, paint) => {
    expect(sha256Hex(paint(probeList()))).not.toBe(PROBE_SHA256);
  });

  it('errs by one in a single quotient of division, whichever it is', async () => {
    const blends = [...standingCases()].filter(({ name }) => name.startsWith('every blend'));
    expect(blends).toHaveLength(6);
    for (const wrong of [1, 127, 128, 254, 255, 12_345, 32_512, 65_024, 65_025]) {
      const painter = painterOf(dividing((v) => correct(v) + (v === wrong ? -1 : 0)));
      const { failures } = await conform(painter, blends, { atMost: 1 });
      expect(failures, `${wrong}`).toHaveLength(1);
    }
  });
});
