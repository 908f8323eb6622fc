/** The socket's rooms and the names in them: a name is a state. Pure strings. */
import { LIMITS } from '../limits.ts';

/** Folders of a socket; see docs/protocol.md for what each holds. */
export const ROOMS = ['tmp', 'inbox', 'work', 'outbox', 'poison', 'renderer'] as const;

const ID = new RegExp(`^[A-Za-z0-9_-]{1,${LIMITS.idLength}}$`);
const OFFERED = new RegExp(`^([A-Za-z0-9_-]{1,${LIMITS.idLength}})(?:~([0-9]{1,3}))?\\.json$`);

/** Whether `id` may name a job: 1 to 64 characters of [A-Za-z0-9_-]. */
export function isJobId(id: string): boolean {
  return ID.test(id);
}

/** A job as its file name tells it. */
export interface JobName {
  readonly id: string;
  /** How often a dead renderer's hands gave it back. */
  readonly returns: number;
}

/** Reads `<id>.json` or `<id>~<n>.json`; undefined for any other name. */
export function parseJobName(fileName: string): JobName | undefined {
  const match = OFFERED.exec(fileName);
  return match ? { id: match[1]!, returns: Number(match[2] ?? 0) } : undefined;
}

/** The name of a job in the inbox: `<id>.json`, or `<id>~<n>.json` once it was given back. */
export function offeredName(job: JobName): string {
  return job.returns === 0 ? `${job.id}.json` : `${job.id}~${job.returns}.json`;
}

/** The name of a job in a renderer's hands: always `<id>~<n>.json`. */
export function takenName(job: JobName): string {
  return `${job.id}~${job.returns}.json`;
}

/** Deaths with a job in hand after which it is given up as poison. */
export const MAX_RETURNS = 3;
