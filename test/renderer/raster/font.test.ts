/** The font: what it covers, that no two glyphs can be taken for one another, and its picture in docs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { Bitmap } from '../../../renderer/display/list.ts';
import {
  compile,
  FONT_HEIGHT,
  FONT_WIDTH,
  GLYPH_ADVANCE,
  glyphFor,
  MISSING_GLYPH,
} from '../../../renderer/raster/font.ts';
import { DRAWN } from '../../../renderer/raster/font-5x7.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { fontSheet } from '../../support/font-sheet.ts';
import { fontsSheet } from '../../support/fonts-sheet.ts';

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));

/** The bitmaps' rows as text. After a deliberate change of a drawing, write its new digest here. */
const GOLDEN = '730f35b1931093fe9ddd7cd36d942a9d3ea8a14b61e4a1abbdc3c4adeae662bb';

function glyphOf(character: string): Bitmap {
  const glyph = glyphFor(character.codePointAt(0)!);
  if (glyph === undefined) throw new Error(`no glyph for ${JSON.stringify(character)}`);
  return glyph;
}

/** Number of pixels in which two bitmaps of the same size differ. */
function distance(a: Bitmap, b: Bitmap): number {
  let pixels = 0;
  for (const [y, row] of a.rows.entries()) {
    for (let difference = row ^ b.rows[y]!; difference !== 0; difference >>>= 1) pixels += difference & 1;
  }
  return pixels;
}

interface Pair {
  readonly names: string;
  readonly pixels: number;
}

/** Every pair of glyphs with the number of pixels in which they differ, nearest first. */
function pairs(glyphs: readonly (readonly [string, Bitmap])[]): readonly Pair[] {
  return glyphs
    .flatMap(([name, glyph], index) =>
      glyphs.slice(index + 1).map(([other, twin]) => ({
        names: `${name} ${other}`,
        pixels: distance(glyph, twin),
      })),
    )
    .sort((a, b) => a.pixels - b.pixels);
}

const all: readonly (readonly [string, Bitmap])[] = [
  ...PRINTABLE.map((character) => [character, glyphOf(character)] as const),
  ['missing', MISSING_GLYPH],
];

function flip(glyph: Bitmap, y: number, bit: number): Bitmap {
  return { ...glyph, rows: glyph.rows.map((row, index) => (index === y ? row ^ (1 << bit) : row)) };
}

function digest(glyphs: readonly (readonly [string, Bitmap])[]): string {
  return sha256Hex(glyphs.map(([name, { rows }]) => `${name} ${rows.join(' ')}\n`).join(''));
}

describe('the font', () => {
  it('draws each character of 0x20 to 0x7E exactly once, in order', () => {
    expect(DRAWN.map(([characters]) => characters).join('')).toBe(PRINTABLE.join(''));
  });

  it('has a glyph for the code points 0x20 to 0x7E and for no other', () => {
    const covered: number[] = [];
    for (let codePoint = -1; codePoint <= 0x10ffff; codePoint++) {
      if (glyphFor(codePoint) !== undefined) covered.push(codePoint);
    }
    expect(covered).toEqual(PRINTABLE.map((character) => character.charCodeAt(0)));
    for (const odd of [Number.NaN, 65.5, Number.POSITIVE_INFINITY]) expect(glyphFor(odd)).toBeUndefined();
  });

  it('is five pixels wide and seven high, and leaves one between characters', () => {
    expect([FONT_WIDTH, FONT_HEIGHT, GLYPH_ADVANCE]).toEqual([5, 7, 6]);
    for (const [name, glyph] of all) {
      expect([name, glyph.width, glyph.height, glyph.rows.length]).toEqual([name, 5, 7, 7]);
      for (const row of glyph.rows) expect(Number.isInteger(row) && row >= 0 && row < 32, name).toBe(true);
    }
  });

  it('leaves the blank alone blank', () => {
    const blank = all.filter(([, glyph]) => glyph.rows.every((row) => row === 0)).map(([name]) => name);
    expect(blank).toEqual([' ']);
  });

  it('puts the leftmost pixel of a row in its highest bit', () => {
    expect(glyphOf('L').rows).toEqual([0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111, 0]);
  });

  it('keeps small letters below row 1 and row 6 for what hangs under the baseline', () => {
    const rowsOf = (character: string) => glyphOf(character).rows.map((row) => row !== 0);
    for (const character of 'acegmnopqrsuvwxyz') {
      expect([character, ...rowsOf(character).slice(0, 3)]).toEqual([character, false, false, true]);
    }
    const standing = PRINTABLE.filter((character) => /[A-Za-z0-9]/.test(character));
    for (const character of standing) {
      const hangs = 'gjpqy'.includes(character);
      expect([character, ...rowsOf(character).slice(5)]).toEqual([character, true, hangs]);
    }
  });

  it('marks a missing character with a hollow box', () => {
    expect(MISSING_GLYPH.rows).toEqual([31, 17, 17, 17, 17, 17, 31]);
  });

  it('draws no two characters alike: any two differ in two pixels or more, the box included', () => {
    const sorted = pairs(all);
    const least = sorted[0]!.pixels;
    const nearest = sorted.filter(({ pixels }) => pixels === least).map(({ names }) => JSON.stringify(names));
    console.log(`font: least distance ${least} pixels, between ${nearest.join(', ')}`);
    expect(sorted).toHaveLength((96 * 95) / 2);
    expect(least).toBeGreaterThanOrEqual(2);
  });

  it('tells look-alikes apart by more than an ascender or a tail', () => {
    const lookAlikes = [
      '0O',
      '1l',
      '1I',
      'lI',
      'I|',
      'l|',
      '1|',
      '5S',
      '2Z',
      '8B',
      "'`",
      '([',
      '[{',
      '({',
      '(<',
    ];
    const found = lookAlikes.map((pair) => [pair, distance(glyphOf(pair[0]!), glyphOf(pair[1]!))] as const);
    expect(found.filter(([, pixels]) => pixels < 3)).toEqual([]);
  });

  it('has a comparer that objects to two equal glyphs, and counts a flipped pixel as one', () => {
    const letter = glyphOf('A');
    expect(pairs([...all, ['twin', { ...letter }]])[0]).toEqual({ names: 'A twin', pixels: 0 });
    expect(pairs([...all, ['near', flip(letter, 6, 0)]])[0]).toEqual({ names: 'A near', pixels: 1 });
  });

  it('is pinned to the bit', () => {
    expect(digest(all)).toBe(GOLDEN);
  });

  it('has a digest that objects to a flipped pixel in any glyph', () => {
    for (const [index, [name, glyph]] of all.entries()) {
      expect(digest(all.with(index, [name, flip(glyph, index % 7, index % 5)])), name).not.toBe(GOLDEN);
    }
  });
});

describe('compiling a drawing', () => {
  const good = '\n#.... ....#'.repeat(7);

  it('cuts a picture into glyphs, left to right', () => {
    expect(compile(good, 2).map(({ rows }) => rows)).toEqual([Array(7).fill(16), Array(7).fill(1)]);
  });

  it.each([
    ['a row too few', '\n#.... ....#'.repeat(6), 2],
    ['a row too many', '\n#.... ....#'.repeat(8), 2],
    ['a glyph fewer than its characters', good, 3],
    ['a glyph more than its characters', good, 1],
    ['a row too short', good.replace('....#', '...#'), 2],
    ['another sign than pen and blank', good.replace('#', 'x'), 2],
    ['a pen between two glyphs', good.replace('. .', '.#.'), 2],
  ])('refuses %s', (_, picture, count) => {
    expect(() => compile(picture, count)).toThrow('invariant broken: ');
  });
});

describe.each([
  ['docs/font.png', 'the font', fontSheet()],
  ['docs/fonts.png', 'the three fonts', fontsSheet()],
] as const)('%s', (path, what, sheet) => {
  const png = PNG.sync.read(readFileSync(join(packageRoot(), path)));
  const remedy = 'run: node dist/test/support/write-font-sheet.js';

  it(`shows ${what} as drawn today`, () => {
    expect([png.width, png.height], remedy).toEqual([sheet.width, sheet.height]);
    expect(Buffer.compare(png.data, sheet.pixels), remedy).toBe(0);
  });

  it('would be found out of date by one flipped bit', () => {
    const stale = Buffer.from(png.data);
    stale[stale.length >> 1]! ^= 1;
    expect(Buffer.compare(stale, sheet.pixels)).not.toBe(0);
  });
});
