/**
 * An orchestrator that kills itself: `node crashing-orchestrator.js SETTINGS CRASH_AFTER`. Prints each of
 * its effects on the file system and each transaction, and dies by SIGKILL just after the one of that
 * number; 0 is never. Otherwise it ends by itself once its scripts have had their attempts.
 */
import { writeSync } from 'node:fs';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { readSettings } from '../../shared/settings.ts';
import { countingFiles } from './counting-files.ts';

const { settings } = readSettings(JSON.parse(process.argv[2] ?? '{}'), {});
const crashAfter = Number(process.argv[3]);
let count = 0;
const hear = (name: string): void => {
  writeSync(1, `${++count} ${name}\n`);
  if (count === crashAfter) process.kill(process.pid, 'SIGKILL');
};
const working = await serveOrchestrator(settings, silentJournal, {
  once: true,
  backend: 'auto',
  files: countingFiles(diskFiles, (_, name) => hear(name)),
  wrapTable: (table) => ({
    dataVersion: () => table.dataVersion(),
    due: (limit, except) => table.due(limit, except),
    agenda: () => table.agenda(),
    queued: (id) => table.queued(id),
    wake: (now) => table.wake(now),
    cancelled: (owner) => table.cancelled(owner),
    nextRetryAt: () => table.nextRetryAt(),
    openRuns: (owner) => table.openRuns(owner),
    alone(work) {
      const result = table.alone(work);
      hear('take over');
      return result;
    },
    outcome: (id) => table.outcome(id),
    isRegistered: (fileName) => table.isRegistered(fileName),
    cartridgesByChecksum: (checksum) => table.cartridgesByChecksum(checksum),
    cartridgeFiles: (input) => table.cartridgeFiles(input),
    known: (work, semantics) => table.known(work, semantics),
    claim(batch, owner) {
      const runIds = table.claim(batch, owner);
      hear(`claim ${batch.length}`);
      return runIds;
    },
    close(batch) {
      const closed = table.close(batch);
      hear(`close ${batch.map(({ outcome }) => outcome).join(', ')}`);
      return closed;
    },
  }),
});
await working.finished;
await working.stop();
