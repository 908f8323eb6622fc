/** Aligned tables for people: the same columns on a terminal and in a pipe. */
import { visible } from '../renderer/language/caret.ts';
import { cellWidth } from './cells.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Dresses a cell after it was padded; `cell` is its text. */
  readonly dress?: (padded: string, cell: string) => string;
}

/** A column of numbers. */
export function right(title: string): Column {
  return { title, align: 'right' };
}

const GAP = '  ';

/** Lines of a table under its titles. Control characters in cells are shown, not obeyed. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  dressTitles: (line: string) => string = (line) => line,
): string[] {
  const cells = rows.map((row) => row.map(visible));
  const widths = columns.map(({ title }, index) => Math.max(cellWidth(title), widest(cells, index)));
  const pad = (text: string, index: number): string => {
    const padding = ' '.repeat((widths[index] ?? 0) - cellWidth(text));
    if (columns[index]?.align === 'right') return padding + text;
    return index === columns.length - 1 ? text : text + padding;
  };
  const titles = columns.map(({ title }, index) => pad(title, index));
  const body = cells.map((row) =>
    columns.map(({ dress = (padded) => padded }, index) =>
      dress(pad(row[index] ?? '', index), row[index] ?? ''),
    ),
  );
  return [dressTitles(titles.join(GAP)), ...body.map((row) => row.join(GAP).trimEnd())];
}

/** Lines of `name  value`, the names padded to one width. Names may be those of files, and control characters are shown, too. */
export function fieldLines(
  fields: readonly (readonly [name: string, value: string])[],
  dressName: (text: string) => string = (text) => text,
): string[] {
  const shown = fields.map((field) => field.map(visible) as [string, string]);
  const width = widest(shown, 0);
  return shown.map(([name, value]) => `${dressName(name.padEnd(width))}${GAP}${value}`);
}

/** The widest cell of a column. A program may have 260,000 lines that run, too many for the arguments of one call. */
function widest(rows: readonly (readonly string[])[], index: number): number {
  return rows.reduce((width, row) => Math.max(width, cellWidth(row[index] ?? '')), 0);
}
