/** Comparing: two runs of the bench, line by line; what has become worse by more than noise is a regression. */
import { isMet, isRate, type Line } from './report.ts';
import type { Figures } from './samples.ts';

/** The machine that a run was made on, as far as it decides what may be compared. */
export interface Place {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
}

export interface Kept {
  readonly machine: Place;
  readonly lines: readonly Line[];
}

export interface Change {
  /** Part, name and peer. */
  readonly name: string;
  /** What was compared: ratios where there is a peer, which a busy machine slows as well, and medians elsewhere. */
  readonly of: 'ratio' | 'median';
  readonly old: number;
  readonly now: number;
  /** How many times worse: 2 is twice as slow, 0.5 twice as fast. */
  readonly factor: number;
  readonly kind: 'regression' | 'better' | 'same';
  /** Whether a target that was met is missed now. */
  readonly lost: boolean;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Lines of the old run that the new one, which has others of their part, has not; and what is new. */
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** Why medians were not compared, or undefined. */
  readonly elsewhere: string | undefined;
}

/** Less than this is never a regression: 1.1 is a tenth worse. */
export const THRESHOLD = 1.1;
/** How both rules are told to people. */
export const RULE = `a regression is at least ${THRESHOLD} times worse by the median, and its quartiles lie apart from the old ones`;

export function compare(old: Kept, now: Kept): Comparison {
  const elsewhere = differenceOf(old.machine, now.machine);
  const before = new Map(old.lines.map((line) => [nameOf(line), line]));
  const after = new Map(now.lines.map((line) => [nameOf(line), line]));
  const changes = [...after].flatMap(([name, line]) => {
    const other = before.get(name);
    const change = other === undefined ? undefined : changeOf(name, other, line, elsewhere !== undefined);
    return change === undefined ? [] : [change];
  });
  // A part that was not measured again has lost nothing.
  const parts = new Set(now.lines.map(({ part }) => part));
  return {
    changes,
    gone: [...before].filter(([name, { part }]) => parts.has(part) && !after.has(name)).map(([name]) => name),
    added: [...after.keys()].filter((name) => !before.has(name)),
    elsewhere,
  };
}

function nameOf({ part, name, peer }: Line): string {
  return `${part}: ${name}${peer === undefined ? '' : `, against ${peer.name}`}`;
}

function differenceOf(old: Place, now: Place): string | undefined {
  for (const what of ['cpu', 'cores', 'node'] as const) {
    if (old[what] !== now[what])
      return `Expected ${what} ${old[what]}, found ${now[what]}: only ratios are compared`;
  }
  return undefined;
}

function changeOf(name: string, old: Line, now: Line, ratiosOnly: boolean): Change | undefined {
  const [before, after] = [rangeOf(old), rangeOf(now)];
  const of = now.peer === undefined ? 'median' : 'ratio';
  if (ratiosOnly && of === 'median') return undefined;
  const isMore = isRate(now.unit);
  const factor = isMore ? before.p50 / after.p50 : after.p50 / before.p50;
  const lost = isMet(old) === true && isMet(now) === false;
  const common = { name, of, old: before.p50, now: after.p50, factor, lost } as const;
  const areApart = after.p25 > before.p75 || after.p75 < before.p25;
  if (!areApart || (factor < THRESHOLD && factor > 1 / THRESHOLD)) return { ...common, kind: 'same' };
  return { ...common, kind: factor > 1 ? 'regression' : 'better' };
}

/** What is compared, and between what it lies: of a ratio, the quartiles of both sides as they are furthest apart. */
function rangeOf({ ours, peer }: Line): Pick<Figures, 'p25' | 'p50' | 'p75'> {
  if (peer === undefined) return ours;
  return { p25: ours.p25 / peer.p75, p50: ours.p50 / peer.p50, p75: ours.p75 / peer.p25 };
}
