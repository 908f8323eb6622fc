/**
 * An orchestrator that works on a queue until it is told to stop, or kills itself: `node crashing-queue.js SETTINGS
 * CRASH_AFTER`. Prints each of its effects on the file system, each statement that writes and each commit, and dies by
 * SIGKILL just after the one of that number; 0 is never.
 */
import { writeSync } from 'node:fs';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';
import { readSettings } from '../../shared/settings.ts';
import { countDatabases } from './counting-database.ts';
import { countingFiles } from './counting-files.ts';

const { settings } = readSettings(JSON.parse(process.argv[2] ?? '{}'), {});
const crashAfter = Number(process.argv[3]);
let count = 0;
const hear = (name: string): void => {
  writeSync(1, `${++count} ${name}\n`);
  if (count === crashAfter) process.kill(process.pid, 'SIGKILL');
};
countDatabases(hear);
const working = await serveOrchestrator(settings, silentJournal, {
  once: false,
  backend: 'auto',
  files: countingFiles(diskFiles, (_, name) => hear(name)),
});
process.exit((await untilTold(() => working.stop(), silentJournal)) ? 0 : 70);
