/** The program of a contact sheet: pictures in cells, each with its name below, as PXL-ε draws them. */
import type { Canvas } from '../shared/canvas.ts';
import { LIMITS } from '../shared/limits.ts';

export interface SheetPicture {
  readonly title: string;
  readonly canvas: Canvas;
  /** Of its pixels. */
  readonly checksum: string;
}

const GAP = 8;
/** A line of the font FIXED5X7 and the space above it. */
const CAPTION = 11;
/** Of a letter with the space behind it. */
const LETTER_WIDTH = 6;
/** The most that BLIT takes. */
const MOST_SCALE = 64;

/**
 * Pictures of up to half a cell are shown larger by a whole factor; of those larger than a cell the middle is shown, since
 * the language draws no picture smaller.
 *
 * @param pictures at least one
 */
export function sheetProgram(
  pictures: readonly SheetPicture[],
  cell: Canvas,
  columns = Math.ceil(Math.sqrt(pictures.length)),
): { readonly program: string; readonly canvas: Canvas } {
  const names = new Map<string, string>();
  for (const { checksum } of pictures) if (!names.has(checksum)) names.set(checksum, `p${names.size + 1}`);
  const declared = new Map(pictures.map(({ checksum, canvas }) => [checksum, canvas]));
  const images = [...declared].map(
    ([checksum, { width, height }]) => `IMAGE ${names.get(checksum)} ${width} ${height} ${checksum}`,
  );
  const rows = Math.ceil(pictures.length / columns);
  const canvas = {
    width: GAP + columns * (cell.width + GAP),
    height: GAP + rows * (cell.height + CAPTION + GAP),
  };
  const cells = pictures.flatMap(({ title, canvas: { width, height }, checksum }, at) => {
    const x = GAP + (at % columns) * (cell.width + GAP);
    const y = GAP + Math.floor(at / columns) * (cell.height + CAPTION + GAP);
    const fitting = Math.min(Math.floor(cell.width / width), Math.floor(cell.height / height));
    const scale = Math.min(Math.max(fitting, 1), MOST_SCALE);
    const left = x + Math.floor((cell.width - scale * width) / 2);
    const top = y + Math.floor((cell.height - scale * height) / 2);
    return [
      `CLIP ${x} ${y} ${cell.width} ${cell.height}`,
      'CLEAR black',
      `BLIT ${names.get(checksum)} ${left} ${top} ${scale}`,
      'CLIP',
      `TXT ${x} ${y + cell.height + 3} ${caption(title, Math.floor(cell.width / LETTER_WIDTH))}`,
    ];
  });
  const head = ['CLEAR #202020', 'FONT FIXED5X7', 'COLOR white'];
  return { program: `${[...images, ...head, ...cells].join('\n')}\n`, canvas };
}

/** What TXT takes as it is: no line ends, no blanks at the ends, nothing unseen, and not nothing. */
function caption(title: string, length: number): string {
  const seen = title
    .slice(0, LIMITS.textCodePoints)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const points = Array.from(seen);
  const short = points.length <= length ? points : [...points.slice(0, Math.max(length - 2, 1)), '..'];
  return short.join('').trim() || '-';
}
