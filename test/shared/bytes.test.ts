import { describe, expect, it } from 'vitest';
import { decodeUtf8, firstInvalidUtf8, sha256Hex, sha256InTurns } from '../../shared/bytes.ts';

describe('sha256Hex', () => {
  it('is the digest of FIPS 180-4, in lower-case hex', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('hashes a string as UTF-8', () => {
    expect(sha256Hex('ε')).toBe(sha256Hex(Uint8Array.of(0xce, 0xb5)));
  });
});

describe('sha256InTurns', () => {
  it.each([
    [0, 0],
    [2 ** 20, 0],
    [2 ** 20 + 1, 2],
    [2 ** 21 + 5, 3],
  ])('is the same digest of %i bytes, with %i turns for others', async (length, turns) => {
    const data = Buffer.alloc(length, 'gvpie');
    let breaths = 0;
    const breathe = async (): Promise<void> => {
      breaths++;
    };
    expect(await sha256InTurns(data, breathe)).toBe(sha256Hex(data));
    expect(breaths).toBe(turns);
  });
});

describe('decodeUtf8', () => {
  it('keeps a byte order mark', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\uFEFFa');
  });

  it.each([
    ['a byte that never occurs', [0xff]],
    ['an overlong form', [0xc0, 0x80]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut short', [0xe2, 0x82]],
    ['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('refuses %s', (_what, bytes) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe('firstInvalidUtf8', () => {
  it.each([
    ['valid text', [0x61, 0xe2, 0x82, 0xac], -1],
    ['nothing', [], -1],
    ['a bad first byte', [0xff, 0x61], 0],
    ['a bad last byte', [0x61, 0x62, 0xff], 2],
    ['a sequence cut short by another character', [0x61, 0xe2, 0x62], 1],
    ['a sequence cut short by the end', [0x61, 0xe2, 0x82], 1],
    ['a bad byte behind a sequence of four', [0xf0, 0x9f, 0x98, 0x80, 0x80], 4],
  ])('finds where the first bad sequence begins in %s', (_what, bytes, offset) => {
    expect(firstInvalidUtf8(Uint8Array.from(bytes))).toBe(offset);
  });
});
