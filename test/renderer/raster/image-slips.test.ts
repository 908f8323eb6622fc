/** The cases of images and the probe must fail for each slip that a painter may make with an image. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { conform } from '../../../renderer/raster/conformance/conform.ts';
import { imageCases } from '../../../renderer/raster/conformance/images.ts';
import { PROBE_SHA256, probeList } from '../../../renderer/raster/conformance/probe.ts';
import { rawImageCases } from '../../../renderer/raster/conformance/raw-images.ts';
import { cpuPainter, paintedOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painter } from '../../../renderer/raster/painter.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { type Look, paintByTheRules } from './oracle-painter.ts';

type Paint = (list: EncodedList) => Uint8Array;

const painterOf = (paint: Paint): Painter => ({
  ...cpuPainter,
  paint: (list) => paintedOnCpu(paint(list)),
});

/** Paints by the rules, but finds the pixels of images otherwise. */
const looking =
  (look: Look): Paint =>
  (list) =>
    paintByTheRules(list, { look });

/** Finds them by the rules, and takes another pixel for what it finds. */
const repainting = (change: (pixel: number) => number): Paint =>
  looking(({ base, column, row, word }, x, y) => change(word((base + column(x) + row(y)) % 2 ** 32)) >>> 0);

/** Paints by the rules after `change` has been at each image's words: word 0 is the tag, 4 is x1, 7 the mode. */
function changed(change: (shape: Uint32Array) => void): Paint {
  return (list) => {
    const shapes = list.shapes.slice();
    for (let at = 0; at < shapes.length; at += 8) if (shapes[at] === 4) change(shapes.subarray(at, at + 8));
    return paintByTheRules({ ...list, shapes });
  };
}

/** Slips, each in words of what the painter does. */
const SLIPS: readonly (readonly [title: string, paint: Paint])[] = [
  [
    'takes the next column of an image',
    looking(({ base, column, row, word }, x, y) => word((base + column(x + 1) + row(y)) % 2 ** 32)),
  ],
  [
    'takes the row above of an image',
    looking(({ base, column, row, word }, x, y) => word((base + column(x) + row(y - 1)) % 2 ** 32)),
  ],
  [
    'takes an image for mirrored',
    looking(({ base, width, column, row, word }, x, y) => {
      return word((base + column(width - 1 - x) + row(y)) % 2 ** 32);
    }),
  ],
  [
    'takes an image for upside down',
    looking(({ base, height, column, row, word }, x, y) => {
      return word((base + column(x) + row(height - 1 - y)) % 2 ** 32);
    }),
  ],
  [
    'takes rows of an image for columns',
    looking(({ base, column, row, word }, x, y) => word((base + column(y) + row(x)) % 2 ** 32)),
  ],
  [
    'takes the first column of an image for all',
    looking(({ base, column, row, word }, _, y) => word((base + column(0) + row(y)) % 2 ** 32)),
  ],
  [
    'takes the first row of an image for all',
    looking(({ base, column, row, word }, x) => word((base + column(x) + row(0)) % 2 ** 32)),
  ],
  [
    'takes one column of an image for four',
    looking(({ base, column, row, word }, x, y) => word((base + column(x & ~3) + row(y)) % 2 ** 32)),
  ],
  [
    'forgets where the pixels of an image begin',
    looking(({ column, row, word }, x, y) => word((column(x) + row(y)) % 2 ** 32)),
  ],
  ['paints the holes of images black', repainting((pixel) => (pixel >>> 24 === 0 ? 0xff000000 : pixel))],
  ['takes alpha 1 of images for a hole', repainting((pixel) => (pixel >>> 24 === 1 ? 0 : pixel))],
  [
    'takes alpha 254 of images for opaque',
    repainting((pixel) => (pixel >>> 24 === 254 ? pixel | 0xff000000 : pixel)),
  ],
  [
    'takes every pixel of an image for opaque',
    repainting((pixel) => (pixel >>> 24 === 0 ? 0 : pixel | 0xff000000)),
  ],
  [
    'exchanges red and blue of images',
    repainting((pixel) => (pixel & 0xff00ff00) | ((pixel & 255) << 16) | ((pixel >> 16) & 255)),
  ],
  [
    'ends an image a column early',
    changed((shape) => {
      shape[4]!--;
    }),
  ],
  [
    'blends images over in every mode',
    changed((shape) => {
      shape[7] = 0;
    }),
  ],
];

describe('a painter is found out that', () => {
  it('does not slip, which is the control', async () => {
    const painter = painterOf(changed(() => {}));
    expect((await conform(painter, [{ name: 'probe', list: probeList() }])).failures).toEqual([]);
    expect(sha256Hex(paintByTheRules(probeList()))).toBe(PROBE_SHA256);
  });

  it.each(SLIPS)('%s', async (_, paint) => {
    expect((await conform(painterOf(paint), imageCases(), { atMost: 1 })).failures).toHaveLength(1);
  });

  it.each(SLIPS)('%s: by the probe alone', (_, paint) => {
    expect(sha256Hex(paint(probeList()))).not.toBe(PROBE_SHA256);
  });

  it('adds without 2³², by the words of hostile lists alone', async () => {
    const paint = looking(({ base, column, row, word }, x, y) => word(base + column(x) + row(y)));
    expect((await conform(painterOf(paint), rawImageCases(), { atMost: 1 })).failures).toHaveLength(1);
    expect((await conform(cpuPainter, rawImageCases())).failures).toEqual([]);
  });
});
