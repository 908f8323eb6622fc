/** What `gvpie preview` shows: a picture or complaints about its program, and a status line, as lines that fit. */
import { visible } from '../renderer/language/caret.ts';
import type { Price } from '../renderer/machine/price.ts';
import type { Warning } from '../renderer/machine/warnings.ts';
import type { Canvas } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import { cut, wrap } from './cells.ts';
import { halfBlocks, type Palette, type Room, shrinkFactor } from './half-blocks.ts';
import { complaintLines, count, priceWords } from './print.ts';
import type { Style } from './style.ts';

export interface Picture {
  readonly kind: 'picture';
  readonly pixels: Uint8Array;
  readonly canvas: Canvas;
  readonly price: Price;
  readonly warnings: readonly Warning[];
  /** How long parsing, running and painting took. */
  readonly ms: number;
}

/** What came of a program. */
export type Drawing = Picture | { readonly kind: 'refused'; readonly complaints: readonly Complaint[] };

/** How it is shown: what its program is called, where the lines go, and what may be on them. */
export interface Show {
  readonly name: string;
  readonly room: Room;
  readonly palette: Palette;
  readonly style: Style;
}

/**
 * At most as many lines as the room has rows, none wider than its columns; the last is the status.
 *
 * @param drawing undefined before there is one
 * @param note what the status line says in place of price and time
 */
export function frame(drawing: Drawing | undefined, show: Show, note?: string): string[] {
  const { name, room, palette, style } = show;
  const above = { columns: room.columns, rows: Math.max(1, room.rows - 1) };
  const status = (...words: string[]): string => cut([visible(name), ...words].join('  '), room.columns);
  if (drawing?.kind === 'picture') {
    const lines = halfBlocks(drawing.pixels, drawing.canvas, above, palette);
    const words = note === undefined ? statusWords(drawing, above) : [note];
    return [...lines, status(...words)].slice(0, room.rows);
  }
  const complaints = drawing === undefined ? [] : complaintLines(name, drawing.complaints, style);
  const lines = complaints.flatMap((line) => wrap(line, room.columns));
  const fitting = lines.length > above.rows ? [...lines.slice(0, above.rows - 1), '…'] : lines;
  const words =
    note ?? (drawing === undefined ? '' : `refused: ${count(drawing.complaints.length, 'error')}`);
  return [...fitting, status(words)].slice(0, room.rows);
}

/** A picture's lines, within the room, and a status line below, whatever its width. */
export function printed(picture: Picture, { name, room, palette }: Omit<Show, 'style'>): string[] {
  const lines = halfBlocks(picture.pixels, picture.canvas, room, palette);
  return [...lines, [visible(name), ...statusWords(picture, room)].join('  ')];
}

/** Size, scale, price, time and warnings of a picture. */
function statusWords({ canvas, price, warnings, ms }: Picture, room: Room): string[] {
  const factor = shrinkFactor(canvas, room);
  return [
    `${canvas.width}×${canvas.height}${factor > 1 ? ` at 1:${factor}` : ''}`,
    priceWords(price).join(', '),
    `${Math.ceil(ms)} ms`,
    ...(warnings.length > 0 ? [count(warnings.length, 'warning')] : []),
  ];
}
