/**
 * What Willem van Schaik's PngSuite has, form by form, made by a writer of our own tests: each file is read right, against its
 * writer, pngjs and libpng, or refused for the right reason; as an input, and with a label as a cartridge.
 */
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { inputPixels } from '../../../shared/cartridge/input-pixels.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { chunk, type PngForm, writeForm } from '../../support/png-forms.ts';
import { faultOf, pressing, withPixelsOf } from './sample.ts';

const SQUARE = { width: 32, height: 32 };
const KINDS = [
  ...([1, 2, 4, 8, 16] as const).map((depth) => ({ type: 0, depth }) as const),
  ...([8, 16] as const).map((depth) => ({ type: 2, depth }) as const),
  ...([1, 2, 4, 8] as const).map((depth) => ({ type: 3, depth }) as const),
  ...([8, 16] as const).map((depth) => ({ type: 4, depth }) as const),
  ...([8, 16] as const).map((depth) => ({ type: 6, depth }) as const),
];
const kindOf = ({ type, depth }: Pick<PngForm, 'type' | 'depth'>): string =>
  `${{ 0: 'grey', 2: 'RGB', 3: 'a palette', 4: 'grey and alpha', 6: 'RGBA' }[type]} of ${depth} bits`;
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const profile = (data: string): Buffer => chunk('gAMA', Buffer.from(data, 'hex'));

/** Name, and the forms that have it. */
const SUITE: readonly (readonly [string, readonly PngForm[]])[] = [
  ...KINDS.map((kind) => [`basic: ${kindOf(kind)}`, [{ ...SQUARE, ...kind }]] as const),
  ...KINDS.map(
    (kind) => [`interlaced: ${kindOf(kind)}`, [{ ...SQUARE, ...kind, interlaced: true }]] as const,
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 33, 40].map((side) => {
    const forms = KINDS.flatMap((kind) =>
      [false, true].map((interlaced) => ({
        ...kind,
        interlaced,
        width: side,
        height: Math.max(1, side - 2),
      })),
    );
    return [`odd sizes: ${side} pixels wide`, forms] as const;
  }),
  ...[0, 1, 2, 3, 4].map((filter) => {
    const forms = KINDS.map((kind) => ({ ...SQUARE, ...kind, filter }));
    return [`filtering: ${filter} in every row`, forms] as const;
  }),
  [
    'transparency: one colour, or some of a palette',
    KINDS.filter(({ type }) => type < 4).flatMap((kind) =>
      [false, true].map((interlaced) => ({ ...SQUARE, ...kind, clear: true, interlaced })),
    ),
  ],
  [
    'backgrounds, which nobody asked for',
    [
      { ...SQUARE, type: 0, depth: 8, late: [chunk('bKGD', Buffer.of(0, 7))] },
      { ...SQUARE, type: 6, depth: 8, late: [chunk('bKGD', Buffer.of(0, 255, 0, 255, 0, 0))] },
      { ...SQUARE, type: 3, depth: 8, late: [chunk('bKGD', Buffer.of(1))] },
    ],
  ],
  [
    'gamma from 0.35 to 2.5, chromaticities and sRGB',
    ['000088b8', '000186a0', '0003d090'].flatMap((gamma) => [
      { ...SQUARE, type: 2, depth: 8, early: [profile(gamma)] } as const,
      { ...SQUARE, type: 3, depth: 8, early: [profile(gamma)] } as const,
    ]),
  ],
  [
    'chunks that mean nothing: sizes, times, texts, significant bits, histograms, palettes for poor screens',
    [
      { ...SQUARE, type: 2, depth: 8, late: [chunk('PLTE', Buffer.alloc(768, 99))] },
      { ...SQUARE, type: 6, depth: 8, late: [chunk('PLTE', Buffer.alloc(3, 99))] },
      { ...SQUARE, type: 2, depth: 8, early: [chunk('sBIT', Buffer.of(5, 5, 5))] },
      { ...SQUARE, type: 2, depth: 8, late: [chunk('sPLT', latin('six\0\x08'))] },
      { ...SQUARE, type: 3, depth: 4, late: [chunk('hIST', Buffer.alloc(32))] },
      { ...SQUARE, type: 0, depth: 8, late: [chunk('pHYs', Buffer.of(0, 0, 0, 1, 0, 0, 0, 4, 0))] },
      { ...SQUARE, type: 0, depth: 8, late: [chunk('tIME', Buffer.of(7, 208, 1, 1, 12, 34, 56))] },
      {
        ...SQUARE,
        type: 0,
        depth: 8,
        late: [chunk('tEXt', latin('Title\0PngSuite')), chunk('zTXt', latin('x'))],
      },
      { ...SQUARE, type: 0, depth: 8, late: [chunk('iTXt', latin('Title\0\0\0fi\0Otsikko\0PngSuite'))] },
    ],
  ],
  [
    'an IDAT of each size from one byte on, and each level of zlib',
    [
      ...[1, 2, 16, 1_000].map((idatBytes) => ({ ...SQUARE, type: 2, depth: 8, idatBytes }) as const),
      ...[0, 1, 3, 6, 9].map((level) => ({ ...SQUARE, type: 2, depth: 8, level }) as const),
    ],
  ],
];

/** RGBA as libpng has it, through sharp. */
async function byLibpng(bytes: Buffer): Promise<Uint8Array> {
  return await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

describe('as an input, PngSuite’s', () => {
  it.each(SUITE)('%s: is read right, or refused for its 16 bits', async (_, forms) => {
    for (const [index, form] of forms.entries()) {
      const { bytes, rgba } = writeForm(form, index + 1);
      const said = `${JSON.stringify({ ...form, early: undefined, late: undefined })}`;
      // The writer is believed only where two others read what it says.
      if (form.depth < 16) expect(sameBytes(await byLibpng(bytes), rgba), `libpng, ${said}`).toBe(true);
      // pngjs paints what is clear black.
      if (form.depth < 16 && !form.clear)
        expect(sameBytes(PNG.sync.read(bytes).data, rgba), `pngjs, ${said}`).toBe(true);
      if (form.depth === 16) {
        const { code, message } = faultOf(() => openPngImage(bytes));
        expect([code, message]).toEqual([
          'CART-E006',
          expect.stringContaining('at most 8 bits per sample, found 16'),
        ]);
        continue;
      }
      expect(sameBytes(openPngImage(bytes).pixels(), rgba), said).toBe(true);
      const { width, height } = form;
      expect(inputPixels(bytes, { width, height, checksum: sha256Hex(rgba) }), said).toBeInstanceOf(
        Uint32Array,
      );
    }
  });

  it('are not the same where one sample is another, which shows that it would be seen', () => {
    const form = { ...SQUARE, type: 3, depth: 4, interlaced: true } as const;
    const { rgba } = writeForm(form, 1);
    expect(sameBytes(openPngImage(writeForm(form, 2).bytes).pixels(), rgba)).toBe(false);
  });
});

describe('as a cartridge, PngSuite’s', () => {
  it.each(SUITE)('%s: opens with the same pixels, or is refused by its form', (_, forms) => {
    for (const [index, form] of forms.entries()) {
      const { width, height, type, depth } = form;
      const { bytes, rgba } = writeForm(form, index + 1);
      expect(faultOf(() => openCartridge(bytes)).code).toMatch(/E005|E006|E011/);
      const file = withPixelsOf(press(pressing({ width, height }, rgba)), bytes);
      const isOurs = !form.interlaced && ((type === 6 && depth === 8) || type === 3);
      const said = JSON.stringify({ ...form, early: undefined, late: undefined });
      if (!isOurs) expect(faultOf(() => openCartridge(file)).code, said).toBe('CART-E006');
      else if (bytes.includes('tRNS') || (type === 6 && bytes.includes('PLTE')))
        expect(faultOf(() => openCartridge(file)).code, said).toBe('CART-E005');
      else expect(sameBytes(openCartridge(file).pixels, rgba), said).toBe(true);
    }
  });
});

describe('PngSuite’s corrupted files', () => {
  const grey = writeForm({ ...SQUARE, type: 0, depth: 8 }, 1).bytes;
  const rgb = writeForm({ ...SQUARE, type: 2, depth: 8 }, 1).bytes;
  /** A byte of the header is another, and its CRC fits. */
  const header = (bytes: Buffer, at: number, value: number): Buffer => {
    const data = Buffer.from(bytes.subarray(16, 29));
    data[at] = value;
    return Buffer.concat([bytes.subarray(0, 8), chunk('IHDR', data), bytes.subarray(33)]);
  };
  const byte = (bytes: Buffer, at: number, value: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at] = value;
    return copy;
  };
  const idat = grey.indexOf('IDAT');

  it('open as they were before they were corrupted', () => {
    for (const bytes of [grey, rgb, header(rgb, 8, 8)])
      expect(openPngImage(bytes).pixels()).toHaveLength(4_096);
  });

  it.each([
    ['xs1: the signature’s first byte without its highest bit', byte(grey, 0, 0x09), 'CART-E001'],
    ['xs2: a Q in the signature', byte(grey, 1, 0x51), 'CART-E001'],
    ['xs4: a small letter in the signature', byte(grey, 3, 0x67), 'CART-E001'],
    ['xs7: a blank for control-Z', byte(grey, 6, 0x20), 'CART-E001'],
    ['xcr: a CR before each LF', latin(grey.toString('latin1').replaceAll('\n', '\r\n')), 'CART-E001'],
    ['xlf: an LF for each CR and LF', latin(grey.toString('latin1').replaceAll('\r\n', '\n')), 'CART-E001'],
    ['xhd: a wrong CRC of the header', byte(grey, 32, grey[32]! ^ 1), 'CART-E003'],
    [
      'xcs: a wrong CRC of the pixels',
      byte(grey, grey.length - 13, grey[grey.length - 13]! ^ 1),
      'CART-E003',
    ],
    ['xc1: colour type 1', header(grey, 9, 1), 'CART-E006'],
    ['xc9: colour type 9', header(rgb, 9, 9), 'CART-E006'],
    ['xd0: no bits', header(rgb, 8, 0), 'CART-E006'],
    ['xd3: 3 bits', header(rgb, 8, 3), 'CART-E006'],
    ['xd9: 99 bits', header(rgb, 8, 99), 'CART-E006'],
    ['xdt: no IDAT', Buffer.concat([grey.subarray(0, idat - 4), grey.subarray(-12)]), 'CART-E008'],
  ])('%s', (name, bytes, code) => {
    expect(faultOf(() => openPngImage(bytes).pixels()).code).toBe(code);
    // A header that no cartridge has is refused before what comes after it.
    expect(faultOf(() => openCartridge(bytes)).code).toBe(/xcs|xdt/.test(name) ? 'CART-E006' : code);
  });
});
