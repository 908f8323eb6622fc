/** Recovery: runs that a dead orchestrator left open are closed by what is on the disk. */
import { join } from 'node:path/posix';
import { describe } from './decide.ts';
import type { OrchestratorDoors } from './doors.ts';
import type { RunClose } from './script.ts';

type RecoveryDoors = Pick<OrchestratorDoors, 'table' | 'spool' | 'shelf' | 'clock'>;

/**
 * Closes every open run of `owner`: as success when its cartridge is whole and carries its id, otherwise as
 * interrupted, after taking back its job, its answer and its half-written cartridge. Who is believed dead may go on at
 * any moment: while this looks at its cartridges, it cannot end a run with one that is then taken back.
 */
export function recover(
  doors: RecoveryDoors & Pick<OrchestratorDoors, 'journal'>,
  owner: string | null,
  folder: string,
): void {
  const { table, journal } = doors;
  if (table.openRuns(owner).length === 0) return;
  const closes = table.alone(() => closeAll(doors, owner, folder));
  if (closes.length === 0) return;
  const recovered = closes.filter(({ outcome }) => outcome === 'success').length;
  journal.warn('runs:recovered', { succeeded: recovered, interrupted: closes.length - recovered });
}

function closeAll(doors: RecoveryDoors, owner: string | null, folder: string): RunClose[] {
  const { table, spool, shelf, clock } = doors;
  const closes: RunClose[] = [];
  for (const { runId, spoolId, cartridgeName, startedAt } of table.openRuns(owner)) {
    const common = {
      runId,
      finishedAt: clock.iso(),
      durationMs: Math.max(0, clock.now() - Date.parse(startedAt)),
    };
    const found = shelf.whole(cartridgeName);
    const run = found?.cartridge.run;
    if (found !== undefined && run?.id === spoolId) {
      const { cartridge, bytes } = found;
      // What carries a run's id says when it was pressed.
      const { checksum, created_at = common.finishedAt } = cartridge.text;
      const inputs = (cartridge.label.inputs ?? []).map((input) => input.checksum);
      const parents = (cartridge.label.parents ?? []).map((parent) => parent.checksum);
      closes.push({
        ...common,
        outcome: 'success',
        stdout: JSON.stringify({ cartridge: join(folder, cartridgeName), checksum, warnings: [] }),
        stderr: null,
        backend: run.backend,
        retryAt: null,
        charged: 0,
        cartridge: {
          ...{ fileName: cartridgeName, checksum, ...cartridge.canvas, bytes, createdAt: created_at },
          inputs,
          parents,
        },
      });
    } else {
      shelf.discard(cartridgeName);
      closes.push({
        ...common,
        outcome: 'interrupted',
        stdout: null,
        stderr: describe('RUN-E001', 'Interrupted: the orchestrator ended before this run did'),
        backend: null,
        retryAt: null,
        charged: 1,
        cartridge: null,
      });
    }
    spool.withdraw(spoolId);
    spool.forget(spoolId);
  }
  table.close(closes);
  return closes;
}
