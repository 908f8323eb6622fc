/** docs/fonts.md: its numbers are those of the fonts, and its lines those that texts are cut into. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FONT_NAMES, fontNamed } from '../../renderer/fonts/font.ts';
import { wrap } from '../../renderer/fonts/lines.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { FIXED_SIZES, modulePath, readFixed } from '../support/font-module.ts';
import { readPage, tableRows } from './pages.ts';

const page = readPage('docs/fonts.md');
const blocks = tableRows(page, ['block', 'code points', 'fixed5x7', 'fixed6x13']);
const codes = FIXED_SIZES.map((size) => [...readFixed(size).glyphs.keys()]);

describe('the page of the fonts', () => {
  it('has the metrics of each font, and how many glyphs it has', () => {
    const header = [
      'name',
      'cell',
      'from one character to the next',
      'baseline under row',
      'line pitch',
      'glyphs',
    ];
    const metrics = FONT_NAMES.map((name) => {
      const { width, height, advance, ascent, pitch, glyph } = fontNamed(name);
      let glyphs = 0;
      for (let code = 0; code < 0x10000; code++) if (glyph(code) !== undefined) glyphs++;
      return [name, `${width}×${height}`, ...[advance, ascent, pitch, glyphs].map(String)];
    });
    expect(tableRows(page, header)).toEqual(metrics);
  });

  it('counts the glyphs of each block, and has every glyph in one', () => {
    const sums = [0, 0];
    for (const [name, range = '', ...counts] of blocks) {
      const [first = 0, last = 0] = [...range.matchAll(/U\+([0-9A-F]+)/g)].map(([, hex]) =>
        Number.parseInt(hex!, 16),
      );
      const found = codes.map((all) => all.filter((code) => first <= code && code <= last).length);
      expect([name, ...counts.map(Number)]).toEqual([name, ...found]);
      for (const [index, count] of found.entries()) sums[index]! += count;
    }
    expect(sums).toEqual(codes.map((all) => all.length));
  });

  it('says how large the tables are', () => {
    for (const size of FIXED_SIZES) {
      const path = modulePath(size);
      const kilobytes = (statSync(join(packageRoot(), path)).size / 1000).toFixed(1);
      expect(page).toContain(`\`${path.replace(/^.*\//, '')}\` (${kilobytes} kB)`);
    }
  });

  it('cuts texts as the fonts do', () => {
    // Blanks at the ends of cells count here: the rows are read as they stand.
    const rows = [...page.matchAll(/^\| `(.+?)` \| (\d+) \| (`.+`) \|$/gm)];
    expect(rows).toHaveLength(4);
    for (const [, text, count, lines] of rows) {
      const shown = [...lines!.matchAll(/`(.*?)`(?: |$)/g)].map(([, line]) => line);
      expect(wrap(text!, { advance: 1, width: 1 }, 1, Number(count))).toEqual(shown);
    }
  });
});
