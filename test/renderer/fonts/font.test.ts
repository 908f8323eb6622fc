/** The fonts by name: metrics, what scripts they cover, and the box for what they lack. */
import { describe, expect, it } from 'vitest';
import { FONT_NAMES, fontNamed } from '../../../renderer/fonts/font.ts';
import { glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import { FIXED_SIZES, readFixed } from '../../support/font-module.ts';
import { SPECIMEN } from '../../support/fonts-sheet.ts';

const range = (first: number, last: number): string =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));

/** What both fixed fonts can write, whole. */
const REPERTOIRE: readonly (readonly [name: string, characters: string])[] = [
  ['printable ASCII', range(0x20, 0x7e)],
  ['Latin-1', range(0xa0, 0xff)],
  ['Latin Extended-A', range(0x100, 0x17f)],
  ['Romanian', 'ĂÂÎȘȚăâîșț'],
  ['Welsh', 'ẀẂẄŴŶỲẁẃẅŵŷỳ'],
  ['Greek capitals', 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ'],
  ['Greek small letters', 'αβγδεζηθικλμνξοπρςστυφχψω'],
  ['Greek with accents', 'ΆΈΉΊΌΎΏΪΫάέήίόύώϊϋΐΰ'],
  ['Russian', `${range(0x410, 0x44f)}Ёё`],
  ['Ukrainian and Belarusian', 'ҐЄІЇЎґєіїў'],
  ['Serbian and Macedonian', 'ЂЃЅЈЉЊЋЌЏђѓѕјљњћќџ'],
  ['quotation marks and dashes', '‐–—‘’‚“”„†‡•…‰‹›'],
  ['currency', '¢£¥€₣₤₧₫€'],
  ['arrows', '←↑→↓↔↕⇐⇑⇒⇓⇔⇕'],
  ['mathematics', '∀∂∃∅∆∇∈∏∑−∙√∞∧∨∩∪∫≈≠≡≤≥'],
  ['box drawing', range(0x2500, 0x257f)],
  ['blocks', range(0x2580, 0x259f)],
  ['shapes', '■□▪▫▬▲△▶▷▼▽◀◁◆◊○●◘◙◦☺☻☼♀♂♠♣♥♦♪♫'],
];

/** What fixed6x13 can write beside that. */
const WIDE_REPERTOIRE: readonly (readonly [name: string, characters: string])[] = [
  ['Armenian', `${range(0x531, 0x556)}${range(0x561, 0x587)}`],
  ['Georgian', range(0x10d0, 0x10f6)],
  ['Greek of all times', 'ἀἁἂἃἄἅἆἇὲὴὶὸὺὼᾳῃῳῥῬ'],
  ['runes', 'ᚠᚢᚦᚨᚱᚲᚷᚹ'],
  ['halfwidth katakana', range(0xff61, 0xff9f)],
  ['braille', range(0x2800, 0x28ff)],
  ['dingbats', '✓✔✗✘✂✈✦✪❄❤➔'],
];

const fixed = FIXED_SIZES.map((size) => ({ size, name: `fixed${size}` as const }));

describe('the fonts', () => {
  it('have names of small letters and digits, our own first', () => {
    expect(FONT_NAMES).toEqual(['gvpie', 'fixed5x7', 'fixed6x13']);
    for (const name of FONT_NAMES) expect(fontNamed(name).name).toBe(name);
  });

  it('have the metrics that the pages give', () => {
    const metrics = FONT_NAMES.map((name) => {
      const { advance, width, height, ascent, pitch, version } = fontNamed(name);
      return [name, advance, width, height, ascent, pitch, version];
    });
    expect(metrics).toEqual([
      ['gvpie', 6, 5, 7, 6, 8, 1],
      ['fixed5x7', 5, 5, 7, 6, 7, 1],
      ['fixed6x13', 6, 6, 13, 11, 13, 1],
    ]);
  });

  it('have our own with its glyphs, the very objects', () => {
    const own = fontNamed('gvpie');
    for (let code = 0; code < 0x250; code++) expect(own.glyph(code)).toBe(glyphFor(code));
    expect(own.missing).toBe(MISSING_GLYPH);
  });

  it.each(FONT_NAMES)('give of %s the same object for the same code point, as large as the cell', (name) => {
    const { glyph, missing, width, height } = fontNamed(name);
    const found = glyph(0x41);
    expect(found).toBeDefined();
    expect(glyph(0x41)).toBe(found);
    expect([found?.width, found?.height, found?.rows.length]).toEqual([width, height, height]);
    expect([missing.width, missing.height, missing.rows.length]).toEqual([width, height, height]);
  });
});

describe.each(fixed)('$name', ({ name, size }) => {
  const font = fontNamed(name);

  it.each(REPERTOIRE)('has every glyph of %s', (_, characters) => {
    expect(
      [...characters].filter((character) => font.glyph(character.codePointAt(0)!) === undefined),
    ).toEqual([]);
  });

  it.each(WIDE_REPERTOIRE)('has every glyph of %s, or none', (_, characters) => {
    const had = [...characters].filter((character) => font.glyph(character.codePointAt(0)!) !== undefined);
    expect(had).toEqual(size === '6x13' ? [...characters] : []);
  });

  it('draws ε, and draws it unlike e', () => {
    expect(font.glyph(0x3b5)?.rows).not.toEqual(font.glyph(0x65)?.rows);
  });

  it('has the code points of its BDF text and no other', () => {
    const { glyphs } = readFixed(size);
    for (let code = -1; code <= 0x10000; code++) {
      if (font.glyph(code) !== undefined || glyphs.has(code))
        expect(font.glyph(code)).toEqual(glyphs.get(code));
    }
    expect(glyphs.size).toBe(size === '5x7' ? 1_132 : 2_990);
    for (const odd of [0x1f600, 0xd800, 0x10ffff, 0x110000, Number.NaN, 65.5, Number.POSITIVE_INFINITY])
      expect(font.glyph(odd)).toBeUndefined();
  });

  it('joins box drawing across cells and lines', () => {
    const cross = font.glyph(0x253c)!;
    const column = cross.rows.reduce((all, row) => all & row, 2 ** font.width - 1);
    expect(column).not.toBe(0);
    expect(cross.rows).toContain(2 ** font.width - 1);
    expect(font.glyph(0x2588)?.rows).toEqual(Array(font.pitch).fill(2 ** font.advance - 1));
  });

  it('has a box for a missing glyph that is none of its glyphs', () => {
    const same = [...readFixed(size).glyphs].filter(
      ([, { rows }]) => rows.join() === font.missing.rows.join(),
    );
    expect(same).toEqual([]);
    expect(font.missing.rows.filter((row) => row !== 0).length).toBeGreaterThan(5);
  });

  it('draws all that the pictures show, but what has no glyph of its own', () => {
    const lacking = new Set(
      [...SPECIMEN.join('')].filter((character) => font.glyph(character.codePointAt(0)!) === undefined),
    );
    expect([...lacking]).toEqual(name === 'fixed5x7' ? ['◇'] : []);
  });
});

describe('the boxes of the fixed fonts', () => {
  it('stand on the baseline as capitals do', () => {
    expect(fontNamed('fixed5x7').missing.rows).toEqual([30, 18, 18, 18, 18, 30, 0]);
    expect(fontNamed('fixed6x13').missing.rows).toEqual([0, 0, 62, 34, 34, 34, 34, 34, 34, 34, 62, 0, 0]);
    for (const name of ['fixed5x7', 'fixed6x13'] as const) {
      const { glyph, missing } = fontNamed(name);
      expect(missing.rows.map((row) => row !== 0)).toEqual(glyph(0x48)?.rows.map((row) => row !== 0));
    }
  });
});
