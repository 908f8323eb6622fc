/** The letters behind a duration, as in `10s` and `30d`: milliseconds of each. */
export const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
