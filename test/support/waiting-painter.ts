/**
 * A renderer that takes its time over one picture: `node waiting-painter.js SOCKET GO`. A canvas 13 pixels wide is painted
 * as soon as there is a file GO; all others are painted as ever. Its journal goes to standard output.
 */
import { existsSync } from 'node:fs';
import { openBackends } from '../../renderer/host/backends.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import type { Painter } from '../../renderer/raster/painter.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { openJournal } from '../../shared/host/journal.ts';
import { untilTold } from '../../shared/host/lifecycle.ts';

const socketDir = process.argv[2]!;
const go = process.argv[3]!;
const journal = openJournal('renderer', 'info');

function patient(painter: Painter): Painter {
  return {
    standing: painter.standing,
    async paint(list) {
      while (list.canvas.width === 13 && !existsSync(go))
        await new Promise((resolve) => setTimeout(resolve, 2));
      return painter.paint(list);
    },
  };
}

const serving = await serveRenderer({ socketDir, backend: 'cpu' }, journal, diskFiles, async (choice) => {
  const backends = await openBackends(choice);
  // Its standing may change: a spread would keep the first.
  return {
    get standing() {
      return backends.standing;
    },
    painterFor: (asked) => patient(backends.painterFor(asked)),
    close: () => backends.close(),
    onChange: (listener) => backends.onChange(listener),
  };
});
process.exit((await untilTold(() => serving.stop(), journal)) ? 0 : 70);
