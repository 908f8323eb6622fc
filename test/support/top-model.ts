/** A model of `gvpie top` in which there is something in every section, as of a fixed moment. */

import type { TopModel } from '../../cli/top-model.ts';
import type { OrchestratorRow } from '../../orchestrator/host/owner-table.ts';
import type { Watched } from '../../orchestrator/host/watch-table.ts';
import type { Announcement, InHand } from '../../shared/protocol/announcement.ts';

export const NOW_MS = Date.UTC(2026, 10, 20, 12, 0, 5);

/** So long before that moment, s. */
export const ago = (seconds: number): string => new Date(NOW_MS - 1_000 * seconds).toISOString();

const process = (pid: number) => ({ pid, start_time: 1, boot_id: 'b', pid_namespace: 'pid:[1]' });

function orchestrator(pid: number, id: string): OrchestratorRow {
  return { ...process(pid), id, version: '0.1.0', started_at: ago(7_300), heartbeat: 9 };
}

export function renderer(pid: number, more: Partial<Announcement> = {}): Announcement {
  return {
    ...process(pid),
    renderer: `r${pid}-0a1b2c3d`,
    version: '0.1.0',
    backend: 'cpu',
    adapter: 'cpu (typescript)',
    reason: 'asked for',
    health: 'ok',
    slot: false,
    started_at: ago(7_300),
    heartbeat: 9,
    in_hand: [],
    ...more,
  };
}

export function held(id: string | null, done: number, of: number, since = 12): InHand {
  return { id, since: ago(since), phase: 'painting', done, of };
}

export const WATCHED: Watched = {
  totals: { queued: 12, waiting: 3, running: 2, dead: 1 },
  paused: [],
  running: [
    {
      jobId: 17,
      scriptName: 'plasma',
      slot: 'r3',
      startedAt: ago(12),
      spoolId: 's17',
      owner: 'o1',
      cancel: false,
    },
    {
      jobId: 21,
      scriptName: 'sales',
      slot: 'r1',
      startedAt: ago(0.2),
      spoolId: 's21',
      owner: 'o2',
      cancel: false,
    },
  ],
  jobs: [
    { jobId: 22, scriptName: 'tiles', slot: 'r1 {"count":2}', waits: null },
    { jobId: 18, scriptName: 'report', slot: 'r2', waits: 'waits for plasma' },
  ],
  ended: [
    ...Array.from({ length: 24 }, (_, n) => ({ finishedMs: NOW_MS - 400 * n, success: true })),
    { finishedMs: NOW_MS - 20_000, success: false },
    { finishedMs: NOW_MS - 30_000, success: true },
  ],
  endedSinceMs: NOW_MS - 60_000,
  failures: [
    {
      finishedAt: ago(20),
      scriptName: 'poster',
      outcome: 'refused',
      stderr: JSON.stringify({
        status: 'refused',
        error: { code: 'PXL-E007', message: 'Expected w, found the end of the line', line: 1, column: 9 },
        errors: [{ code: 'PXL-E007', message: 'Expected w, found the end of the line', line: 1, column: 9 }],
      }),
    },
  ],
  slots: [{ scriptName: 'clock', at: ago(-5) }],
  cartridges: [
    { fileName: 'city.png', scriptName: 'city', width: 32, height: 16 },
    { fileName: 'bars.png', scriptName: null, width: 16, height: 12 },
  ],
};

/** Two orchestrators, and two renderers with three commands in hand, one of them somebody else's. */
export function busyModel(more: Partial<TopModel> = {}, watched: Partial<Watched> = {}): TopModel {
  return {
    nowMs: NOW_MS,
    version: '0.1.0',
    socket: '/tmp/gvpie',
    database: {
      path: '/srv/gvpie/db/daemon.db',
      watched: { ...WATCHED, ...watched },
      orchestrators: [orchestrator(4711, 'o1'), orchestrator(4712, 'o2')],
      ownIds: new Set(['s17', 's21']),
      note: undefined,
    },
    renderers: [
      renderer(4713, { slot: true, in_hand: [held('s17', 87, 256), held(null, 1, 4, 3)] }),
      renderer(4714, { in_hand: [{ id: 's21', since: ago(0.2), phase: 'running' }] }),
    ],
    socketNote: undefined,
    isFrozen: false,
    ...more,
  };
}
