/** What Linux says of a process's memory, in /proc. */
import { readFileSync } from 'node:fs';

const MB = 1e6;

/** A field of /proc/<pid>/status, MB. @throws {Error} when the process has ended, or there is no such field */
export function statusOf(pid: number, field: string): number {
  const found = fieldOf(pid, field);
  if (found === undefined) throw new Error(`Expected ${field} of process ${pid}, found none`);
  return found;
}

/** The same; undefined where there is none. */
export function fieldOf(pid: number, field: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return kib === undefined ? undefined : (Number(kib) * 1_024) / MB;
}
