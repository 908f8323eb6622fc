/** PNG images: PNGs of many forms as RGBA, and those that are refused before they cost anything. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { altered, faultOf, header, parts, png, pressing, ramp, rows } from './sample.ts';

const END = writeChunk('IEND', new Uint8Array(0));
const idat = (inflated: Uint8Array): Uint8Array => writeChunk('IDAT', deflateSync(inflated));
const pixelsOf = (bytes: Uint8Array): number[] => [...openPngImage(bytes).pixels()];
const codeOf = (bytes: Uint8Array): string => faultOf(() => openPngImage(bytes).pixels()).code;

describe('a PNG image', () => {
  it('of a cartridge is what the cartridge has', () => {
    const bytes = press(pressing());
    const { canvas, pixels } = openPngImage(bytes);
    expect(canvas).toEqual({ width: 3, height: 2 });
    expect(Buffer.from(pixels())).toEqual(Buffer.from(openCartridge(bytes).pixels));
  });

  it.each([
    ['grey', 0, [0, 51], '', [0, 0, 0, 255, 51, 51, 51, 255]],
    ['grey with one that is clear', 0, [0, 51], '0033', [0, 0, 0, 255, 51, 51, 51, 0]],
    ['RGB with one that is clear', 2, [1, 2, 3, 4, 5, 6], '000100020003', [1, 2, 3, 0, 4, 5, 6, 255]],
    ['RGB', 2, [1, 2, 3, 4, 5, 6], '', [1, 2, 3, 255, 4, 5, 6, 255]],
    ['grey and alpha', 4, [9, 8, 7, 6], '', [9, 9, 9, 8, 7, 7, 7, 6]],
    ['RGBA', 6, [1, 2, 3, 4, 5, 6, 7, 0], '', [1, 2, 3, 4, 5, 6, 7, 0]],
  ])('of 8-bit %s is those samples', (_, type, row, clear, expected) => {
    const tRNS = clear === '' ? [] : [writeChunk('tRNS', Buffer.from(clear, 'hex'))];
    const bytes = png([header(2, 1, [8, type, 0, 0, 0]), ...tRNS, idat(Uint8Array.of(0, ...row)), END]);
    expect(pixelsOf(bytes)).toEqual(expected);
  });

  it.each([8, 4, 2, 1])('of an index of %i bits is the colours of its palette', (depth) => {
    const PLTE = writeChunk('PLTE', Uint8Array.of(10, 20, 30, 40, 50, 60));
    const tRNS = writeChunk('tRNS', Uint8Array.of(77));
    // Two pixels, 1 then 0, from the highest bit on.
    const row = depth === 8 ? [1, 0] : [1 << (8 - depth)];
    const bytes = png([header(2, 1, [depth, 3, 0, 0, 0]), PLTE, tRNS, idat(Uint8Array.of(0, ...row)), END]);
    expect(pixelsOf(bytes)).toEqual([40, 50, 60, 255, 10, 20, 30, 77]);
  });

  it('of 1 to 4 bits of grey is spread over 0 to 255', () => {
    const tRNS = writeChunk('tRNS', Uint8Array.of(0, 1));
    for (const [depth, grey] of [
      [1, 255],
      [2, 85],
      [4, 17],
    ] as const) {
      const IHDR = header(1, 1, [depth, 0, 0, 0, 0]);
      const row = idat(Uint8Array.of(0, 1 << (8 - depth)));
      expect(pixelsOf(png([IHDR, row, END]))).toEqual([grey, grey, grey, 255]);
      expect(pixelsOf(png([IHDR, tRNS, row, END]))).toEqual([grey, grey, grey, 0]);
    }
  });

  it.each([
    [1, 1],
    [2, 3],
    [5, 5],
    [8, 9],
    [13, 7],
  ])('of %i×%i is the same interlaced, filtered or optimised by somebody else', async (width, height) => {
    const canvas = { width, height };
    const pixels = ramp(canvas).map((byte, at) => (at % 4 === 3 ? 255 : byte & 0xc0));
    const raw = sharp(pixels, { raw: { ...canvas, channels: 4 } });
    for (const options of [
      { progressive: true },
      { adaptiveFiltering: true },
      { progressive: true, palette: true, effort: 10 },
    ]) {
      const bytes = await raw.clone().png(options).toBuffer();
      expect(pixelsOf(bytes)).toEqual([...pixels]);
    }
  });

  it('means its samples, whatever gAMA says about them', () => {
    const { IHDR, IDAT } = parts();
    const gamma = png([IHDR, writeChunk('gAMA', Uint8Array.of(0, 0, 0x10, 0)), IDAT, END]);
    expect(Buffer.from(openPngImage(gamma).pixels())).toEqual(Buffer.from(ramp({ width: 3, height: 2 })));
  });
});

describe('what is no PNG image', () => {
  const { IHDR, IDAT, IEND } = parts();
  const canvas = { width: 3, height: 2 };

  it('is refused, and the control is not', async () => {
    expect(pixelsOf(png([IHDR, IDAT, IEND]))).toHaveLength(24);
    const deep = sharp(ramp(canvas), { raw: { ...canvas, channels: 4 } }).toColourspace('rgb16');
    const sixteen = await deep.png().toBuffer();
    expect(faultOf(() => openPngImage(sixteen)).message).toBe(
      'Expected a PNG of at most 8 bits per sample, found 16',
    );
    for (const [code, bytes] of [
      ['CART-E001', Buffer.from('GIF89a')],
      ['CART-E002', png([IHDR, IDAT, IEND]).subarray(0, 60)],
      ['CART-E005', png([IDAT, IHDR, IEND])],
      ['CART-E005', png([IHDR, header(1, 1), IDAT, IEND])],
      ['CART-E005', png([IHDR, ...Array(2).fill(writeChunk('PLTE', Uint8Array.of(1, 2, 3))), IDAT, IEND])],
      ['CART-E005', png([IHDR, writeChunk('PLTE', new Uint8Array(771)), IDAT, IEND])],
      ['CART-E006', png([header(3, 2, [8, 6, 0, 0]), IDAT, IEND])],
      ['CART-E006', png([header(3, 2, [4, 6, 0, 0, 0]), IDAT, IEND])],
      ['CART-E006', png([header(3, 2, [8, 5, 0, 0, 0]), IDAT, IEND])],
      ['CART-E006', png([header(3, 2, [8, 6, 1, 0, 0]), IDAT, IEND])],
      ['CART-E006', png([header(3, 2, [8, 6, 0, 0, 2]), IDAT, IEND])],
      ['CART-E007', png([header(0, 2), IDAT, IEND])],
      ['CART-E007', png([header(16_385, 1), IDAT, IEND])],
      ['CART-E008', png([header(3, 3), IDAT, IEND])],
      ['CART-E009', png([header(3, 1), IDAT, IEND])],
      ['CART-E010', png([header(3, 2, [8, 3, 0, 0, 0]), idat(new Uint8Array(8)), IEND])],
      ['CART-E005', png([IHDR, writeChunk('CgBI', Uint8Array.of(1)), IDAT, IEND])],
      ['CART-E017', png([IHDR, IDAT])],
    ] as const) {
      expect(codeOf(bytes)).toBe(code);
    }
  });

  it('is refused when a colour of its index is not in its palette', () => {
    const PLTE = writeChunk('PLTE', Uint8Array.of(1, 2, 3));
    const of = (index: number): Uint8Array =>
      png([header(1, 1, [8, 3, 0, 0, 0]), PLTE, idat(Uint8Array.of(0, index)), END]);
    expect(pixelsOf(of(0))).toEqual([1, 2, 3, 255]);
    expect(codeOf(of(1))).toBe('CART-E010');
  });

  it('costs no more than its header says, interlaced or not', () => {
    const bomb = idat(new Uint8Array(32_000_000));
    for (const interlace of [0, 1]) {
      const bytes = png([header(3, 2, [8, 6, 0, 0, interlace]), bomb, END]);
      const before = process.memoryUsage().arrayBuffers;
      expect(codeOf(bytes)).toBe('CART-E009');
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    }
  });

  it('is told from one by every single byte that is changed, and thrown at no other way', () => {
    const whole = altered({});
    const copy = Uint8Array.from(whole);
    for (const [at, byte] of whole.entries()) {
      copy[at] = byte ^ 0x21;
      faultOf(() => openPngImage(copy).pixels());
      copy[at] = byte;
    }
    expect(readChunks(copy).length).toBeGreaterThan(5);
  });

  it('is never more than a CartridgeFault where its chunks are whole and their data is not', () => {
    let seed = 7;
    const chance = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const image = rows(ramp(canvas), canvas);
    for (let round = 0; round < 500; round++) {
      const form = [[1, 2, 4, 8, 16][chance(5)]!, chance(7), 0, 0, chance(2)];
      const some = (): Uint8Array => Uint8Array.from({ length: chance(12) }, () => chance(256));
      const middle = [
        writeChunk('PLTE', some()),
        writeChunk('tRNS', some()),
        idat(image.subarray(0, chance(27))),
      ].filter(() => chance(4) > 0);
      const bytes = png([header(1 + chance(3), 1 + chance(3), form), ...middle, END]);
      try {
        expect(openPngImage(bytes).pixels().length % 4).toBe(0);
      } catch (error) {
        expect(error).toMatchObject({ name: 'CartridgeFault' });
      }
    }
  });
});
