/** Printing: results go to standard output, what went wrong to standard error. */
import { visible } from '../renderer/language/caret.ts';
import type { Source } from '../renderer/language/source.ts';
import type { Price } from '../renderer/machine/price.ts';
import type { Complaint } from '../shared/faults.ts';
import { type Style, styleOf } from './style.ts';
import { type Column, tableLines } from './table.ts';

/** A line of a result. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** A line about what went wrong, or about what is awaited. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The one document of `--json`. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined));
}

/** A row of the database as JSON writes it: names in snake_case, as in replies and cartridges. */
export function snakeCase(row: object): Record<string, unknown> {
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]));
}

/** A table as a result. */
export function sayTable(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines(columns, rows, styleOf(process.stdout).bold)) say(line);
}

/** Complaints about a program: place, excerpt with carets, hint. `where` is its file, as people write it. */
export function complainAbout(where: string, complaints: readonly Complaint[]): void {
  for (const line of complaintLines(where, complaints, styleOf(process.stderr))) complain(line);
}

/** Calls of one complaint that are named; beyond, they are counted, as they are many only where they repeat. */
const NAMED_CALLS = 8;

/** The lines of `complainAbout`, for a stream of that style. */
export function complaintLines(where: string, complaints: readonly Complaint[], style: Style): string[] {
  const lines = complaints.flatMap(({ code, message, line, column, excerpt, hint, calls, more_calls }) => {
    const place = [visible(where), line, column].filter((part) => part !== undefined).join(':');
    return [
      `${style.bold(place)}: ${style.red(`error ${code}`.trimEnd())}: ${visible(message)}`,
      ...(excerpt?.split('\n') ?? []).map((text) => `    ${style.dim(visible(text))}`),
      ...callLines(calls ?? [], more_calls ?? 0),
      ...(hint === undefined ? [] : [`    hint: ${visible(hint)}`]),
    ];
  });
  return complaints.length > 1 ? [...lines, `${complaints.length} errors`] : lines;
}

/** @param unlisted calls beyond `calls` */
function callLines(calls: NonNullable<Complaint['calls']>, unlisted: number): string[] {
  const named = calls
    .slice(0, NAMED_CALLS)
    .map(({ line, name }) => `    called from line ${line}: ${visible(name)}`);
  const more = calls.length - named.length + unlisted;
  return more > 0 ? [...named, `    … and ${count(more, 'call')} more`] : named;
}

/** What the author of a program should know although it runs. */
export function warnAbout(
  where: string,
  warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly line?: number | undefined;
    readonly hint?: string | undefined;
  }[],
): void {
  const style = styleOf(process.stderr);
  for (const { code, message, line, hint } of warnings) {
    const place = line === undefined ? visible(where) : `${visible(where)}:${line}`;
    complain(`${style.bold(place)}: ${style.yellow(`warning ${code}`.trimEnd())}: ${visible(message)}`);
    if (hint !== undefined) complain(`    hint: ${visible(hint)}`);
  }
}

/** Code points of a source line that a table shows. */
const SOURCE_WIDTH = 60;

/** A line of source for the last column of a table. */
export function shorten(line: string): string {
  const points = Array.from(line.slice(0, 2 * SOURCE_WIDTH + 2));
  return points.length <= SOURCE_WIDTH ? points.join('') : `${points.slice(0, SOURCE_WIDTH - 1).join('')}…`;
}

/** A line as its source has it; the HALT that a run adds behind the last line stands on none. */
export function sourceText({ lines }: Pick<Source, 'lines'>, line: number): string {
  return lines[line - 1] ?? 'HALT, left out';
}

/** What a run cost, but for its canvas. */
export function priceWords({ steps, shapes, pixels_written, shade }: Omit<Price, 'bytes'>): string[] {
  const work = [count(steps, 'step'), count(shapes, 'shape'), `${count(pixels_written, 'pixel')} written`];
  return shade === undefined ? work : [...work, `${count(shade, 'operation')} of SHADEs`];
}

/** `1 step`, `2 steps`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
