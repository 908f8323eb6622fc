/** Cartridges whose pixels are indices into a palette: what opens, and what is refused. */
import { deflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { CartridgeFaultCode } from '../../../shared/cartridge/cartridge-fault.ts';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { faultOf, header, parts, png, pressing, withPixelsOf } from './sample.ts';

const CANVAS = { width: 3, height: 2 };
const COLORS = [
  [10, 20, 30],
  [0, 0, 0],
  [255, 255, 255],
] as const;
/** Which colour each pixel has. */
const PICTURE = [0, 1, 2, 2, 1, 0];
const PIXELS = Uint8Array.from(PICTURE.flatMap((index) => [...(COLORS[index] ?? []), 255]));

/** A whole cartridge with a palette, some of its chunks replaced, or dropped with `undefined`. */
function paletted(change: {
  readonly IHDR?: Uint8Array;
  readonly PLTE?: Uint8Array | undefined;
  readonly IDAT?: Uint8Array;
}): Uint8Array {
  const { IHDR, IDAT, IEND, ...texts } = parts(pressing(CANVAS, PIXELS));
  const whole = {
    IHDR: header(3, 2, [2, 3, 0, 0, 0]),
    PLTE: palette(COLORS.flat()),
    IDAT: indices([0x18, 0x90]),
  };
  const chunks = { ...whole, ...change };
  return png(
    [chunks.IHDR, ...Object.values(texts), chunks.PLTE, chunks.IDAT, IEND].filter(
      (chunk) => chunk !== undefined,
    ),
  );
}

const palette = (bytes: readonly number[]): Uint8Array => writeChunk('PLTE', Uint8Array.from(bytes));
/** Rows of one byte each. */
const indices = (rows: readonly number[], filter = 0): Uint8Array =>
  writeChunk('IDAT', deflateSync(Uint8Array.from(rows.flatMap((row) => [filter, row]))));
const codeOf = (bytes: Uint8Array): CartridgeFaultCode => faultOf(() => openCartridge(bytes)).code;

describe('a cartridge with a palette', () => {
  it('opens with the colours that its indices stand for: the control of the cases below', () => {
    expect(openCartridge(paletted({})).pixels).toEqual(PIXELS);
    expect(Buffer.compare(PNG.sync.read(Buffer.from(paletted({}))).data, PIXELS)).toBe(0);
    // The last two bits of a row belong to no pixel.
    expect(openCartridge(paletted({ IDAT: indices([0x1b, 0x92]) })).pixels).toEqual(PIXELS);
  });

  it('opens with 1, 2, 4 and 8 bits an index', () => {
    const forms = [
      [2, [0x18, 0x90]],
      [4, [0x01, 0x20, 0x21, 0x00]],
      [8, [0, 1, 2, 2, 1, 0]],
    ] as const;
    for (const [depth, bytes] of forms) {
      const length = bytes.length / 2;
      const rows = [0, ...bytes.slice(0, length), 0, ...bytes.slice(length)];
      const IDAT = writeChunk('IDAT', deflateSync(Uint8Array.from(rows)));
      const file = paletted({ IHDR: header(3, 2, [depth, 3, 0, 0, 0]), IDAT });
      expect(openCartridge(file).pixels).toEqual(PIXELS);
    }
    const one = paletted({
      IHDR: header(3, 2, [1, 3, 0, 0, 0]),
      PLTE: palette(COLORS.slice(0, 2).flat()),
      IDAT: indices([0x40, 0xa0]),
    });
    const seen = [...openCartridge(one).pixels].filter((_, at) => at % 4 === 0);
    expect(seen).toEqual([10, 0, 10, 0, 10, 0]);
  });

  it('is refused for every other value of every single byte', () => {
    const whole = press(pressing(CANVAS, PIXELS));
    expect(readChunks(whole).map(({ type }) => type)).toContain('PLTE');
    const copy = Uint8Array.from(whole);
    const kept: string[] = [];
    // Only the chunks that others do not have: open.test.ts turns over every byte of the rest.
    const begin = readChunks(whole).find(({ type }) => type === 'PLTE')?.offset ?? 0;
    for (let at = begin; at < whole.length; at++) {
      for (let flip = 1; flip < 256; flip++) {
        copy[at] = (whole[at] ?? 0) ^ flip;
        try {
          openCartridge(copy);
          kept.push(`byte ${at} ^ ${flip}`);
        } catch {}
      }
      copy[at] = whole[at] ?? 0;
    }
    expect(kept).toEqual([]);
    expect(() => openCartridge(copy)).not.toThrow();
  });

  it('is refused when its palette is missing, empty, cut, or longer than indices reach', () => {
    const of = (colors: number): Uint8Array => palette(new Array<number>(3 * colors).fill(7));
    expect(codeOf(paletted({ PLTE: undefined }))).toBe('CART-E010');
    expect(codeOf(paletted({ PLTE: of(0) }))).toBe('CART-E010');
    expect(codeOf(paletted({ PLTE: palette([1, 2, 3, 4, 5, 6, 7, 8]) }))).toBe('CART-E010');
    expect(codeOf(paletted({ PLTE: of(5) }))).toBe('CART-E010');
    expect(() => openCartridge(paletted({ PLTE: of(4) }))).not.toThrow();
    const eight = header(3, 2, [8, 3, 0, 0, 0]);
    expect(codeOf(paletted({ IHDR: eight, PLTE: of(257) }))).toBe('CART-E010');
  });

  it('is refused when an index is outside the palette', () => {
    const two = palette(COLORS.slice(0, 2).flat());
    expect(codeOf(paletted({ PLTE: two }))).toBe('CART-E010');
    expect(() => openCartridge(paletted({ PLTE: two, IDAT: indices([0x10, 0x04]) }))).not.toThrow();
    expect(codeOf(paletted({ IDAT: indices([0x18, 0xd0]) }))).toBe('CART-E010');
  });

  it('is refused when the palette comes twice or late, or says how opaque its colours are', () => {
    const plain = paletted({});
    const chunks = readChunks(plain).map(({ type, data }) => writeChunk(type, data));
    const at = chunks.length - 3;
    const PLTE = chunks[at] ?? new Uint8Array(0);
    const clear = writeChunk('tRNS', Uint8Array.of(0));
    const without = chunks.toSpliced(at, 1);
    expect(codeOf(png(chunks.toSpliced(at, 0, PLTE)))).toBe('CART-E005');
    expect(codeOf(png(without.toSpliced(at + 1, 0, PLTE)))).toBe('CART-E005');
    expect(codeOf(png(chunks.toSpliced(at + 1, 0, clear)))).toBe('CART-E005');
    expect(() => openCartridge(png(without.toSpliced(1, 0, PLTE)))).not.toThrow();
  });

  it('is refused when it is 16-bit, interlaced, of grey or of RGB', () => {
    for (const form of [
      [16, 3, 0, 0, 0],
      [3, 3, 0, 0, 0],
      [0, 3, 0, 0, 0],
      [8, 3, 0, 0, 1],
      [8, 3, 1, 0, 0],
      [8, 0, 0, 0, 0],
      [8, 2, 0, 0, 0],
      [8, 4, 0, 0, 0],
    ]) {
      expect(codeOf(paletted({ IHDR: header(3, 2, form), PLTE: undefined }))).toBe('CART-E006');
    }
  });

  it('is refused with one byte of indices too few or too many, and for a filter that is none', () => {
    const holding = (bytes: readonly number[]): Uint8Array =>
      paletted({ IDAT: writeChunk('IDAT', deflateSync(Uint8Array.from(bytes))) });
    expect(() => openCartridge(holding([0, 0x18, 0, 0x90]))).not.toThrow();
    expect(codeOf(holding([0, 0x18, 0]))).toBe('CART-E008');
    expect(codeOf(holding([0, 0x18, 0, 0x90, 0]))).toBe('CART-E009');
    for (const filter of [0, 1, 2, 3, 4]) {
      expect(() => openCartridge(paletted({ IDAT: indices([0, 0], filter) }))).not.toThrow();
    }
    expect(codeOf(paletted({ IDAT: indices([0, 0], 5) }))).toBe('CART-E010');
  });

  it('is refused before the largest canvas is allocated over almost no indices', () => {
    const IHDR = header(LIMITS.canvasSide, LIMITS.canvasPixels / LIMITS.canvasSide, [1, 3, 0, 0, 0]);
    const canvas = { width: LIMITS.canvasSide, height: LIMITS.canvasPixels / LIMITS.canvasSide };
    const before = process.resourceUsage().maxRSS;
    const { IEND, ...rest } = parts(pressing(CANVAS, PIXELS));
    const label = { ...pressing(CANVAS, PIXELS).label, canvas };
    const gvpie = writeChunk('iTXt', Buffer.from(`gvpie\0\0\0\0\0${JSON.stringify(label)}`));
    const two = palette(COLORS.slice(0, 2).flat());
    const { cartridge_type, checksum, created_at } = rest;
    const file = png([IHDR, cartridge_type, checksum, created_at, gvpie, two, indices([0, 0]), IEND]);
    expect(codeOf(file)).toBe('CART-E008');
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(32);
  });
});

describe('what others made of a picture', () => {
  it('opens with the same pixels, whatever they filtered, as a palette and as RGBA', async () => {
    const random = seededBetween(10_2026);
    const canvas = { width: 61, height: 33 };
    for (const colors of [2, 4, 16, 200, 100_000]) {
      const pixels = new Uint8Array(4 * 61 * 33);
      for (let at = 0; at < pixels.length; at += 4) {
        const color = random(0, colors);
        pixels.set([color & 255, (color >> 8) & 255, (color * 3) & 255, 255], at);
      }
      const file = press(pressing(canvas, pixels));
      const raw = sharp(pixels, { raw: { ...canvas, channels: 4 } });
      const rgba = await raw.clone().png({ adaptiveFiltering: true, palette: false }).toBuffer();
      expect(Buffer.compare(openCartridge(withPixelsOf(file, rgba)).pixels, pixels)).toBe(0);
      for (const filterType of [0, 1, 2, 3, 4]) {
        const made = PNG.sync.write(Object.assign(new PNG(canvas), { data: Buffer.from(pixels) }), {
          filterType,
        });
        expect(Buffer.compare(openCartridge(withPixelsOf(file, made)).pixels, pixels)).toBe(0);
      }
      if (colors > 16) continue;
      const few = await raw
        .clone()
        .removeAlpha()
        .png({ palette: true, colors, dither: 0, adaptiveFiltering: true })
        .toBuffer();
      const opened = openCartridge(withPixelsOf(file, few)).pixels;
      expect(Buffer.compare(opened, PNG.sync.read(few).data)).toBe(0);
    }
  });

  it('means to us what it means to pngjs, or is refused: rows, filters and palettes by chance', () => {
    const random = seededBetween(11_2026);
    const chance = (length: number, low: number, high: number): Uint8Array =>
      new Uint8Array(length).map(() => random(low, high));
    let opened = 0;
    let refused = 0;
    for (let n = 0; n < 600; n++) {
      const canvas = { width: random(1, 20), height: random(1, 8) };
      const depth = [1, 2, 4, 8][random(0, 4)] ?? 1;
      const length = Math.ceil((canvas.width * depth) / 8);
      const rows = Array.from({ length: canvas.height }, () => [
        random(0, 40) === 0 ? random(0, 256) : random(0, 5),
        ...chance(length, 0, random(0, 3) === 0 ? 256 : 2),
      ]);
      const { cartridge_type, checksum, created_at, gvpie, IEND } = parts(
        pressing(canvas, new Uint8Array(4 * canvas.width * canvas.height)),
      );
      const file = png([
        header(canvas.width, canvas.height, [depth, 3, 0, 0, 0]),
        ...[cartridge_type, checksum, created_at, gvpie],
        writeChunk('PLTE', chance(3 * random(1, (1 << depth) + 1), 0, 256)),
        writeChunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
        IEND,
      ]);
      const theirs = attempt(() => PNG.sync.read(Buffer.from(file)).data);
      const pixels = attempt(() => openCartridge(file).pixels);
      expect(pixels instanceof Uint8Array, `${n}`).toBe(theirs instanceof Uint8Array);
      if (theirs instanceof Uint8Array && pixels instanceof Uint8Array) {
        expect(Buffer.compare(theirs, pixels), `${n}`).toBe(0);
        opened++;
      } else {
        expect(pixels).toMatchObject({ code: 'CART-E010' });
        refused++;
      }
    }
    expect(Math.min(opened, refused)).toBeGreaterThan(100);
  });
});

function attempt<T>(act: () => T): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
