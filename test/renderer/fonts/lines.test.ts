/** Texts in pixels: their widths, and how they are cut into lines, held to the rule word by word. */
import { describe, expect, it } from 'vitest';
import { FONT_NAMES, fontNamed } from '../../../renderer/fonts/font.ts';
import { type Metrics, widthOf, withoutEndBlanks, wrap } from '../../../renderer/fonts/lines.ts';
import { seededBetween } from '../../../shared/seeded.ts';

const OWN = fontNamed('gvpie');
const NARROW = fontNamed('fixed5x7');

/** A cell of one pixel and no gap: the width is the number of code points. */
const UNIT: Metrics = { advance: 1, width: 1 };

const inUnits = (text: string, width: number): string[] => wrap(text, UNIT, 1, width);

/** The rule of `wrap`, as it is written there: every end of the line is tried, the best first. */
function wrapByRule(text: string, font: Metrics, size: number, width: number): string[] {
  const characters = [...text];
  const lines: string[] = [];
  let start = 0;
  do {
    const rest = characters.slice(start);
    const ends = rest.map((_, index) => rest.length - index);
    const fits = (end: number): boolean => {
      const seen = rest.slice(0, end).join('').replace(/ +$/, '');
      return widthOf(seen, font, size) <= width || [...seen].length <= 1;
    };
    const isBreak = (end: number): boolean =>
      rest[end - 1] === ' ' && rest[end] !== undefined && rest[end] !== ' ';
    const end =
      rest.length === 0 || fits(rest.length)
        ? rest.length
        : (ends.find((candidate) => isBreak(candidate) && fits(candidate)) ?? ends.find(fits)!);
    lines.push(rest.slice(0, end).join(''));
    start += end;
  } while (start < characters.length);
  return lines;
}

describe('the width of a text', () => {
  it.each([
    ['gvpie', 'A', 1, 5],
    ['gvpie', 'AB', 1, 11],
    ['gvpie', 'AB', 16, 176],
    ['fixed5x7', 'AB', 1, 10],
    ['fixed6x13', 'AB', 3, 36],
    ['fixed6x13', 'ε', 1, 6],
    ['gvpie', 'a b', 2, 34],
  ] as const)('of %s, "%s" at size %i is %i pixels', (name, text, size, width) => {
    expect(widthOf(text, fontNamed(name), size)).toBe(width);
  });

  it('counts code points, those without a glyph as well', () => {
    expect(widthOf('😀😀', OWN, 1)).toBe(11);
    expect(widthOf('é', OWN, 1)).toBe(5);
  });

  it.each(FONT_NAMES)('of nothing is 0 in %s, and of blanks that of their cells', (name) => {
    const font = fontNamed(name);
    expect(widthOf('', font, 7)).toBe(0);
    expect(widthOf('  ', font, 7)).toBe((font.advance + font.width) * 7);
  });
});

describe('cutting a text into lines', () => {
  it('breaks at blanks, which stay at the end of their line', () => {
    expect(inUnits('the quick brown fox', 10)).toEqual(['the quick ', 'brown fox']);
    expect(inUnits('the quick brown fox', 9)).toEqual(['the quick ', 'brown fox']);
    expect(inUnits('the quick brown fox', 8)).toEqual(['the ', 'quick ', 'brown ', 'fox']);
  });

  it('takes a text that fits to the pixel, and no wider one', () => {
    expect(wrap('ab cd', OWN, 1, 29)).toEqual(['ab cd']);
    expect(wrap('ab cd', OWN, 1, 28)).toEqual(['ab ', 'cd']);
    expect(wrap('ab cd', OWN, 2, 58)).toEqual(['ab cd']);
    expect(wrap('ab cd', OWN, 2, 57)).toEqual(['ab ', 'cd']);
    expect(wrap('ab cd', NARROW, 1, 25)).toEqual(['ab cd']);
    expect(wrap('ab cd', NARROW, 1, 24)).toEqual(['ab ', 'cd']);
  });

  it('never parts a run of blanks, at the beginning and the end neither', () => {
    expect(inUnits('ab    cd', 3)).toEqual(['ab    ', 'cd']);
    expect(inUnits('ab    ', 2)).toEqual(['ab    ']);
    expect(inUnits('   ab', 5)).toEqual(['   ab']);
    expect(inUnits('   ab', 4)).toEqual(['   ', 'ab']);
    expect(inUnits('     ', 2)).toEqual(['     ']);
  });

  it('breaks a word that is wider than a line between code points, on lines of its own', () => {
    expect(inUnits('abcdefg', 3)).toEqual(['abc', 'def', 'g']);
    expect(inUnits('ab cdefgh i', 3)).toEqual(['ab ', 'cde', 'fgh ', 'i']);
    expect(inUnits('abcd e', 3)).toEqual(['abc', 'd e']);
    expect(inUnits('😀😀😀', 2)).toEqual(['😀😀', '😀']);
    expect(inUnits('abc', 3)).toEqual(['abc']);
  });

  it('puts one code point on a line where not even one fits', () => {
    for (const width of [0, -1, -1000, -(2 ** 31)]) expect(inUnits('ab c', width)).toEqual(['a', 'b ', 'c']);
    expect(inUnits('  a', 0)).toEqual(['  ', 'a']);
    expect(wrap('ab', OWN, 1, 4)).toEqual(['a', 'b']);
    expect(wrap('ab', OWN, 1, 10)).toEqual(['a', 'b']);
    expect(wrap('ab', OWN, 1, 11)).toEqual(['ab']);
  });

  it('makes one line of a text that fits, an empty one too, however wide the line', () => {
    expect(inUnits('', 0)).toEqual(['']);
    expect(inUnits('', 9)).toEqual(['']);
    expect(inUnits('a b', 2 ** 31 - 1)).toEqual(['a b']);
  });

  it('knows no blank but U+0020', () => {
    expect(inUnits('ab\u00a0cd\tef', 3)).toEqual(['ab\u00a0', 'cd\t', 'ef']);
    expect(inUnits('a\u00a0b c', 4)).toEqual(['a\u00a0b ', 'c']);
  });

  it('is what the rule says, for every text of a and blank up to 9 long at every width', () => {
    for (let length = 0; length <= 9; length++) {
      for (let word = 0; word < 2 ** length; word++) {
        const text = Array.from({ length }, (_, bit) => ((word >> bit) & 1 ? ' ' : 'a')).join('');
        for (let width = 0; width <= length + 1; width++) {
          const lines = inUnits(text, width);
          if (lines.join('|') !== wrapByRule(text, UNIT, 1, width).join('|'))
            expect({ text, width, lines }).toEqual({ text, width, lines: wrapByRule(text, UNIT, 1, width) });
        }
      }
    }
  });

  it('loses no character and overfills no line, in any font at any size, seed 23', () => {
    const between = seededBetween(23);
    for (let round = 0; round < 500; round++) {
      const font = fontNamed(FONT_NAMES[between(0, 3)]!);
      const size = between(1, 17);
      const text = Array.from(
        { length: between(0, 60) },
        () => [' ', ' ', 'a', 'ε', '😀'][between(0, 5)],
      ).join('');
      const width = between(0, 20 * font.advance * size);
      const lines = wrap(text, font, size, width);
      expect(lines).toEqual(wrapByRule(text, font, size, width));
      expect(lines.join('')).toBe(text);
      for (const line of lines) {
        const seen = withoutEndBlanks(line);
        expect(widthOf(seen, font, size) <= width || [...seen].length === 1).toBe(true);
      }
    }
  });

  it('takes time in proportion to the text, a long word and long blanks too', () => {
    const text = `${'a'.repeat(2000)}${' '.repeat(2000)}b `.repeat(20);
    expect(inUnits(text, 3000).join('')).toBe(text);
    expect(inUnits(text, 1)).toHaveLength(20 * 2001);
  });

  it('refuses a size below 1', () => {
    expect(() => wrap('a', UNIT, 0, 5)).toThrow('invariant broken: a text at size 0');
  });
});

describe('the blanks at the end of a line', () => {
  it('are taken off, and no others', () => {
    expect(['a b  ', '  a', '   ', '', 'a\t '].map(withoutEndBlanks)).toEqual(['a b', '  a', '', '', 'a\t']);
  });
});
