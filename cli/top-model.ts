/** What `gvpie top` knows at one moment: the queue, who works on it, and how far what is in hand is. */
import type { OrchestratorRow } from '../orchestrator/host/owner-table.ts';
import type { Watched } from '../orchestrator/host/watch-table.ts';
import { rateOf, type WatchedFailure, type WatchedRun } from '../orchestrator/watching.ts';
import type { Announcement, InHand } from '../shared/protocol/announcement.ts';
import { heldById } from './held.ts';
import { firstError } from './job-words.ts';
import { percentOf } from './progress-words.ts';

/** Windows of the rates, ms. */
export const RATE_WINDOWS = { '10 s': 10_000, '1 min': 60_000 } as const;

/** The database at its last look; `watched` stays what it was while `note` says why it cannot be read. */
export interface DatabaseLook {
  readonly path: string;
  readonly watched: Watched | undefined;
  readonly orchestrators: readonly OrchestratorRow[];
  /** Of the commands that renderers have in hand, those of its runs. */
  readonly ownIds: ReadonlySet<string>;
  readonly note: string | undefined;
  /** Whether `note` is about a fault of the world, so that another look may find it otherwise. */
  readonly isFailed?: boolean;
}

export interface TopModel {
  /** Unix epoch, ms. */
  readonly nowMs: number;
  readonly version: string;
  readonly socket: string;
  readonly database: DatabaseLook;
  /** Who serves the socket: the slot's first, then the oldest. */
  readonly renderers: readonly Announcement[];
  /** Why the socket cannot be looked at; then `renderers` are those of the last look. */
  readonly socketNote: string | undefined;
  /** Whether what is shown stands still. */
  readonly isFrozen: boolean;
}

/** What a renderer has in hand beside this database's runs; of those its word may be as old as its last heartbeat. */
export function foreignTo({ ownIds }: DatabaseLook, { in_hand = [] }: Announcement): readonly InHand[] {
  return in_hand.filter(({ id }) => id === null || !ownIds.has(id));
}

/** How many runs each orchestrator has under way. */
export function runsByOwner(runs: readonly WatchedRun[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { owner } of runs) if (owner !== null) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return counts;
}

/** Characters of a reason that are kept: no terminal shows more. */
const LONGEST = 1_000;
/** A failure is read once and shown in many frames. */
const reasons = new WeakMap<WatchedFailure, string>();

/** Why a run failed, in one line; nothing where nothing was noted. */
export function whyFailed(failure: WatchedFailure): string {
  const known = reasons.get(failure);
  if (known !== undefined) return known;
  const reason = (firstError(failure.stderr) ?? '').slice(0, LONGEST);
  reasons.set(failure, reason);
  return reason;
}

/** The model as `gvpie top --json` prints it. */
export function topJson({ nowMs, database, renderers, socket, socketNote }: TopModel): object {
  const { path, watched, orchestrators, note } = database;
  const held = heldById(renderers);
  return {
    at: new Date(nowMs).toISOString(),
    database: { path, note: note ?? null },
    socket: { path: socket, note: socketNote ?? null },
    orchestrators: orchestrators.map(({ id, pid, started_at, version }) => ({
      id,
      pid,
      started_at,
      version,
      running: runsByOwner(watched?.running ?? []).get(id) ?? 0,
    })),
    renderers,
    totals: watched?.totals ?? null,
    paused: watched?.paused ?? [],
    running: (watched?.running ?? []).map((run) => {
      const making = run.spoolId === null ? undefined : held.get(run.spoolId);
      return {
        job: run.jobId,
        script_name: run.scriptName,
        slot: run.slot,
        started_at: run.startedAt,
        owner: run.owner,
        cancel: run.cancel,
        renderer: making?.renderer ?? null,
        phase: making?.phase ?? null,
        percent: making === undefined ? null : (percentOf(making) ?? null),
      };
    }),
    queued: (watched?.jobs ?? []).map(({ jobId, scriptName, slot, waits }) => ({
      job: jobId,
      script_name: scriptName,
      slot,
      waits,
    })),
    rates: watched === undefined ? null : ratesJson(watched, nowMs),
    failures: (watched?.failures ?? []).map((failure) => ({
      finished_at: failure.finishedAt,
      script_name: failure.scriptName,
      outcome: failure.outcome,
      why: whyFailed(failure),
    })),
    schedules: (watched?.slots ?? []).map(({ scriptName, at }) => ({ script_name: scriptName, at })),
    cartridges: (watched?.cartridges ?? []).map(({ fileName, scriptName, width, height }) => ({
      cartridge_name: fileName,
      script_name: scriptName,
      width,
      height,
    })),
  };
}

function ratesJson({ ended, endedSinceMs }: Watched, nowMs: number): object {
  return Object.fromEntries(
    Object.entries(RATE_WINDOWS).map(([name, ms]) => {
      const { succeeded, failed, endedPer1000S } = rateOf(ended, endedSinceMs, nowMs, ms);
      return [name.replace(' ', '_'), { succeeded, failed, ended_per_s: endedPer1000S / 1_000 }];
    }),
  );
}
