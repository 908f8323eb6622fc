/**
 * A renderer that dies of one picture: `node crashing-painter.js SOCKET`. A canvas 13 pixels wide is painted
 * for as long as `SOCKET/go` is not there, and then kills it; all others are painted as ever. With `together` behind
 * the socket it takes jobs as one with a GPU does, and those beside the deadly one are not done before it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBackends } from '../../renderer/host/backends.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import type { Painter } from '../../renderer/raster/painter.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { silentJournal } from '../../shared/host/journal.ts';

const socketDir = process.argv[2]!;
const isTogether = process.argv[3] === 'together';
let isDoomed = false;

function deadly(painter: Painter): Painter {
  return {
    standing: painter.standing,
    async paint(list) {
      if (list.canvas.width !== 13) {
        // What was offered at the same time has been taken by then.
        if (isTogether) await new Promise((resolve) => setTimeout(resolve, 100));
        return isDoomed ? new Promise(() => {}) : painter.paint(list);
      }
      isDoomed = isTogether;
      while (!existsSync(join(socketDir, 'go'))) await new Promise((resolve) => setTimeout(resolve, 1));
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    },
  };
}

await serveRenderer({ socketDir, backend: 'cpu' }, silentJournal, diskFiles, async (choice) => {
  const backends = await openBackends(choice);
  const standing = { ...backends.standing, ...(isTogether ? { backend: 'gpu' as const } : {}) };
  return { ...backends, standing, painterFor: (asked) => deadly(backends.painterFor(asked)) };
});
