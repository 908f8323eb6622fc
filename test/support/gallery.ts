/** The contact sheet of docs/gallery.png: examples hung in rows, as docs/gallery.md lists them. */
import { fontNamed } from '../../renderer/fonts/font.ts';
import { readPage, tableRows } from '../docs/pages.ts';
import { type Example, listedExamples, renderExample } from '../golden/corpus.ts';
import { draw, fill, hang, type Sheet, sheetOf } from './sheet.ts';

export const GALLERY_FILE = 'docs/gallery.png';
export const GALLERY_PAGE = 'docs/gallery.md';

/** Grey levels. */
const WALL = 0x2a;
const FRAME = 0x70;
const CAPTION = 0xc8;
/** Pixels: around everything, between rows, and between a picture and its caption. */
const MARGIN = 28;
const GAP = 26;
const UNDER = 7;
/** The least between two pictures of a row; rows that are shorter have more, so that all end at the same edges. */
const BETWEEN = 24;
/** Pictures at most this wide and high are shown twice as large. */
const SMALL = 64;

interface Hung {
  readonly name: string;
  readonly picture: Sheet;
  readonly scale: number;
  /** Pixels of the sheet. */
  readonly width: number;
  readonly height: number;
}

/** The names in the table of the page, row by row. */
export function listedRows(page = readPage(GALLERY_PAGE)): string[][] {
  return tableRows(page, ['', '', '', '']).map((cells) =>
    cells.map((cell) => /^\[([a-z-]+)\]\(\.\.\/examples\/\1\.pxl\)$/.exec(cell)?.[1] ?? cell),
  );
}

async function hungOf(name: string, examples: readonly Example[]): Promise<Hung> {
  const example = examples.find((one) => one.name === name);
  if (example === undefined) throw new Error(`Expected an example of examples/README.md, found "${name}"`);
  const { canvas, pixels } = await renderExample(example);
  const scale = canvas.height <= SMALL ? 2 : 1;
  return {
    ...{ name, picture: { ...canvas, pixels }, scale },
    ...{ width: canvas.width * scale, height: canvas.height * scale },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** A sheet with these examples, rendered now. @throws {Error} for a name that no example has */
export async function gallerySheet(rows: readonly (readonly string[])[]): Promise<Sheet> {
  const font = fontNamed('gvpie');
  const examples = listedExamples();
  const hung = await Promise.all(
    rows.map((names) => Promise.all(names.map((name) => hungOf(name, examples)))),
  );
  const inner = Math.max(
    ...hung.map((row) => sum(row.map(({ width }) => width)) + BETWEEN * (row.length - 1)),
  );
  const heights = hung.map((row) => Math.max(...row.map(({ height }) => height)));
  const step = UNDER + font.height + GAP;
  const height = 2 * MARGIN + sum(heights) + step * rows.length - GAP;
  const sheet = sheetOf(inner + 2 * MARGIN, height, WALL);

  let bottom = MARGIN;
  for (const [index, row] of hung.entries()) {
    bottom += heights[index] as number;
    const spare = inner - sum(row.map(({ width }) => width));
    let used = 0;
    for (const [place, { name, picture, scale, width, height }] of row.entries()) {
      const left = MARGIN + used + Math.floor((spare * place) / Math.max(row.length - 1, 1));
      const top = bottom - height;
      fill(sheet, left - 2, top - 2, width + 4, height + 4, FRAME);
      hang(sheet, left, top, picture, scale);
      const indent = Math.floor((width - (name.length * font.advance - 1)) / 2);
      for (const [at, character] of [...name].entries()) {
        const glyph = font.glyph(character.codePointAt(0) as number) ?? font.missing;
        draw(sheet, left + indent + at * font.advance, bottom + UNDER, glyph, 1, CAPTION);
      }
      used += width;
    }
    bottom += step;
  }
  return sheet;
}
