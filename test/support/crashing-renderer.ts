/**
 * A renderer that kills itself: `node crashing-renderer.js SOCKET CRASH_AFTER`. Prints each of its effects
 * on the file system, and dies by SIGKILL just after the one of that number; 0 is never.
 */
import { writeSync } from 'node:fs';
import { serveRenderer } from '../../renderer/host/serve.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';
import { countingFiles } from './counting-files.ts';

const socketDir = process.argv[2]!;
const crashAfter = Number(process.argv[3]);
const files = countingFiles(diskFiles, (effect, name) => {
  const plain = name.replaceAll(`${socketDir}/`, '').replace(/r\d+-[0-9a-f]{8}/g, '<renderer>');
  writeSync(1, `${effect} ${plain}\n`);
  if (effect === crashAfter) process.kill(process.pid, 'SIGKILL');
});
const serving = await serveRenderer({ socketDir, backend: 'cpu' }, silentJournal, files);
process.exit((await untilTold(() => serving.stop(), silentJournal)) ? 0 : 70);
