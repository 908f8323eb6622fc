/** The modules that hold the tables of the fonts, as text: what test/support/write-fonts.ts writes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BdfFont, readBdf } from '../../renderer/fonts/bdf.ts';
import { packFont } from '../../renderer/fonts/table.ts';
import { packageRoot } from '../../shared/host/package-root.ts';

/** The sizes, as the BDF texts in renderer/fonts/ are named. */
export const FIXED_SIZES = ['5x7', '6x13'] as const;
export type FixedSize = (typeof FIXED_SIZES)[number];

/** Path from the root. */
export function modulePath(size: FixedSize): string {
  return `renderer/fonts/fixed-${size}.ts`;
}

/** @throws {BdfError} */
export function readFixed(size: FixedSize): BdfFont {
  return readBdf(readFileSync(join(packageRoot(), `renderer/fonts/${size}.bdf`), 'utf8'));
}

/** The longest line of a table, characters. */
const COLUMNS = 110;

/** The module of a font's table. */
export function fontModule(size: FixedSize, font: BdfFont): string {
  const { advance, width, height, ascent, runs, bits } = packFont(font);
  const copyright = font.properties.get('COPYRIGHT')?.replaceAll(/ +/g, ' ');
  return `/**
 * The font ${size} as a table: ${font.glyphs.size} glyphs. Made from ${size}.bdf by test/support/write-fonts.ts; change nothing here.
 * ${copyright}
 */
import type { FontTable } from './table.ts';

export const FIXED_${size.toUpperCase()}: FontTable = {
  advance: ${advance},
  width: ${width},
  height: ${height},
  ascent: ${ascent},
  runs: \`
${folded(runs, new RegExp(`.{1,${COLUMNS}}(?: |$)`, 'g'))}\`,
  bits: \`
${folded(bits, new RegExp(`.{1,${COLUMNS}}`, 'g'))}\`,
};
`;
}

function folded(text: string, line: RegExp): string {
  return (text.match(line) ?? []).map((found) => found.trimEnd()).join('\n');
}
