/** What the orchestrator is told: its settings, and the numbers that are its own. */
import type { Settings } from '../shared/settings.ts';

export type OrchestratorSettings = Pick<
  Settings,
  | 'socketDir'
  | 'database'
  | 'cartridges'
  | 'door'
  | 'pollMs'
  | 'timeoutMs'
  | 'durability'
  | 'keepRuns'
  | 'keepLogs'
  | 'keepCartridges'
  | 'gcEvery'
  | 'backupDir'
  | 'backupEvery'
  | 'backupKeep'
>;

/** Jobs in flight at the spool: three batches, of which one is painted, one pressed and one synced. */
export const WINDOW = 96;
/** Scripts taken in, and answers handled, in one go: their syncs overlap and their runs are committed together. */
export const BATCH = 32;
/**
 * How long an answer waits for such company while others are on the way, ms. In memory, a row takes SQLite 31 µs where 32
 * are claimed and closed together, 49 where 8 are, and 142 alone; a sync takes as long for one as for many.
 */
export const GATHER_MS = 8;
/** Bytes of pixels in flight at the spool, so that large canvases come one by one. */
export const WINDOW_BYTES = 268_435_456;
/**
 * The most bytes of pixels that are read, held to their reply and pressed in the daemon's own turn: at their worst,
 * when each pixel is chance, that takes 3 ms, and 5 ms more the first time. More of them go to a thread.
 */
export const TURN_BYTES = 524_288;
/** How long answers are pressed in one turn before others have theirs, ms. */
export const TURN_MS = 2;
/** How long a thread that presses is kept with nothing to do, ms. */
export const IDLE_THREAD_MS = 5_000;
/** How often an orchestrator with open runs shows that it lives, ms. */
export const BEAT_MS = 2_000;
/** How long a heartbeat may stand still, on the observer's monotonic clock, before its owner counts as dead or stuck, ms. */
export const SILENCE_MS = 10_000;
/** How often leases are looked after, ms. */
export const LEASE_MS = 500;
/** How long `--once` waits for a renderer, ms. */
export const ABSENT_RENDERER_MS = 5_000;
/** How long the spool is given to announce itself before the seed's slot is tried, ms. */
export const ANNOUNCE_GRACE_MS = 1_500;
/** How long a question is left in the slot that only asks whether anybody is there, ms. */
export const PROBE_MS = 2_000;
/** How long a drain waits for answers before it takes the rest back, ms. */
export const DRAIN_MS = 3_500;
/** How often it is looked at who serves, ms. */
export const PRESENCE_MS = 250;
/** How long nobody may serve before it is said, ms. */
export const ABSENT_WARNING_MS = 2_000;
/** How often it is looked whether the database is still there, ms. */
export const UPKEEP_MS = 1_000;
/** How often it is looked whether a sweep or a backup is due, ms. */
export const OWN_WORK_LOOK_MS = 1_000;
/** How long somebody else's, or a database that another program holds, is waited for before it is looked again, ms. */
export const OWN_WORK_WAIT_MS = 5_000;
/** Attempts at one slot of it that may end without an answer, as when the process dies of it, or with what may pass. */
export const OWN_WORK_ATTEMPTS = 3;
/** Cartridges of one checksum that are looked at, the newest first: a picture may have been rendered 100,000 times. */
export const CANDIDATES = 16;
