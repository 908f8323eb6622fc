/** The deflate for any bytes: what zlib makes of its streams, and both sides of what its blocks and matches can hold. */
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { deflateBytes } from '../../../shared/cartridge/byte-deflate.ts';
import { Repetitions } from '../../../shared/cartridge/repetitions.ts';
import { seeded } from '../../../shared/seeded.ts';

const SEED = 11_2026;

const deflate = (bytes: Uint8Array): Buffer => Buffer.concat(deflateBytes(bytes));
const survives = (bytes: Uint8Array): boolean =>
  Buffer.compare(inflateSync(deflate(bytes), { maxOutputLength: bytes.length }), bytes) === 0;
/** Bytes of which none predicts the next. */
const noise = (length: number, seed = SEED): Uint8Array => {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
};
const tokensOf = (bytes: Uint8Array): number[] => {
  const repetitions = new Repetitions(bytes);
  const tokens: number[] = [];
  while (!repetitions.isDone) tokens.push(...repetitions.next());
  return tokens;
};
const matchesOf = (bytes: Uint8Array): [length: number, distance: number][] =>
  tokensOf(bytes).flatMap((token) => (token < 256 ? [] : [[token >>> 16, token & 0xffff]]));

describe('deflateBytes', () => {
  it('gives what zlib inflates to the same bytes, however often they repeat themselves', () => {
    const piece = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 30 }), (pieces) => {
        const bytes = Buffer.concat(
          pieces.flatMap(([part, times]) => new Array<Uint8Array>(times).fill(part)),
        );
        expect(survives(bytes)).toBe(true);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('does so at every length up to a match and a half, of zeros and of noise', () => {
    const long = noise(400);
    for (let length = 1; length <= 400; length++) {
      expect(survives(new Uint8Array(length)), `${length} zeros`).toBe(true);
      expect(survives(long.subarray(0, length)), `${length} of noise`).toBe(true);
      expect(survives(Buffer.concat([long, long.subarray(0, length)])), `${length} again`).toBe(true);
    }
  });

  it('does so where a block is full, one byte before and one byte after', () => {
    for (const length of [32_767, 32_768, 32_769, 65_536, 65_537]) {
      expect(survives(noise(length)), `${length}`).toBe(true);
    }
  });

  it('is objected to by zlib when one bit of a stream is another', () => {
    const bytes = noise(500);
    const stream = deflate(bytes);
    for (const at of [2, 100, stream.length - 1]) {
      const flipped = Buffer.from(stream);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      expect(() => inflateSync(flipped)).toThrow();
    }
  });

  it('takes no more room than zlib at level 1, and a hundredth more at worst', () => {
    const text = Buffer.from(
      Array.from({ length: 3_000 }, (_, i) => `line ${(i * i) % 977}: ${i % 13}\n`).join(''),
    );
    expect(deflate(text).length).toBeLessThan(deflateSync(text, { level: 1 }).length);
    expect(deflate(new Uint8Array(1_000_000)).length).toBeLessThan(1_100);
    expect(deflate(noise(100_000)).length).toBeLessThan(101_000);
    expect(deflate(Uint8Array.of(7)).length).toBe(deflateSync(Uint8Array.of(7)).length);
  });

  it('gives the bytes that it always gave', () => {
    const mixed = Buffer.concat([
      noise(5_000),
      new Uint8Array(700),
      noise(5_000),
      Buffer.from('again and again and'),
    ]);
    expect(sha256Hex(deflate(mixed))).toBe(
      '9b90d52ab338e36cc98d98ab868ac9c26960a4042db1d95c89b89074652c3b8d',
    );
    expect(sha256Hex(deflate(noise(70_000, 3)))).toBe(
      '290602a8f9bce949bc90f4b87776161deb6d70c7e5540bed202465d3f211ba0e',
    );
  });
});

describe('a match', () => {
  it('is found at the far end of the window, and not beyond', () => {
    const mark = Buffer.from('abcdefghijklmnopqrstuvwx');
    const apart = (distance: number): Uint8Array =>
      Buffer.concat([mark, noise(distance - mark.length), mark]);
    const far = ([, distance]: readonly [number, number]): boolean => distance > 30_000;
    expect(matchesOf(apart(32_768)).filter(far)).toEqual([[mark.length, 32_768]]);
    expect(matchesOf(apart(32_769)).filter(far)).toEqual([]);
  });

  it('is of 4 to 258 bytes', () => {
    const word = (length: number): [number, number][] =>
      matchesOf(Buffer.concat([noise(300), Buffer.of(1, 2), noise(300).subarray(0, length)]));
    expect(word(3)).toEqual([]);
    expect(word(4)).toEqual([[4, 302]]);
    expect(word(258)).toEqual([[258, 302]]);
    expect(word(259)).toEqual([[258, 302]]);
    expect(word(262)).toEqual([
      [258, 302],
      [4, 302],
    ]);
  });

  it('is the nearest of several that are as long', () => {
    const bytes = Buffer.from('abcdefgh1abcdefgh2abcdefgh');
    expect(matchesOf(bytes)).toEqual([
      [8, 9],
      [8, 9],
    ]);
  });
});
