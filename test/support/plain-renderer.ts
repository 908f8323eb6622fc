/** A renderer as a program: `node plain-renderer.js SOCKET`. Ends with 75 when it may not serve. */

import { serveRenderer } from '../../renderer/host/serve.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { openJournal } from '../../shared/host/journal.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';
import { LockHeld } from '../../shared/host/lock.ts';

const journal = openJournal('renderer', 'info');
try {
  const serving = await serveRenderer({ socketDir: process.argv[2]!, backend: 'cpu' }, journal, diskFiles);
  process.exit((await untilTold(() => serving.stop(), journal)) ? 0 : 70);
} catch (error) {
  if (!(error instanceof LockHeld || error instanceof HostFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(75);
}
