/** Spans of time in words, as short as they can be told. */

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** `250 ms`, `9 s`, `90 min`, `2 h`, `4 d`: in the largest unit of which there are two, or in seconds, rounded down. */
export function spanWords(ms: number): string {
  const whole = Math.max(0, Math.floor(ms));
  for (const [unitMs, unit] of UNITS) {
    if (whole >= 2 * unitMs) return `${Math.floor(whole / unitMs)} ${unit}`;
  }
  return whole >= 1_000 ? '1 s' : `${whole} ms`;
}

/** How long ago a time of the database is; nothing where it is no time. */
export function ageWords(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? '' : spanWords(nowMs - ms);
}
