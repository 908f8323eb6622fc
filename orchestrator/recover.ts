/** Recovery: runs that a dead orchestrator left open are closed by what is on the disk. */
import { join } from 'node:path/posix';
import { describe } from './decide.ts';
import type { OrchestratorDoors } from './doors.ts';
import type { OpenRun, RunClose } from './script.ts';

type RecoveryDoors = Pick<OrchestratorDoors, 'table' | 'spool' | 'shelf' | 'clock'>;

/** How a run ends by what was on the shelf, and what lay there then. */
interface Judged {
  readonly run: OpenRun;
  readonly stamp: string | undefined;
  readonly close: RunClose;
}

/**
 * Closes the open runs of `owner`: as success when its cartridge is whole and carries its id, otherwise as interrupted;
 * then takes back its job, its answer and its half-written cartridge. Who is believed dead may go on at any moment, and
 * reading cartridges takes long: they are read while anybody may write, and the runs are closed at one moment at which
 * they are still open and their files the same. What changed meanwhile is left as it is, to be looked at again.
 *
 * @param whenAllClosed called in the transaction in which no open run of the owner is left
 * @throws {HostFault} when the database cannot be written now; then nothing was closed and nothing removed
 */
export function recover(
  doors: RecoveryDoors & Pick<OrchestratorDoors, 'journal'>,
  owner: string | null,
  folder: string,
  whenAllClosed: () => void = () => {},
): void {
  const { table, spool, shelf, journal } = doors;
  const judged = new Map(table.openRuns(owner).map((run) => [run.runId, judge(doors, run, folder)]));
  const closed = table.alone(() => {
    const open = table.openRuns(owner);
    const same = open
      .map(({ runId }) => judged.get(runId))
      .filter((one) => one !== undefined)
      .filter(({ run, stamp }) => shelf.stamp(run.cartridgeName) === stamp);
    if (same.length > 0) table.close(same.map(({ close }) => close));
    if (same.length === open.length) whenAllClosed();
    return same;
  });
  // Not before the commit: what it undoes has to find its files. Nobody can end these runs any more.
  for (const { run, close } of closed) {
    if (close.outcome !== 'success') shelf.discard(run.cartridgeName);
    spool.withdraw(run.spoolId);
    spool.forget(run.spoolId);
  }
  if (closed.length === 0) return;
  const recovered = closed.filter(({ close }) => close.outcome === 'success').length;
  journal.warn('runs:recovered', { succeeded: recovered, interrupted: closed.length - recovered });
}

function judge({ shelf, clock }: RecoveryDoors, run: OpenRun, folder: string): Judged {
  const { runId, spoolId, cartridgeName, startedAt } = run;
  // Before it is read: what is put there meanwhile has another.
  const stamp = shelf.stamp(cartridgeName);
  const common = {
    runId,
    finishedAt: clock.iso(),
    durationMs: Math.max(0, clock.now() - Date.parse(startedAt)),
    retryAt: null,
  };
  const found = shelf.whole(cartridgeName);
  const pressed = found?.cartridge.run;
  if (found === undefined || pressed?.id !== spoolId) {
    const stderr = describe('RUN-E001', 'Interrupted: the orchestrator ended before this run did');
    const nothing = { stdout: null, backend: null, cartridge: null };
    return { run, stamp, close: { ...common, ...nothing, outcome: 'interrupted', stderr, charged: 1 } };
  }
  const { cartridge, bytes, sha256: fileSha256 } = found;
  // What carries a run's id says when it was pressed.
  const { checksum, created_at: createdAt = common.finishedAt } = cartridge.text;
  const inputs = (cartridge.label.inputs ?? []).map((input) => input.checksum);
  const parents = (cartridge.label.parents ?? []).map((parent) => parent.checksum);
  const close: RunClose = {
    ...common,
    outcome: 'success',
    stdout: JSON.stringify({ cartridge: join(folder, cartridgeName), checksum, warnings: [] }),
    stderr: null,
    backend: pressed.backend,
    charged: 0,
    cartridge: {
      ...{ fileName: cartridgeName, checksum, ...cartridge.canvas, bytes, createdAt },
      ...{ inputs, parents, fileSha256 },
    },
  };
  return { run, stamp, close };
}
