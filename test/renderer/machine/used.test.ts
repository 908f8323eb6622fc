import { describe, expect, it } from 'vitest';
import type { Bitmap } from '../../../renderer/display/list.ts';
import { fontNamed } from '../../../renderer/fonts/font.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { PRICE_ONLY } from '../../../renderer/machine/pictures.ts';
import { usedBy } from '../../../renderer/machine/used.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { DEFAULT_CANVAS } from '../../../shared/canvas.ts';
import { type Used, usesDigest } from '../../../shared/used.ts';

const usedIn = (text: string) => run(parse(sourceOf(text)), DEFAULT_CANVAS).used;

/** In hex, spelt out on its own: sizes, then two digits a row. */
function hexOf(bitmap: Bitmap | undefined, sizes = '0507'): string {
  if (bitmap === undefined) throw new Error('expected a glyph');
  return `${sizes}${Buffer.from(bitmap.rows).toString('hex')}`;
}

describe('what a run used', () => {
  it('is the canvas and HALT when nothing is drawn', () => {
    expect(usedIn('')).toEqual({ canvas: 1, blend: {}, opcodes: { HALT: 1 }, glyphs: {} });
  });

  it('is each opcode, each glyph and the blend rule of what is drawn', () => {
    expect(usedIn('TXT 0 0 ABA\nRECT 0 0 1 1')).toEqual({
      canvas: 1,
      blend: { 'src-over': 1 },
      opcodes: { TXT: 1, RECT: 1, HALT: 1 },
      glyphs: { '0041': hexOf(glyphFor(0x41)), '0042': hexOf(glyphFor(0x42)) },
    });
  });

  it('names a missing glyph by its own code point, with the box', () => {
    const box = hexOf(MISSING_GLYPH);
    expect(usedIn('TXT 0 0 é😀').glyphs).toEqual({ '00E9': box, '1F600': box });
  });

  it('counts a blank among the glyphs: a pen stroke in it would show', () => {
    expect(Object.keys(usedIn('TXT 0 0 A A').glyphs).sort()).toEqual(['0020', '0041']);
  });

  it('leaves out glyphs and blending outside the canvas, but not the opcode that put them there', () => {
    expect(usedIn('TXT 999 0 A\nRECT 0 0 0 5')).toEqual({
      canvas: 1,
      blend: {},
      opcodes: { TXT: 1, RECT: 1, HALT: 1 },
      glyphs: {},
    });
    expect(Object.keys(usedIn('TXT -6 0 AB').glyphs)).toEqual(['0042']);
  });

  it('may leave those out because every glyph fills the same cell', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => glyphFor(0x20 + index));
    for (const glyph of [...ascii, MISSING_GLYPH]) expect(glyph).toMatchObject({ width: 5, height: 7 });
    expect(GLYPH_ADVANCE).toBe(6);
  });

  it('has the version of every opcode but four, which are never executed and keep 1', () => {
    const seen = new Set(
      OPCODES.flatMap(({ example }) => {
        const { used } = run(parse(sourceOf(example)), DEFAULT_CANVAS, { images: PRICE_ONLY });
        return Object.keys(used.opcodes);
      }),
    );
    const never = OPCODES.filter(({ name }) => !seen.has(name));
    expect(never.map(({ name, version }) => [name, version])).toEqual([
      ['INK', 1],
      ['ROW', 1],
      ['GLOBAL', 1],
      ['DEF', 1],
    ]);
  });

  it('leaves out what HALT keeps from running', () => {
    expect(usedIn('HALT\nTXT 0 0 A\nRECT 0 0 1 1')).toEqual(usedIn('HALT'));
  });

  it('is each function that was executed, and no section where none was', () => {
    expect(usedIn('SET x min(1, 2)+sin(3)').functions).toEqual({ min: 1, sin: 1 });
    expect(usedIn('IF 0\nSET x abs(1)\nEND\nSET x 1||abs(1)')).not.toHaveProperty('functions');
    expect(Object.keys(usedIn('SET x 1').opcodes).sort()).toEqual(['HALT', 'SET']);
  });

  it('is each blend mode of what is drawn, whatever was set', () => {
    expect(usedIn('BLEND ADD\nRECT 0 0 1 1\nBLEND XOR\nRECT 0 0 0 1').blend).toEqual({ add: 1 });
    expect(usedIn('BLEND SRC\nDISC 9 9 1\nBLEND SCREEN\nCLEAR').blend).toEqual({ 'src-over': 1 });
  });

  it('is each other font that a text was laid out in, with the glyphs that were seen', () => {
    const wide = hexOf(fontNamed('fixed6x13').glyph(0x41), '060d');
    const used = usedIn('FONT FIXED6X13\nTXT 0 0 A\nFONT FIXED5X7\nTXT 999 0 B\nFONT GVPIE\nTXT 0 0 C');
    expect(used.fonts).toEqual({ fixed6x13: 1, fixed5x7: 1 });
    expect(used.font_glyphs).toEqual({ 'fixed6x13 0041': wide });
    expect(used.glyphs).toEqual({ '0043': hexOf(glyphFor(0x43)) });
    expect(usedIn('FONT FIXED6X13\nRECT 0 0 9 9')).not.toHaveProperty('fonts');
    expect(usedIn('TXT 0 0 A')).not.toHaveProperty('fonts');
  });

  it('is the font that a text was measured in: other metrics would give other widths', () => {
    expect(usedIn('FONT FIXED6X13\nSET x tw(a)')).toMatchObject({
      fonts: { fixed6x13: 1 },
      functions: { tw: 1 },
    });
    expect(usedIn('FONT FIXED6X13\nFONT GVPIE\nSET x tw(a)')).not.toHaveProperty('fonts');
  });

  it('names a glyph that the clip cuts by its whole bitmap', () => {
    expect(usedIn('CLIP 2 2 1 1\nTXT 0 0 A').glyphs).toEqual({ '0041': hexOf(glyphFor(0x41)) });
    expect(usedIn('CLIP 5 0 1 9\nTXT 0 0 A').glyphs).toEqual({});
    expect(usedIn('NUM 0 0 -7').glyphs).toEqual({
      '002D': hexOf(glyphFor(0x2d)),
      '0037': hexOf(glyphFor(0x37)),
    });
  });

  it('does not depend on where or how often', () => {
    expect(usedIn('TXT 0 0 AB\nTXT 9 9 BA')).toEqual(usedIn('TXT 50 5 AB'));
  });
});

describe('the digest of what a run used', () => {
  const square: Bitmap = { width: 2, height: 2, rows: [0b10, 0b01] };
  const digestWith = (bitmap: Bitmap) =>
    usesDigest(
      usedBy({
        opcodes: new Set(['TXT']),
        functions: new Set(),
        letters: new Map([[fontNamed('gvpie'), new Map([[65, bitmap]])]]),
        blends: ['over'],
      }),
    );

  it('is the SHA-256 of canonical JSON', () => {
    const canonical = '{"blend":{},"canvas":1,"glyphs":{},"opcodes":{"HALT":1}}';
    expect(usesDigest(usedIn(''))).toBe(sha256Hex(canonical));
  });

  it('is the same whatever order things came in', () => {
    const one: Used = {
      canvas: 1,
      blend: {},
      opcodes: { TXT: 1, RECT: 1 },
      glyphs: { '0041': 'a', '0042': 'b' },
    };
    const other: Used = {
      glyphs: { '0042': 'b', '0041': 'a' },
      opcodes: { RECT: 1, TXT: 1 },
      blend: {},
      canvas: 1,
    };
    expect(usesDigest(one)).toBe(usesDigest(other));
    expect(usesDigest(usedIn('TXT 0 0 AB\nRECT 0 0 1 1'))).toBe(
      usesDigest(usedIn('RECT 0 0 1 1\nTXT 0 0 BA')),
    );
  });

  it('is another for each thing that changes (it can object)', () => {
    const base: Used = { canvas: 1, blend: { 'src-over': 1 }, opcodes: { TXT: 1 }, glyphs: { '0041': '01' } };
    const changed: Used[] = [
      { ...base, canvas: 2 },
      { ...base, blend: { 'src-over': 2 } },
      { ...base, blend: {} },
      { ...base, opcodes: { TXT: 2 } },
      { ...base, opcodes: { TXT: 1, RECT: 1 } },
      { ...base, functions: { min: 1 } },
      { ...base, functions: { min: 2 } },
      { ...base, glyphs: { '0041': '02' } },
      { ...base, glyphs: { '0042': '01' } },
    ];
    expect(new Set([base, ...changed].map(usesDigest)).size).toBe(changed.length + 1);
  });

  it('is another for a bitmap with one bit flipped or another shape', () => {
    const others: Bitmap[] = [
      { ...square, rows: [0b10, 0b11] },
      { width: 3, height: 2, rows: [0b10, 0b01] },
      { width: 2, height: 3, rows: [0b10, 0b01, 0] },
      { width: 32, height: 1, rows: [0x80000001] },
    ];
    expect(new Set([square, ...others].map(digestWith)).size).toBe(others.length + 1);
    expect(digestWith({ ...square })).toBe(digestWith(square));
  });
});
