/** A renderer as a program: `node plain-renderer.js SOCKET`. Ends with 75 when it may not serve. */

import { serveRenderer } from '../../renderer/host/serve.ts';
import { HostFault } from '../../shared/faults.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { openJournal } from '../../shared/host/journal.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';

const journal = openJournal('renderer', 'info');
try {
  // Signals are heard before it serves, as by the gvpie command.
  const serving = Promise.resolve().then(() =>
    serveRenderer({ socketDir: process.argv[2]!, backend: 'cpu' }, journal, diskFiles),
  );
  let abandon = (): void => {};
  const refused = serving.then((renderer) => {
    abandon = () => renderer.abandon();
    return new Promise<never>(() => {});
  });
  const stop = async (): Promise<void> => (await serving).stop();
  process.exit((await untilTold(stop, journal, refused, () => abandon())) ? 0 : 70);
} catch (error) {
  if (!(error instanceof HostFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(75);
}
