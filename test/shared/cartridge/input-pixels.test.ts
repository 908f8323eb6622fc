/** Pixels of an input: believed only where size and SHA-256 are what was asked for. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { inputPixels } from '../../../shared/cartridge/input-pixels.ts';
import { writePng } from '../../../shared/cartridge/png.ts';
import { press } from '../../../shared/cartridge/press.ts';
import type { Input } from '../../../shared/inputs.ts';
import { pressing, ramp } from './sample.ts';

const canvas = { width: 3, height: 2 };
const pixels = ramp(canvas);
const asked: Input = { ...canvas, checksum: sha256Hex(pixels) };
const words = [...Array(6).keys()].map((at) => Buffer.from(pixels).readUInt32LE(at * 4));
const png = writePng(pixels, canvas);

describe('the pixels of an input', () => {
  it.each([
    ['a cartridge', press(pressing())],
    ['any PNG', png],
    ['raw RGBA', pixels],
    ['raw RGBA that begins at an odd place', Buffer.concat([Buffer.of(9), pixels]).subarray(1)],
  ])('are packed words, red lowest, from %s', (_, bytes) => {
    const found = inputPixels(bytes, asked);
    expect(found).toBeInstanceOf(Uint32Array);
    expect([...found]).toEqual(words);
  });

  it('are not those of a file in which one pixel is another', () => {
    const other = Uint8Array.from(pixels);
    other[5] = (other[5] as number) ^ 1;
    const message = `other pixels, whose checksum is ${sha256Hex(other)}`;
    expect(inputPixels(other, asked)).toBe(message);
    expect(inputPixels(writePng(other, canvas), asked)).toBe(message);
  });

  it('are not those of the same bytes in another shape', () => {
    const turned = { width: 2, height: 3 };
    expect(inputPixels(writePng(pixels, turned), asked)).toBe('a PNG of 2×3');
    expect(inputPixels(png, { ...asked, ...turned })).toBe('a PNG of 3×2');
    // Raw bytes do not say their shape: the program does.
    expect(inputPixels(pixels, { ...asked, ...turned })).toBeInstanceOf(Uint32Array);
  });

  it.each([
    ['a torn PNG', png.subarray(0, 50), 'a PNG that cannot be read: Expected '],
    ['nothing', new Uint8Array(0), 'no PNG, and 0 bytes where raw RGBA would be 24'],
    ['a byte too few', pixels.subarray(1), 'no PNG, and 23 bytes where raw RGBA would be 24'],
    ['a byte too many', new Uint8Array(25), 'no PNG, and 25 bytes where raw RGBA would be 24'],
  ])('are not in %s', (_, bytes, found) => {
    expect(inputPixels(bytes, asked)).toContain(found);
  });

  it('are not looked for in a PNG that claims more than was asked for', () => {
    const huge = writePng(new Uint8Array(4_096 * 512 * 4), { width: 4_096, height: 512 });
    const before = process.memoryUsage().arrayBuffers;
    expect(inputPixels(huge, asked)).toBe('a PNG of 4096×512');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });
});
