import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { decodeSource, sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { Sites } from '../../../renderer/machine/sites.ts';
import type { Place } from '../../../shared/cartridge/judge.ts';
import type { Used } from '../../../shared/used.ts';
import { listedExamples, readExample } from '../../golden/corpus.ts';
import { findShown } from '../../support/shown-pictures.ts';

const CANVAS = { width: 64, height: 48 };

/** Where a program uses something, as `line:column` or `line`. */
function placesOf(text: string, section: string, name: string): string {
  const wanted = { section, name };
  const sites = new Sites([wanted]);
  run(parse(sourceOf(text)), CANVAS, { sites });
  return words(sites.of(wanted));
}

function words(places: readonly Place[]): string {
  return places.map(({ line, column }) => (column === undefined ? `${line}` : `${line}:${column}`)).join(' ');
}

const PROGRAM = `PARAM n 3 0 9
FOR i 0 n
  COLOR rgb(min(i, 3), max(min(i, 1), 2), 9)
  RECT i min(i, 9) 1 1
END
IF 0
  RECT 0 0 min(1, 2) 1
END
TXT 0 0 Hi
  TXT 0 10 Hi
TXT 900 0 Hi
BLEND ADD
RECT 0 0 5 5
CALL mark 7
FONT FIXED5X7
TXT tw(ab) 30 H
CLIP 0 0 0 0
TXT 0 0 H
DEF mark x
  RECT x x 2 2
  RECT x 900 2 2
END`;

describe('the sites of a run', () => {
  it.each([
    ['opcodes', 'RECT', '4:3 13:1 20:3 21:3'],
    ['opcodes', 'TXT', '9:1 10:3 11:1 16:1 18:1'],
    ['opcodes', 'IF', '6:1'],
    ['opcodes', 'PARAM', '1:1'],
    ['functions', 'min', '3:13 3:28 4:10'],
    ['functions', 'max', '3:24'],
    ['functions', 'tw', '16:5'],
    ['glyphs', '0048', '9 10'],
    ['font_glyphs', 'fixed5x7 0048', '16'],
    ['fonts', 'fixed5x7', '16 18'],
    ['blend', 'src-over', '4 9 10'],
    ['blend', 'add', '13 16 20'],
    ['params', 'n', '1:1'],
  ])('of %s %s are %s: what ran, or was seen, and nothing else', (section, name, places) => {
    expect(placesOf(PROGRAM, section, name)).toBe(places);
  });

  it.each([
    ['opcodes', 'DISC'],
    ['opcodes', 'rect'],
    ['functions', 'sin'],
    ['glyphs', '0058'],
    ['glyphs', 'fixed5x7 0048'],
    ['font_glyphs', '0048'],
    ['font_glyphs', 'constructor 0048'],
    ['font_glyphs', 'fixed6x13 0048'],
    ['fonts', 'gothic'],
    ['blend', 'xor'],
    ['canvas', 'canvas'],
    ['no such', 'thing'],
  ])('of %s %s are none: the program does not use it', (section, name) => {
    expect(placesOf(PROGRAM, section, name)).toBe('');
  });

  it('are those of a letter at any size, cut off at an edge, and in a box that wraps', () => {
    const program = 'SIZE 9\nTXT 0 0 WW\nSIZE 1\nTXT -4 0 W\nTXT -5 9 W\nTEXTBOX 0 0 20 40 a b W';
    expect(placesOf(program, 'glyphs', '0057')).toBe('2 4 6');
  });

  it('count columns in code points, and leave out a HALT that stands on no line', () => {
    expect(placesOf('\tRECT 0 0 1 1', 'opcodes', 'HALT')).toBe('');
    expect(placesOf('\tRECT 0 0 1 1\n  HALT', 'opcodes', 'HALT')).toBe('2:3');
    expect(placesOf('TXT tw(😀)+abs(1) 0 x', 'functions', 'abs')).toBe('1:11');
  });

  it('within a SHADE are all its lines, once it has run', () => {
    const shade = 'SHADE 0 0 9 9\n  SET r min(x, abs(y))\n  IF x>3\n    SET g abs(x)\n  END\nEND';
    expect(placesOf(shade, 'functions', 'abs')).toBe('2:16 4:11');
    expect(placesOf(shade, 'opcodes', 'SET')).toBe('2:3 4:5');
    expect(placesOf(`JMP over\n${shade}\nover:`, 'functions', 'abs')).toBe('');
  });
});

describe.each(listedExamples())('of examples/$name.pxl', ({ name, canvas }) => {
  const source = decodeSource(readExample(name));
  const program = parse(source);

  it('the sites show all that it used, where it stands in the source', async () => {
    const given = program.images.length > 0 ? { images: await findShown(program.images) } : {};
    const { used, ...plain } = run(program, canvas, given);
    const wanted = namesIn(used);
    const sites = new Sites(wanted);
    const watched = run(program, canvas, { ...given, sites });
    expect({ used: watched.used, price: watched.price }).toEqual({ used, price: plain.price });
    for (const { section, name: part } of wanted) {
      const places = sites.of({ section, name: part });
      const lost = part === 'HALT' && !/^\s*HALT/im.test(source.lines.join('\n'));
      expect(places.length > 0, `${section} ${part}`).toBe(section !== 'canvas' && !lost);
      for (const place of places) expect(textAt(source.lines, place)).toMatch(standsFor(section, part));
    }
  });
});

function namesIn(used: Used): { section: string; name: string }[] {
  return Object.entries(used).flatMap(([section, parts]) =>
    Object.keys(typeof parts === 'object' ? parts : { [section]: parts }).map((name) => ({ section, name })),
  );
}

/** A line from a column on; all of it where there is none. */
function textAt(lines: readonly string[], { line, column = 1 }: Place): string {
  return Array.from(lines[line - 1] as string)
    .slice(column - 1)
    .join('');
}

/** What stands where something is used, as people would look for it. */
function standsFor(section: string, name: string): RegExp {
  // COLOR and its like make a colour of channels as rgb does.
  if (section === 'functions') return new RegExp(`^(${name}\\(|[A-Z]+ )`, 'i');
  if (section === 'opcodes') return new RegExp(`^${name}\\b`, 'i');
  if (section !== 'glyphs' && section !== 'font_glyphs') return /\S/;
  const code = Number.parseInt(name.split(' ').at(-1) as string, 16);
  const character = String.fromCodePoint(code).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^\\s*((TXT|TEXTBOX)\\b.*${character}|NUM\\b)`);
}
