/** The report: one line for each figure, as a table for people and as JSON. */
import type { Figures } from './samples.ts';

export interface Target {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
  /**
   * What is held to it: ours over the peer's, by the median or by the 99th percentile, or our median itself, or the worst
   * of our samples.
   */
  readonly of: 'ratio' | 'p99 ratio' | 'median' | 'worst';
}

export type Unit = 'ms' | 'MB' | '/s' | 'MB/s' | 'M steps/s' | 'exponent';

export interface Line {
  readonly part: string;
  /** Names the line in its part, against its peer: no two are alike, so that runs can be compared. */
  readonly name: string;
  readonly unit: Unit;
  readonly ours: Figures;
  readonly peer?: Figures & { readonly name: string };
  readonly targets?: readonly Target[];
  readonly note?: string;
  /** Where the time goes, in words; told of what misses a target. */
  readonly where?: readonly string[];
}

/** Our median over the peer's; undefined where there is no peer. */
export function ratioOf(line: Line): number | undefined {
  return line.peer === undefined ? undefined : line.ours.p50 / line.peer.p50;
}

/** Whether more of a unit is better. */
export function isRate(unit: Unit): boolean {
  return unit.endsWith('/s');
}

export interface Verdict extends Target {
  /** NaN where there is nothing to hold to the target. */
  readonly found: number;
  readonly met: boolean;
}

export function verdictsOf(line: Line): Verdict[] {
  return (line.targets ?? []).map((target) => {
    const found = measureOf(line, target.of) ?? Number.NaN;
    return {
      ...target,
      found,
      met: target.bound === 'at most' ? found <= target.value : found >= target.value,
    };
  });
}

/** Whether every target is met; undefined where there is none. */
export function isMet(line: Line): boolean | undefined {
  const verdicts = verdictsOf(line);
  return verdicts.length === 0 ? undefined : verdicts.every(({ met }) => met);
}

function measureOf(line: Line, of: Target['of']): number | undefined {
  if (of === 'median') return line.ours.p50;
  if (of === 'ratio') return ratioOf(line);
  // Of twenty samples, the worst; of fewer nothing is told, and nothing is met.
  if (of === 'worst') return line.ours.p99;
  const [ours, peers] = [line.ours.p99, line.peer?.p99];
  return ours === undefined || peers === undefined ? undefined : ours / peers;
}

const HEADINGS = [
  'ratio',
  'at best',
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
const RIGHT = new Set([0, 1, 6, 7, 8, 9]);

/**
 * The lines as an aligned table, ratios first: of medians, and of the best samples, which a busy machine disturbs less.
 * Below a line stands where its time goes, if that is told.
 */
export function tableOf(lines: readonly Line[]): string {
  const rows = [HEADINGS, ...lines.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const align = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - [...cell].length);
        return RIGHT.has(column) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return rows
    .flatMap((row, index) => [
      align(row),
      ...(lines[index - 1]?.where ?? []).map((words) => `       └ ${words}`),
    ])
    .join('\n');
}

function cellsOf(line: Line): string[] {
  const met = isMet(line);
  return [
    round(ratioOf(line)),
    line.peer === undefined ? '' : round(line.ours.best / line.peer.best),
    verdictsOf(line)
      .map((verdict) => describe(verdict, line.unit))
      .join(', '),
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

/** A target in words; what the table shows nowhere else stands behind it. */
function describe({ bound, value, of, found }: Verdict, unit: string): string {
  const sign = bound === 'at most' ? '≤' : '≥';
  if (of === 'ratio') return `${sign} ${Number(value.toPrecision(3))} ×`;
  if (of === 'worst') return `${sign} ${value} ${unit} at worst`;
  return of === 'median' ? `${sign} ${value} ${unit}` : `p99 ${sign} ${value} × (${round(found)})`;
}

/** Three significant digits, more before the point where there are more. */
export function round(value: number | undefined): string {
  if (value === undefined) return '';
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}
