/** The report: one line for each figure, as a table for people and as JSON. */
import type { Figures } from './samples.ts';

export interface Target {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
  /** What is held to it: ours over the peer's median, or our median itself. */
  readonly of: 'ratio' | 'median';
}

export interface Line {
  readonly part: string;
  readonly name: string;
  readonly unit: 'ms' | '/s' | 'MB/s' | 'M steps/s';
  readonly ours: Figures;
  readonly peer?: Figures & { readonly name: string };
  readonly target?: Target;
  readonly note?: string;
}

/** Our median over the peer's; undefined where there is no peer. */
export function ratioOf(line: Line): number | undefined {
  return line.peer === undefined ? undefined : line.ours.p50 / line.peer.p50;
}

/** Whether the target is met; undefined where there is none. */
export function isMet(line: Line): boolean | undefined {
  if (line.target === undefined) return undefined;
  const found = line.target.of === 'ratio' ? ratioOf(line) : line.ours.p50;
  if (found === undefined) return false;
  return line.target.bound === 'at most' ? found <= line.target.value : found >= line.target.value;
}

const HEADINGS = [
  'ratio',
  'target',
  'met',
  'what',
  'unit',
  'ours p50',
  'p99',
  'peer p50',
  'p99',
  'peer',
  'note',
];
const RIGHT = new Set([0, 5, 6, 7, 8]);

/** The lines as an aligned table, ratios first. */
export function tableOf(lines: readonly Line[]): string {
  const rows = [HEADINGS, ...lines.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const gap = ' '.repeat((widths[column] ?? 0) - [...cell].length);
          return RIGHT.has(column) ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf(line: Line): string[] {
  const met = isMet(line);
  return [
    round(ratioOf(line)),
    line.target === undefined ? '' : describe(line.target, line.unit),
    met === undefined ? '' : met ? 'yes' : 'NO',
    `${line.part}: ${line.name}`,
    line.unit,
    round(line.ours.p50),
    round(line.ours.p99),
    round(line.peer?.p50),
    round(line.peer?.p99),
    line.peer?.name ?? '',
    line.note ?? '',
  ];
}

function describe({ bound, value, of }: Target, unit: string): string {
  const sign = bound === 'at most' ? '≤' : '≥';
  return of === 'ratio' ? `${sign} ${value} ×` : `${sign} ${value} ${unit}`;
}

/** Three significant digits, more before the point where there are more. */
function round(value: number | undefined): string {
  if (value === undefined) return '';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
