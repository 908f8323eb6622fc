/** The tables of the fonts: they are what the BDF texts say, in the source and as compiled, and are read exactly. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Bitmap } from '../../../renderer/display/list.ts';
import type { BdfFont } from '../../../renderer/fonts/bdf.ts';
import { FIXED_5X7 } from '../../../renderer/fonts/fixed-5x7.ts';
import { FIXED_6X13 } from '../../../renderer/fonts/fixed-6x13.ts';
import { type FontTable, packFont, TableGlyphs } from '../../../renderer/fonts/table.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { seeded } from '../../../shared/seeded.ts';
import { FIXED_SIZES, type FixedSize, fontModule, modulePath, readFixed } from '../../support/font-module.ts';

const TABLES: Readonly<Record<FixedSize, FontTable>> = { '5x7': FIXED_5X7, '6x13': FIXED_6X13 };

/** The glyphs of a table, as a BDF text gives them. */
function glyphsOf(table: FontTable): [number, Bitmap][] {
  const glyphs = new TableGlyphs(table);
  return glyphs.codePoints().map((code) => [code, glyphs.glyph(code)!]);
}

const withoutLines = ({ bits, runs, ...metrics }: FontTable): object => ({
  ...metrics,
  bits: bits.replaceAll(/\s/g, ''),
  runs: runs.trim().replaceAll(/\s+/g, ' '),
});

describe.each(FIXED_SIZES)('the table of %s', (size) => {
  const font = readFixed(size);

  it('has every glyph of the BDF text, and no other', () => {
    expect(glyphsOf(TABLES[size])).toEqual([...font.glyphs]);
  });

  it('is the module that the BDF text makes', () => {
    const remedy = 'run: node dist/test/support/write-fonts.js';
    expect(readFileSync(join(packageRoot(), modulePath(size)), 'utf8'), remedy).toBe(fontModule(size, font));
  });

  it('is in dist what it is in the source', async () => {
    const path = join(packageRoot(), 'dist', modulePath(size).replace(/\.ts$/, '.js'));
    expect(existsSync(path), 'run: node cli/ready.mjs test').toBe(true);
    const compiled = (await import(pathToFileURL(path).href)) as Record<string, FontTable>;
    const table = compiled[`FIXED_${size.toUpperCase()}`]!;
    expect(withoutLines(table)).toEqual(packFont(font));
    expect(glyphsOf(table)).toEqual([...font.glyphs]);
  });

  it('would be another with one pixel flipped in any row of a glyph', () => {
    const [code, glyph] = [...font.glyphs].at(-1)!;
    for (let row = 0; row < glyph.height; row++) {
      const rows = glyph.rows.with(row, glyph.rows[row]! ^ 1);
      const glyphs = new Map([...font.glyphs, [code, { ...glyph, rows }]]);
      expect(packFont({ ...font, glyphs }).bits).not.toBe(packFont(font).bits);
    }
  });
});

describe('packing a font', () => {
  it('keeps glyphs of any size to the bit, wherever they begin in a byte', () => {
    const next = seeded(5);
    for (const [width, height] of [
      [1, 1],
      [5, 7],
      [8, 8],
      [31, 3],
      [32, 32],
      [32, 1],
    ] as const) {
      const glyphs = new Map<number, Bitmap>();
      for (let code = 0; code < 200; code++) {
        if (next() < 0.3) continue;
        const rows = Array.from({ length: height }, () => Math.floor(next() * 2 ** width));
        glyphs.set(code, { width, height, rows });
      }
      const font: BdfFont = {
        ...{ width, height, glyphs },
        advance: width,
        ascent: height,
        properties: new Map(),
      };
      expect(glyphsOf(packFont(font))).toEqual([...glyphs]);
    }
  });

  it('writes code points as runs, and bits in base64', () => {
    const dot = { width: 2, height: 2, rows: [2, 1] };
    const glyphs = new Map([0x41, 0x42, 0x10ffff].map((code) => [code, dot]));
    const font = { ...{ width: 2, height: 2, glyphs }, advance: 3, ascent: 2, properties: new Map() };
    const bits = Buffer.from([0b10011001, 0b10010000]).toString('base64');
    expect(packFont(font)).toEqual({
      ...{ advance: 3, width: 2, height: 2, ascent: 2 },
      ...{ runs: '41+2 10ffff+1', bits },
    });
  });

  it('refuses a table whose bits are not those of its runs', () => {
    const table = { advance: 8, width: 8, height: 1, ascent: 1, runs: '41+2' };
    expect(new TableGlyphs({ ...table, bits: 'AAA=' }).codePoints()).toEqual([0x41, 0x42]);
    for (const bits of ['AA==', 'AAAA']) {
      expect(() => new TableGlyphs({ ...table, bits }).glyph(0x41)).toThrow(
        'invariant broken: a font table of',
      );
    }
  });
});
