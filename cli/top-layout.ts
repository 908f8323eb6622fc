/** How `gvpie top` divides a terminal: which sections are there, with how many of their lines, and how large thumbnails are. */
import type { Canvas } from '../shared/canvas.ts';
import { type Room, shrinkFactor } from './half-blocks.ts';

/** A heading and the lines below it. */
export interface Section {
  readonly name: string;
  /** What stands behind the name. */
  readonly summary: string;
  /** As many lines as there are, the most telling first. */
  readonly lines: readonly string[];
  /** How many things there are, where some of them have no line here. */
  readonly count?: number;
  /** Whether its heading is there even without lines. */
  readonly isKept: boolean;
  /** How the heading, and the lines, are to be dressed. */
  readonly alarm?: 'yellow' | 'red';
}

/** Rows of a thumbnail, at least and at most; its name has one more. */
const [FEWEST_ROWS, MOST_ROWS] = [3, 6];
/** Columns that a thumbnail has for each of its rows: a cell is about twice as high as wide, and pictures are wide. */
const COLUMNS_PER_ROW = 4;
const GAP = 2;

/** How the rows are shared out. */
export interface Shares {
  /** Lines of each section; undefined of one that has no heading either. */
  readonly lines: readonly (number | undefined)[];
  /** Rows of each thumbnail without its name; 0 for none. */
  readonly thumbnailRows: number;
  /** Thumbnails below each other. */
  readonly shelves: number;
}

/**
 * Shares out rows: first the headings that are kept, then a first line to each section, a heading to the others, and a
 * shelf of thumbnails if there are any; what is left goes to the sections in turns, until all lines are there, and then to
 * more shelves.
 *
 * @param pictures of which there may be thumbnails
 * @param room of all sections and thumbnails together
 */
export function shareRows(sections: readonly Section[], pictures: number, { columns, rows }: Room): Shares {
  const lines: (number | undefined)[] = sections.map(({ isKept }) => (isKept ? 0 : undefined));
  let left = rows - lines.filter((one) => one !== undefined).length;
  for (const [index, section] of sections.entries()) {
    const cost = section.isKept ? 1 : 2;
    if (section.lines.length === 0 || left < cost) continue;
    lines[index] = 1;
    left -= cost;
  }
  let thumbnailRows = 0;
  let shelves = 0;
  // A row for their heading, and one for the names.
  if (pictures > 0 && left >= FEWEST_ROWS + 2) {
    const half = Math.ceil(left / 2) - 2;
    thumbnailRows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, half));
    shelves = 1;
    left -= thumbnailRows + 2;
  }
  for (let given = true; given && left > 0; ) {
    given = false;
    for (const [index, section] of sections.entries()) {
      const has = lines[index];
      if (has === undefined || has === 0 || has >= section.lines.length || left === 0) continue;
      lines[index] = has + 1;
      left--;
      given = true;
    }
  }
  if (shelves > 0) {
    const { fit } = thumbnailRoom(columns, thumbnailRows);
    const more = Math.min(Math.ceil(pictures / fit) - 1, Math.floor(left / (thumbnailRows + 1)));
    shelves += Math.max(0, more);
  }
  return { lines, thumbnailRows, shelves };
}

/** The cells of each thumbnail, and how many stand beside each other. */
export function thumbnailRoom(columns: number, rows: number): { readonly room: Room; readonly fit: number } {
  const wide = Math.min(columns, rows * COLUMNS_PER_ROW);
  return { room: { columns: wide, rows }, fit: Math.max(1, Math.floor((columns + GAP) / (wide + GAP))) };
}

/** Pictures' lines beside each other, each below the next one's left edge: padded by what they show, not by what they say. */
export function beside(
  pictures: readonly { readonly lines: readonly string[]; readonly width: number }[],
  room: Room,
): string[] {
  return Array.from({ length: room.rows }, (_, row) => {
    let line = '';
    let owed = 0;
    for (const { lines, width } of pictures) {
      const cells = lines[row];
      line += cells === undefined ? '' : ' '.repeat(owed) + cells;
      owed = cells === undefined ? owed + room.columns + GAP : room.columns + GAP - width;
    }
    return line;
  });
}

/** Cells that a shrunk picture's lines are wide. */
export function widthIn(room: Room, canvas: Canvas): number {
  return Math.ceil(canvas.width / shrinkFactor(canvas, room));
}
