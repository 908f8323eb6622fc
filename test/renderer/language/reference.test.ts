import { describe, expect, it } from 'vitest';
import { CODES } from '../../../renderer/language/codes.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import {
  CHAPTERS,
  entryLines,
  entryOf,
  entryPicture,
  entrySection,
  nearestEntry,
} from '../../../renderer/language/reference.ts';
import { LIMITS } from '../../../shared/limits.ts';

const names = [...OPCODES, ...FUNCTIONS].map(({ name }) => name as string);
const words = [...names, ...Object.keys(CODES), ...Object.keys(LIMITS)];

describe('the reference', () => {
  it('has every opcode and every function in one chapter', () => {
    const listed = CHAPTERS.flatMap(({ entries }) => entries.map(({ word }) => word));
    expect([...listed].sort()).toEqual([...names].sort());
  });

  it('has an entry of its own for every word, in any mixture of cases', () => {
    for (const word of words) {
      expect(entryOf(word)?.word).toBe(word);
      expect(entryOf(word.toLowerCase())?.word).toBe(word);
      expect(entryOf(word.toUpperCase())?.word).toBe(word);
    }
    expect(new Set(words.map((word) => word.toLowerCase())).size).toBe(words.length);
  });

  it('has none for what is no word of the language', () => {
    for (const word of ['', 'FRAME', 'PXL-E999', 'constructor', 'tomato', 'RECT ']) {
      expect(entryOf(word)).toBeUndefined();
    }
  });

  it('takes a code without its family', () => {
    expect(entryOf('e024')?.word).toBe('PXL-E024');
    expect(entryOf('W001')?.notes).toEqual(['A warning: it refuses nothing.']);
  });

  it.each([
    ['colour', 'COLOR'],
    ['isqr', 'isqrt'],
    ['PXL-E01', 'PXL-E001'],
    ['callDepht', 'callDepth'],
    ['xylophone', undefined],
  ])('finds that %s is near to %s', (word, near) => {
    expect(nearestEntry(word)).toBe(near);
  });

  it('writes each form, the sentence, the least values and the example of an opcode for a terminal', () => {
    expect(entryLines(entryOf('clip')!)).toEqual([
      'CLIP',
      'CLIP x y w h',
      '',
      `  ${OPCODES.find(({ name }) => name === 'CLIP')?.summary}`,
      '  w and h are 0 or more.',
      '',
      '    CLIP 10 10 40 20',
      '    CLEAR steelblue',
      '    TXT 12 16 cut to the pixel',
    ]);
  });

  it.each([
    ['RECT', ['w and h are 0 or more.']],
    ['PEN', ['n is from 1 to 255.']],
    ['SIZE', ['n is from 1 to 16.']],
    ['BLIT', ['scale is from 1 to 64.', 'flips is from 0 to 3.']],
    ['RRECT', ['w and h are 0 or more.', 'r is from 0 to 16383.']],
    ['ORIGIN', []],
  ])('says of %s how small and how large its operands may be', (word, notes) => {
    expect(entryOf(word)?.notes).toEqual(notes);
  });

  it('says what the example of IMAGE needs besides itself, and of no other opcode', () => {
    const needy = OPCODES.filter(({ name }) => entryLines(entryOf(name)!).join('\n').includes('--input'));
    expect(needy.map(({ name }) => name)).toEqual(['IMAGE']);
    expect(entryOf('image')?.notes).toEqual([
      'w and h are from 1 to 16384.',
      'The example draws docs/tour/sky.png, so gvpie render takes it with --input docs/tour/sky.png.',
    ]);
  });

  it('writes what a call weighs where that is more than one', () => {
    const [hypot, min] = ['hypot', 'min'].map((word) => entryLines(entryOf(word)!).join('\n'));
    expect(hypot).toContain('A call weighs 8 in the price of its line.');
    expect(hypot).toContain('hypot(30, 40) is 50');
    expect(min).not.toContain('weighs');
  });

  it('writes the figure of a limit', () => {
    expect(entryLines(entryOf('steps')!)[0]).toBe('steps 10,000,000');
  });

  it('writes a section with a picture for an opcode, and without one for a function', () => {
    expect(entrySection(entryOf('HALT')!)).toMatch(
      /^#### HALT\n\n`HALT`\n\nStops\. [^\n]+\n\n```pxl\n[^`]+\n```\n\n!\[[^\]]+\]\(reference\/halt\.png\)$/,
    );
    expect(entrySection(entryOf('sign')!)).toBe('#### sign\n\n`sign(n)`\n\n-1, 0 or 1. `sign(-5)` is -1.');
    expect(entryPicture(entryOf('sign')!)).toBeUndefined();
  });
});
