/** A value from outside, for a message: one short line, whatever it is and however deep it nests. */

/** At most 60 characters. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON can write numbers that it cannot hold, such as 1e999.
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
