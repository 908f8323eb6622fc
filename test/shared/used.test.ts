import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { usedSchema } from '../../shared/record-schemas.ts';
import { type Used, usesDigest } from '../../shared/used.ts';

const USED: Used = {
  canvas: 1,
  blend: { over: 1 },
  opcodes: { TXT: 1, HALT: 1 },
  glyphs: { '0041': '0e11' },
};

describe('usesDigest', () => {
  it('is the SHA-256 of the record as canonical JSON', () => {
    const text = '{"blend":{"over":1},"canvas":1,"glyphs":{"0041":"0e11"},"opcodes":{"HALT":1,"TXT":1}}';
    expect(usesDigest(USED)).toBe(sha256Hex(text));
  });

  it('does not depend on the order of keys, but on every value', () => {
    expect(usesDigest({ ...USED, opcodes: { HALT: 1, TXT: 1 } })).toBe(usesDigest(USED));
    expect(usesDigest({ ...USED, glyphs: { '0041': '0e10' } })).not.toBe(usesDigest(USED));
    expect(usesDigest({ ...USED, canvas: 2 })).not.toBe(usesDigest(USED));
  });
});

describe('usedSchema', () => {
  it('keeps a section it does not know, so that the digest still covers it', () => {
    const newer = { ...USED, palettes: { seed: 1 } };
    expect(usesDigest(usedSchema.parse(newer))).toBe(usesDigest(newer));
  });

  it('refuses sections that nest, and glyphs that are not code points', () => {
    expect(usedSchema.safeParse(USED).success).toBe(true);
    expect(usedSchema.safeParse({ ...USED, palettes: { seed: { deep: 1 } } }).success).toBe(false);
    expect(usedSchema.safeParse({ ...USED, glyphs: { A: '0e11' } }).success).toBe(false);
    expect(usedSchema.safeParse({ ...USED, glyphs: { '0041': 'xyz' } }).success).toBe(false);
    expect(usedSchema.safeParse({ ...USED, opcodes: { TXT: 0 } }).success).toBe(false);
  });
});
