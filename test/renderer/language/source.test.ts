import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSource, sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));

function complaintOf(work: () => unknown) {
  try {
    work();
  } catch (fault) {
    if (fault instanceof AuthorFault) return fault.complaints[0];
    throw fault;
  }
  throw new Error('expected a refusal');
}

describe('lines', () => {
  it.each([
    ['', []],
    ['HALT', ['HALT']],
    ['HALT\n', ['HALT']],
    ['HALT\n\n', ['HALT', '']],
    ['\n', ['']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\r\n\r\nb', ['a', '', 'b']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\n', ['a\r']],
    ['a\u2028b\u0085c\vd', ['a\u2028b\u0085c\vd']],
  ])('cuts %j at LF and CRLF only', (text, lines) => {
    expect(sourceOf(text).lines).toEqual(lines);
    expect(decodeSource(bytes(text)).lines).toEqual(lines);
  });
});

describe('a byte order mark', () => {
  it('is skipped once, at the start', () => {
    expect(decodeSource(bytes('\uFEFFHALT'))).toEqual(sourceOf('HALT'));
    expect(sourceOf('\uFEFFHALT').text).toBe('HALT');
  });

  it('is a character like any other elsewhere', () => {
    expect(sourceOf('\uFEFF\uFEFFHALT').text).toBe('\uFEFFHALT');
    expect(sourceOf('HALT\n\uFEFF').lines).toEqual(['HALT', '\uFEFF']);
  });
});

describe('bytes that are not UTF-8', () => {
  it.each<[string, Uint8Array, number, number, string]>([
    ['a stray byte', bytes('HALT\nTXT 1 2 é', [0xff], 'x\n'), 2, 10, '0xFF at offset 15'],
    ['a stray continuation', bytes([0x80]), 1, 1, '0x80 at offset 0'],
    ['an overlong form', bytes('a', [0xc0, 0xaf]), 1, 2, '0xC0 at offset 1'],
    ['a surrogate', bytes('a\n', [0xed, 0xa0, 0x80]), 2, 1, '0xED at offset 2'],
    ['beyond U+10FFFF', bytes('😀', [0xf4, 0x90, 0x80, 0x80]), 1, 2, '0xF4 at offset 4'],
    ['a sequence cut by a letter', bytes('a', [0xe2, 0x82], 'b'), 1, 2, '0xE2 at offset 1'],
    ['a sequence cut by the end', bytes('a\r\nbc', [0xe2, 0x82]), 2, 3, '0xE2 at offset 5'],
    ['after a byte order mark', bytes('\uFEFFab', [0xff]), 1, 3, '0xFF at offset 5'],
  ])('are refused at the first: %s', (_, input, line, column, found) => {
    const complaint = complaintOf(() => decodeSource(input));
    expect(complaint).toMatchObject({ code: 'PXL-E001', line, column });
    expect(complaint.message).toBe(`Expected UTF-8, found the byte ${found}`);
  });

  it('are shown under a caret', () => {
    expect(complaintOf(() => decodeSource(bytes('TXT 1 2 a', [0xff], 'b'))).excerpt).toBe(
      'TXT 1 2 a\uFFFDb\n         ^',
    );
  });

  it('are shown in their column even after a second byte order mark', () => {
    const complaint = complaintOf(() => decodeSource(bytes('\uFEFF\uFEFFa', [0xff])));
    expect(complaint).toMatchObject({ column: 3, excerpt: '\uFFFDa\uFFFD\n  ^' });
  });

  it('are found in any place (and in no valid text)', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        // A text that begins with a byte order mark loses it, and its column with it.
        fc.pre(!before.startsWith('\uFEFF'));
        expect(decodeSource(bytes(before, after)).text).toBe(
          before + after.replace(before ? '' : /^\uFEFF/, ''),
        );
        const place = complaintOf(() => decodeSource(bytes(before, [0xfe], after)));
        const lines = before.split('\n');
        expect(place).toMatchObject({
          line: lines.length,
          column: [...(lines.at(-1) as string)].length + 1,
        });
      }),
      { seed: 20261120, numRuns: 500 },
    );
  });
});

describe('a string that UTF-8 cannot hold', () => {
  it('is refused at its first lone surrogate', () => {
    const complaint = complaintOf(() => sourceOf('HALT\nTXT 1 2 😀\uD800x'));
    expect(complaint).toMatchObject({
      code: 'PXL-E001',
      message: 'Expected UTF-8, found the lone surrogate U+D800',
      line: 2,
      column: 10,
      excerpt: 'TXT 1 2 😀\uFFFDx\n         ^',
    });
  });

  it('is told from a pair', () => {
    expect(sourceOf('TXT 1 2 😀').lines).toEqual(['TXT 1 2 😀']);
  });
});

describe('the size limit', () => {
  const full = 'é'.repeat(LIMITS.sourceBytes / 2);

  it('lets through exactly as many bytes, by either door', () => {
    expect(sourceOf(full).text.length).toBe(LIMITS.sourceBytes / 2);
    expect(decodeSource(bytes(full)).text).toBe(full);
  });

  it('refuses one byte more, naming both numbers', () => {
    for (const work of [
      () => sourceOf(`${full}a`),
      () => decodeSource(new Uint8Array(LIMITS.sourceBytes + 1)),
    ]) {
      const complaint = complaintOf(work);
      expect(complaint.code).toBe('PXL-E002');
      expect(complaint.message).toBe('Expected at most 1048576 bytes of source, found 1048577');
    }
  });
});
