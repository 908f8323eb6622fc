/** Rules of retention: what is kept of something that grows, by age, by number, or by both. */

import { DURATION_UNITS } from './duration-units.ts';

/** What goes is older than `ageMs`, or not among the newest `count` of its script; null: not for that reason. */
export interface KeepRule {
  readonly ageMs: number | null;
  /** 1 or more. */
  readonly count: number | null;
}

const KEEP_ALL: KeepRule = { ageMs: null, count: null };

/** How a rule is written, in words. */
export const KEEP_RANGE = 'all, or an age such as 30d (s, m, h, d), a number such as 500, or both: 30d,500';

/** A hundred years of 366 days, ms. */
const LONGEST_MS = 36_600 * 86_400_000;
const MOST = 1_000_000_000;

/** Reads `all`, `30d`, `500`, `30d,500` or `500,30d`, in any case, blanks around each part; undefined: it is none. */
export function readKeepRule(text: string): KeepRule | undefined {
  if (text.trim().toLowerCase() === 'all') return KEEP_ALL;
  let rule = KEEP_ALL;
  for (const part of text.split(',')) {
    const [, digits = '', unit = ''] = /^\s*(\d{1,12})([smhd]?)\s*$/i.exec(part) ?? [];
    const number = digits === '' ? 0 : Number(digits);
    if (number === 0) return undefined;
    if (unit === '') {
      if (rule.count !== null || number > MOST) return undefined;
      rule = { ...rule, count: number };
    } else {
      const ageMs = number * (DURATION_UNITS.get(unit.toLowerCase()) as number);
      if (rule.ageMs !== null || ageMs > LONGEST_MS) return undefined;
      rule = { ...rule, ageMs };
    }
  }
  return rule;
}

/** Whether nothing ever goes by it. */
export function keepsAll({ ageMs, count }: KeepRule): boolean {
  return ageMs === null && count === null;
}

/** What is kept of each kind. */
export interface KeepRules {
  readonly runs: KeepRule;
  readonly logs: KeepRule;
  readonly cartridges: KeepRule;
}

/** The rules in settings, which have been read once already. */
export function keepRulesOf(settings: {
  readonly keepRuns: string;
  readonly keepLogs: string;
  readonly keepCartridges: string;
}): KeepRules {
  const { keepRuns, keepLogs, keepCartridges } = settings;
  const [runs = KEEP_ALL, logs = KEEP_ALL, cartridges = KEEP_ALL] = [keepRuns, keepLogs, keepCartridges].map(
    readKeepRule,
  );
  return { runs, logs, cartridges };
}
