/** PngSuite itself, by Willem van Schaik: each file is read as libpng reads it, or refused for the right reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { inputPixels } from '../../../shared/cartridge/input-pixels.ts';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { faultOf } from './sample.ts';

const FOLDER = join(packageRoot(), 'test/fixtures/pngsuite');
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.png'))
  .sort();
const read = (name: string): Buffer => readFileSync(join(FOLDER, name));

/** The last two digits of a name are the bits of a sample. */
const isDeep = (name: string): boolean => name.endsWith('16.png');
const BROKEN = FILES.filter((name) => name.startsWith('x'));
const DEEP = FILES.filter((name) => !BROKEN.includes(name) && isDeep(name));
const PLAIN = FILES.filter((name) => !BROKEN.includes(name) && !isDeep(name));

/** Of the files that are meant to be broken: the code and what its message names. */
const REASONS: Readonly<Record<string, readonly [code: string, words: string]>> = {
  'xc1n0g08.png': ['CART-E006', 'a form that PNG knows, found 13 ending in 0801000000'],
  'xc9n2c08.png': ['CART-E006', 'a form that PNG knows, found 13 ending in 0809000000'],
  'xcrn0g04.png': ['CART-E001', 'found bytes 89504e470d0d1a0d'],
  'xcsn0g01.png': ['CART-E003', 'of IDAT at offset 49, found 0x4353554d'],
  'xd0n2c08.png': ['CART-E006', 'a form that PNG knows, found 13 ending in 0002000000'],
  'xd3n2c08.png': ['CART-E006', 'a form that PNG knows, found 13 ending in 0302000000'],
  'xd9n2c08.png': ['CART-E006', 'a form that PNG knows, found 13 ending in 6302000000'],
  'xdtn0g01.png': ['CART-E008', 'Expected 160 bytes of pixels, found 0 compressed bytes'],
  'xhdn0g08.png': ['CART-E003', 'of IHDR at offset 8, found 0x4353554d'],
  'xlfn0g04.png': ['CART-E001', 'found bytes 89504e470a0a1a0a'],
  'xs1n0g01.png': ['CART-E001', 'found bytes 09504e470d0a1a0a'],
  'xs2n0g01.png': ['CART-E001', 'found bytes 89514e470d0a1a0a'],
  'xs4n0g01.png': ['CART-E001', 'found bytes 89504e670d0a1a0a'],
  'xs7n0g01.png': ['CART-E001', 'found bytes 89504e470d0a200a'],
};

describe('of PngSuite', () => {
  it('all kinds are here', () => {
    expect([PLAIN.length, DEEP.length, BROKEN.length]).toEqual([127, 33, 14]);
    expect(Object.keys(REASONS)).toEqual(BROKEN);
  });

  it.each(PLAIN)('%s is read as libpng reads it', async (name) => {
    const bytes = read(name);
    const { data, info } = await sharp(bytes)
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { canvas, pixels } = openPngImage(bytes);
    const found = pixels();
    expect(canvas).toEqual({ width: info.width, height: info.height });
    expect(Buffer.compare(found, data)).toBe(0);
    expect(inputPixels(bytes, { ...canvas, checksum: sha256Hex(data) })).toBeInstanceOf(Uint32Array);
  });

  it.each(DEEP)('%s is refused for its 16 bits', (name) => {
    const { code, message } = faultOf(() => openPngImage(read(name)));
    expect([code, message]).toEqual([
      'CART-E006',
      expect.stringContaining('at most 8 bits per sample, found 16'),
    ]);
  });

  it.each(BROKEN)('%s is refused for what is broken in it', (name) => {
    const { code, message } = faultOf(() => openPngImage(read(name)).pixels());
    const [expected, words] = REASONS[name]!;
    expect([code, message]).toEqual([expected, expect.stringContaining(words)]);
  });
});
