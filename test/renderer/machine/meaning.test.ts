import { describe, expect, it } from 'vitest';
import type { BdfFont } from '../../../renderer/fonts/bdf.ts';
import { FONT_NAMES, fontNamed } from '../../../renderer/fonts/font.ts';
import { type FontTable, packFont, shapesOf, TableGlyphs } from '../../../renderer/fonts/table.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { type Meaning, meaning, semanticsOf } from '../../../renderer/machine/meaning.ts';
import { PRICE_ONLY } from '../../../renderer/machine/pictures.ts';
import { drawnShapes, glyphFor } from '../../../renderer/raster/font.ts';
import { DEFAULT_CANVAS } from '../../../shared/canvas.ts';
import type { Used } from '../../../shared/used.ts';

const NOW = meaning();

/** The meanings in which one row of a list has the next version, one for each row. */
function risen<Row extends { readonly version: number }>(
  rows: readonly Row[],
  put: (rows: readonly Row[]) => Partial<Meaning>,
): Meaning[] {
  return rows.map((row, at) => ({
    ...NOW,
    ...put(rows.with(at, { ...row, version: row.version + 1 })),
  }));
}

/** What stands in the meaning for an entry of a record, if anything does. */
function meant(section: string, name: string): unknown {
  const { blends, opcodes, functions, fonts } = NOW;
  switch (section) {
    case 'blend':
      return blends.find(({ rule }) => rule === name)?.version;
    case 'opcodes':
      return opcodes.find((row) => row.name === name)?.version;
    case 'functions':
      return functions.find((row) => row.name === name)?.version;
    case 'fonts':
      return fonts.find((row) => row.name === name)?.version;
    default:
      return undefined;
  }
}

function unmeant({ canvas, glyphs, font_glyphs = {}, ...sections }: Used): string[] {
  const strange = Object.entries(sections).flatMap(([section, entries]) =>
    Object.entries(entries as Record<string, number>)
      .filter(([name, version]) => meant(section, name) !== version)
      .map(([name]) => `${section} ${name}`),
  );
  const fonts = [
    ...(Object.keys(glyphs).length > 0 ? ['gvpie'] : []),
    ...Object.keys(font_glyphs).map((key) => key.split(' ')[0] ?? ''),
  ];
  const foreign = fonts.filter((name) => !NOW.fonts.some((font) => font.name === name));
  return [...(canvas === NOW.canvas ? [] : ['canvas']), ...strange, ...foreign];
}

describe('what the language means', () => {
  it('is another digest for another version of any opcode, function, font or blend rule', () => {
    const others = [
      ...risen(NOW.opcodes, (opcodes) => ({ opcodes })),
      ...risen(NOW.functions, (functions) => ({ functions })),
      ...risen(NOW.fonts, (fonts) => ({ fonts })),
      ...risen(NOW.blends, (blends) => ({ blends })),
      { ...NOW, canvas: NOW.canvas + 1 },
      { ...NOW, language: { ...NOW.language, version: NOW.language.version + 1 } },
      { ...NOW, opcodes: [...NOW.opcodes, { name: 'NEW', version: 1 }] },
    ];
    expect(others.length).toBeGreaterThan(80);
    expect(new Set([NOW, ...others].map(semanticsOf)).size).toBe(others.length + 1);
    expect(semanticsOf(meaning())).toBe(semanticsOf(NOW));
  });

  it('is another digest where a font draws anything else, or another box for what it has not', () => {
    const others = NOW.fonts.flatMap((font, at) =>
      [
        { ...font, shapes: () => `${font.shapes()} ` },
        { ...font, missing: { ...font.missing, rows: font.missing.rows.with(3, 0) } },
      ].map((changed) => ({ ...NOW, fonts: NOW.fonts.with(at, changed) })),
    );
    expect(new Set([NOW, ...others].map(semanticsOf)).size).toBe(2 * FONT_NAMES.length + 1);
  });

  it('names everything that the record of any example of the reference names', () => {
    const strange: string[] = [];
    let named = 0;
    for (const { example } of OPCODES) {
      const { used } = run(parse(sourceOf(example)), DEFAULT_CANVAS, { images: PRICE_ONLY });
      named += Object.keys(used.opcodes).length;
      strange.push(...unmeant(used));
    }
    expect(strange).toEqual([]);
    expect(named).toBeGreaterThan(150);
    // It can object.
    const odd = {
      canvas: 2,
      blend: { add: 2 },
      opcodes: { INK: 1, NEW: 1 },
      functions: { min: 2 },
      glyphs: {},
    };
    expect(unmeant(odd)).toEqual(['canvas', 'blend add', 'opcodes NEW', 'functions min']);
    expect(unmeant({ ...odd, font_glyphs: { 'serif 0041': '0' } })).toContain('serif');
  });
});

describe('the shapes of a font', () => {
  /** A table of these glyphs, of 3×3 pixels. */
  const tableOf = (glyphs: readonly (readonly [number, readonly number[]])[]): FontTable =>
    packFont({
      ...{ advance: 3, width: 3, height: 3, ascent: 3 },
      glyphs: new Map(glyphs.map(([code, rows]) => [code, { width: 3, height: 3, rows }])),
    } as unknown as BdfFont);
  const GLYPHS: readonly (readonly [number, readonly number[]])[] = [
    [0x41, [1, 2, 4]],
    [0x42, [7, 0, 7]],
    [0x100, [0, 0, 0]],
  ];

  it('are another text for any pixel of any glyph, and for any glyph more or less', () => {
    const flipped = GLYPHS.flatMap(([code, rows], at) =>
      Array.from({ length: 9 }, (_, bit) => {
        const redrawn = rows.with(
          Math.floor(bit / 3),
          (rows[Math.floor(bit / 3)] as number) ^ (1 << (bit % 3)),
        );
        return tableOf(GLYPHS.map((glyph, place) => (place === at ? [code, redrawn] : glyph)));
      }),
    );
    const moved = tableOf([...GLYPHS.slice(0, 2), [0x101, [0, 0, 0]]]);
    const all = [tableOf(GLYPHS), ...flipped, moved, tableOf(GLYPHS.slice(1))];
    expect(new Set(all.map(shapesOf)).size).toBe(1 + 27 + 2);
    const written = { ...tableOf(GLYPHS), runs: '\n41+2\n 100+1 ' };
    expect(new TableGlyphs(written).codePoints()).toEqual([0x41, 0x42, 0x100]);
    expect(shapesOf(written)).toBe(shapesOf(tableOf(GLYPHS)));
  });

  it('are those of the fonts that there are: of our own each glyph with its rows', () => {
    const own = fontNamed('gvpie').shapes();
    expect(own).toBe(drawnShapes());
    const told = own.split(' ').map((glyph) => glyph.split(':'));
    expect(told).toHaveLength(95);
    for (const [code, rows] of told) expect(glyphFor(Number(code))?.rows.join()).toBe(rows);
    expect(new Set(FONT_NAMES.map((name) => fontNamed(name).shapes())).size).toBe(3);
  });
});
