/** Who a process is, precisely enough to tell it from a later one with the same pid. */
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot; null where the system does not say. */
  readonly start_time: number | null;
  readonly boot_id: string | null;
  readonly pid_namespace: string | null;
}

let own: ProcessIdentity | undefined;

/** This process's identity. Linux says all of it; other systems only the pid. */
export function ownIdentity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    start_time: startTime(process.pid),
    boot_id: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pid_namespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
  return own;
}

/**
 * Whether the process is alive: true or false where pids can be compared (same boot, same pid
 * namespace), undefined where only a heartbeat can tell.
 */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  const self = ownIdentity();
  if (self.boot_id === null && identity.boot_id === null) return pidExists(identity.pid);
  if (identity.boot_id !== self.boot_id) return undefined;
  if (identity.pid_namespace !== self.pid_namespace) return undefined;
  if (!pidExists(identity.pid)) return false;
  if (identity.start_time === null) return true;
  // Not told, such as where no further file can be opened, is not another: then the pid decides, once more.
  const found = startTime(identity.pid);
  return found === null ? pidExists(identity.pid) : found === identity.start_time;
}

/** Whether there is a process of this pid in our own namespace. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the command name, which may hold blanks and brackets. */
function startTime(pid: number): number | null {
  return orNull(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state[0] === 'Z' ? -1 : Number(state[19]);
  });
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
