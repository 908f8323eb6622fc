/** Times in the database as expressions of SQL. */

/** A time as any client may have written it, in milliseconds of the Unix epoch; NULL for what is none. */
export function ms(column: string): string {
  return `CAST(round((julianday(${column}) - 2440587.5) * 86400000) AS INTEGER)`;
}
