/** When a cartridge was pressed: ISO 8601 in UTC, ending in Z, with or without fractions of a second. */
const FORM = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/;

/** Whether a text is such a time, on a day that the calendar has. */
export function isCreationTime(text: string): boolean {
  const day = FORM.exec(text)?.[1];
  if (day === undefined) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  // A 30 February is read as a day in March.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
