/** Sizes in words: `812 B`, `3.9 kB`, `42 MB`, in thousands. */

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** @param bytes a whole number from 0; what is shown is rounded down */
export function byteWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let rest = bytes;
  let unit: string = 'B';
  for (const next of UNITS) {
    if (rest < 1_000) break;
    rest /= 1_000;
    unit = next;
  }
  return `${rest < 10 ? (Math.floor(rest * 10) / 10).toFixed(1) : Math.floor(rest)} ${unit}`;
}
