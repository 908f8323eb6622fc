import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cartridgeFileName } from '../../orchestrator/file-name.ts';
import { wetName } from '../../orchestrator/host/shelf.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STARTED = '2026-11-20T12:34:56.789Z';
const ID = '01a1faa3-bde0-753e-9e0b-98faaa1ff90d';
const TAIL = '_20261120T123456789Z-98faaa1ff90d.png';
const SEED = 20_261_120;

const stemOf = (name: string): string => {
  const file = cartridgeFileName(name, STARTED, ID);
  expect(file.endsWith(TAIL)).toBe(true);
  return file.slice(0, -TAIL.length);
};

describe('the file name of a cartridge', () => {
  it.each([
    ['hello_gpu', 'hello_gpu'],
    ['Hello GPU', 'Hello-GPU'],
    ['../x', 'x'],
    ['../../etc/passwd', 'etc-passwd'],
    ['/etc/passwd', 'etc-passwd'],
    ['..\\..\\x', 'x'],
    ['a\0b', 'a-b'],
    ['\0', 'script'],
    ['', 'script'],
    ['   ', 'script'],
    ['...', 'script'],
    ['.hidden', 'hidden'],
    ['-rf', 'rf'],
    ['--', 'script'],
    ['a\nb\tc', 'a-b-c'],
    ['CON', 'CON'],
    ['NUL.txt', 'NUL-txt'],
    ['a:b*c?"<>|d', 'a-b-c-d'],
    ['trailing. ', 'trailing'],
    ['\u202Etxt.exe', 'txt-exe'],
    ['a\u200Fb\u200Eb', 'a-b-b'],
    ['🎨 paint 🎨', 'paint'],
    ['🎨', 'script'],
    ['日本語', '日本語'],
    ['हिन्दी', 'हिन्दी'],
    ['עברית', 'עברית'],
    ['cafe\u0301', 'caf\u00e9'],
    ['\u0301\u0302x', 'x'],
    ['Ａ１', 'Ａ１'],
    ['%2e%2e%2f', '2e-2e-2f'],
    ['$(rm -rf ~)`', 'rm-rf'],
  ])('of %j begins with %j', (name, stem) => {
    expect(stemOf(name)).toBe(stem);
  });

  it('keeps 60 characters, or 180 bytes, and says nothing of the rest', () => {
    expect(stemOf('a'.repeat(60))).toBe('a'.repeat(60));
    expect(stemOf('a'.repeat(300))).toBe('a'.repeat(60));
    expect(stemOf('語'.repeat(300))).toBe('語'.repeat(60));
    // Four bytes each: mathematical letters.
    expect(stemOf('𝒜'.repeat(300))).toBe('𝒜'.repeat(45));
    expect(stemOf(`${'a'.repeat(59)} b`)).toBe('a'.repeat(59));
  });

  it('tells twins apart by the job, whatever the case of their names', () => {
    const names = ['Twin', 'twin', 'TWIN', 'twin '].map((name, n) =>
      cartridgeFileName(name, STARTED, `01a1faa3-bde0-753e-9e0b-00000000000${n}`).toLowerCase(),
    );
    expect(new Set(names).size).toBe(4);
  });

  it('is one plain path segment under 255 bytes, half-written or not, for any name at all', () => {
    const anyName = fc.string({ unit: 'binary', maxLength: 400 });
    const nasty = fc
      .array(fc.constantFrom('.', '/', '\\', '\0', '-', 'a', '\u0301', '\u202e', '𝒜', '語', ' ', '🎨', '~'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(anyName, nasty), (name) => {
        const file = cartridgeFileName(name, STARTED, ID);
        expect(file).toMatch(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*\.png$/u);
        expect(basename(file)).toBe(file);
        expect(Buffer.byteLength(wetName(file))).toBeLessThanOrEqual(255);
        expect(file).not.toMatch(/\p{Surrogate}/u);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('is a name that a real file system takes', () => {
    const folder = temporaryFolder();
    for (const name of ['𝒜'.repeat(300), '語'.repeat(300), 'a\0b', '../x', 'हिन्दी', '\u202Eexe']) {
      const file = cartridgeFileName(name, STARTED, ID);
      for (const path of [file, wetName(file)]) writeFileSync(join(folder, path), 'x');
    }
  });
});
