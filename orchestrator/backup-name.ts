/** Names of backups: the time, and an id. In the order of their names they are in the order in which they were made. */

const NAME = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** A clock that was wrong once must not name what comes above all that follows, milliseconds: room is left behind it. */
const LAST_MS = Date.UTC(9_998, 0, 1);

/** Whether a folder of this name is a backup's: `20261122T034512345Z-1a2b3c4d`. */
export function isBackupName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The name of a new backup, behind all others even where the clock was set back.
 *
 * @param nowMs Unix epoch, milliseconds
 * @param id 8 lower-case hex digits
 * @param others names of backups
 */
export function backupName(nowMs: number, id: string, others: readonly string[]): string {
  const newest = Math.max(-1, ...others.map(timeOf));
  return `${new Date(Math.max(Math.min(nowMs, LAST_MS), newest + 1)).toISOString().replace(/[-:.]/g, '')}-${id}`;
}

/** Unix epoch, milliseconds; -1 where it is none. */
function timeOf(name: string): number {
  const [, day = '', time = '', ms = ''] = /^(\d{8})T(\d{6})(\d{3})Z/.exec(name) ?? [];
  const text = `${day.replace(/(....)(..)/, '$1-$2-')}T${time.replace(/(..)(..)/, '$1:$2:')}.${ms}Z`;
  const found = Date.parse(text);
  // One from the end of the calendar leaves no room behind it.
  return Number.isNaN(found) || found >= Date.UTC(9_999, 0, 1) ? -1 : found;
}

/** The backups that go when the newest `keep`, 1 or more, stay. */
export function outdated(names: readonly string[], keep: number): string[] {
  return [...names].sort().slice(0, Math.max(0, names.length - keep));
}
