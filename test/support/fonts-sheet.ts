/** The picture of all three fonts that docs/fonts.png shows: a specimen in each, then every glyph of the fixed ones. */
import { FONT_NAMES, type Font, fontNamed } from '../../renderer/fonts/font.ts';
import { FIXED_SIZES, readFixed } from './font-module.ts';
import { draw, type Sheet, sheetOf } from './sheet.ts';

/** Latin, Greek, Cyrillic, arrows and blocks, box drawing over three lines. */
export const SPECIMEN = [
  'Příliš žluťoučký kůň, Größe, façade, œuvre, Łódź, ığdır',
  'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία: ε > 0, Ω, PXL-ε',
  'Съешь ещё этих мягких булок, їжак, љубав, Ўзбек',
  '←↑→↓↔↕ ⇐⇒⇔ ▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐ ░▒▓ ▀▄ ■□▪▫▲△▶▷●○◆◇',
  '┌──┬──┐ ╔══╦══╗ ╓──╥──╖ ╭───╮ ┏━━┳━━┓',
  '├──┼──┤ ╠══╬══╣ ╟──╫──╢ │ ε │ ┣━━╋━━┫',
  '└──┴──┘ ╚══╩══╝ ╙──╨──╜ ╰───╯ ┗━━┻━━┛',
];

const PAGE = 0x00;
const MARGIN = 10;
/** Sheet pixels a glyph pixel in the specimens; the repertoires are at 1×. */
const SCALE = 2;
const WIDTH = 700;
/** Glyphs side by side in a repertoire, and the clear pixels between them. */
const COLUMNS = 80;
const GAP = 2;

/** Glyphs to draw, and where. */
interface Part {
  readonly font: Font;
  readonly scale: number;
  readonly lines: readonly (readonly number[])[];
  /** Sheet pixels from one glyph and one line to the next. */
  readonly stepX: number;
  readonly stepY: number;
}

const codesOf = (text: string): number[] => [...text].map((character) => character.codePointAt(0)!);

function specimen(font: Font): Part {
  const title = `${font.name}: ${font.width}×${font.height}, ${font.advance} pixels a character`;
  return {
    ...{ font, scale: SCALE, lines: [title, ...SPECIMEN].map(codesOf) },
    ...{ stepX: font.advance * SCALE, stepY: font.pitch * SCALE },
  };
}

function repertoire(font: Font, codes: readonly number[]): Part {
  const lines = Array.from({ length: Math.ceil(codes.length / COLUMNS) }, (_, line) =>
    codes.slice(line * COLUMNS, (line + 1) * COLUMNS),
  );
  return { font, scale: 1, lines, stepX: font.width + GAP, stepY: font.height + GAP };
}

const heightOf = ({ lines, stepY }: Part): number => lines.length * stepY;

export function fontsSheet(): Sheet {
  const parts = [
    ...FONT_NAMES.map((name) => specimen(fontNamed(name))),
    ...FIXED_SIZES.map((size) => repertoire(fontNamed(`fixed${size}`), [...readFixed(size).glyphs.keys()])),
  ];
  const height = parts.reduce((sum, part) => sum + heightOf(part) + MARGIN, MARGIN);
  const sheet = sheetOf(WIDTH, height, PAGE);
  let top = MARGIN;
  for (const { font, scale, lines, stepX, stepY } of parts) {
    for (const codes of lines) {
      for (const [column, code] of codes.entries()) {
        draw(sheet, MARGIN + column * stepX, top, font.glyph(code) ?? font.missing, scale);
      }
      top += stepY;
    }
    top += MARGIN;
  }
  return sheet;
}
