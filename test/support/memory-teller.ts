/**
 * Preloaded into a daemon (`node --import`): at SIGUSR2 it collects its garbage and writes what is still kept, in bytes, to
 * `<GVPIE_MEMORY_FOLDER>/<pid>`. What is resident says how much garbage there may be, and hardly what a daemon keeps.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const folder = process.env.GVPIE_MEMORY_FOLDER;
if (folder !== undefined) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const path = join(folder, `${process.pid}`);
  process.on('SIGUSR2', () => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${path}.wet`, `${heapUsed + external}`);
    renameSync(`${path}.wet`, path);
  });
}
