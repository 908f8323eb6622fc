/** Reproducible cartridges: what they leave out, and that their bytes follow from their pixels and their label alone. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { readChunks } from '../../../shared/cartridge/chunk.ts';
import { openCartridge, readLabel } from '../../../shared/cartridge/open.ts';
import { type Pressing, press } from '../../../shared/cartridge/press.ts';
import { keywordOf, writeText } from '../../../shared/cartridge/text-chunk.ts';
import { altered, faultOf, pressing, RUN, ramp } from './sample.ts';

const NOBODY = { run: undefined, createdAt: undefined };
/** A picture of so many colours, all opaque, in stretches of rows. */
const striped = (colors: number, canvas: Pressing['canvas'] = { width: 64, height: 48 }): Pressing => {
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  for (let at = 0; at < pixels.length / 4; at++) {
    const color = (at * 7 + Math.floor(at / canvas.width) ** 2) % colors;
    pixels.set([color, color ^ 0x55, 255 - color, 255], 4 * at);
  }
  return { ...pressing(canvas, pixels), ...NOBODY };
};
const inFull = (canvas: Pressing['canvas']): Pressing => ({ ...pressing(canvas, ramp(canvas)), ...NOBODY });

/** SHA-256 of files. They change on purpose only: whoever pressed before would get other bytes. */
const PINS = {
  '1 bit': '69e628bb10dd4844291203c78effc5a37ee6daa92f60415699c023906610e6c5',
  '2 bits': '9d2f27bcf7c56d991d06ed459d9515706b61bcd00f6d7fd38a4fd9bad497eb2b',
  '4 bits': '29bbe04cbce47a8730c7c3cf7a863aa29f2fbf91afcfc3ff27a104736dbb3453',
  '8 bits': 'cf83f127c4e4f6d5ad57da77a5b26e8fa4e77acebc5e2c5705431eb470d46489',
  '8 bits, several blocks': '8bcd3fa30f3fd2fe9fe0cdc7cf212e9c97a272cf85ccf3c319fa4ced7590c520',
  RGBA: '493e57692a0163e3aae58b782840b703e0e059b110502292b3d14ab1769750da',
  'RGBA, large': '90f9eff5b82d20ea2ca33b722f09cef8f1f45b9f228088332e642021f5f7dadd',
};

describe('a reproducible cartridge', () => {
  it('has the seed’s texts but the time, the label, and nothing that varies', () => {
    const names = readChunks(press(striped(2))).map((chunk) => [chunk.type, keywordOf(chunk)]);
    expect(names).toEqual([
      ['IHDR', undefined],
      ['tEXt', 'cartridge_type'],
      ['tEXt', 'checksum'],
      ['iTXt', 'gvpie'],
      ['PLTE', undefined],
      ['IDAT', undefined],
      ['IEND', undefined],
    ]);
  });

  it('opens with its pixels and its label, and says neither when nor by whom', () => {
    for (const given of [
      striped(2),
      striped(3),
      striped(16),
      striped(200),
      inFull({ width: 9, height: 5 }),
    ]) {
      const { pixels, label, run, text } = openCartridge(press(given));
      expect(Buffer.compare(pixels, given.pixels)).toBe(0);
      expect([label, run, text.created_at]).toEqual([given.label, undefined, undefined]);
    }
  });

  it('has the bytes that it always had, in every form of its pixels', () => {
    const digests = [
      ['1 bit', striped(2)],
      ['2 bits', striped(4)],
      ['4 bits', striped(16)],
      ['8 bits', striped(256)],
      ['8 bits, several blocks', striped(251, { width: 640, height: 400 })],
      ['RGBA', inFull({ width: 61, height: 23 })],
      ['RGBA, large', inFull({ width: 200, height: 100 })],
    ].map(([form, given]) => [form, sha256Hex(press(given as Pressing))]);
    expect(Object.fromEntries(digests)).toEqual(PINS);
  });

  it('is another one where one bit of a pixel is', () => {
    const given = inFull({ width: 9, height: 5 });
    const flipped = Uint8Array.from(given.pixels);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    const other = { ...pressing(given.canvas, flipped), ...NOBODY };
    expect(Buffer.compare(press(given), press(given))).toBe(0);
    expect(Buffer.compare(press(other), press(given))).not.toBe(0);
  });

  it('leaves out who and when together, or neither', () => {
    const given = pressing();
    expect(() => press({ ...given, createdAt: undefined })).toThrow('invariant');
    expect(() => press({ ...given, run: undefined })).toThrow('invariant');
    expect(() => press({ ...given, run: RUN, createdAt: given.createdAt })).not.toThrow();
  });
});

describe('reading without a time', () => {
  it('is for files without a run: half of both is what a tool has left', () => {
    expect(
      readLabel(altered({ created_at: undefined, gvpie_run: undefined })).text.created_at,
    ).toBeUndefined();
    expect(readLabel(altered({ gvpie_run: undefined })).text.created_at).toBe(pressing().createdAt);
    expect(faultOf(() => readLabel(altered({ created_at: undefined }))).code).toBe('CART-E011');
  });

  it('takes no other thing for a time', () => {
    const created_at = writeText('created_at', '');
    expect(faultOf(() => readLabel(altered({ created_at, gvpie_run: undefined }))).code).toBe('CART-E014');
  });
});
