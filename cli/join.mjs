/**
 * Joins the compiled modules of the `gvpie` command into `dist/joined`, for `cli/joined.ts`. Plain JavaScript, like
 * `ready.mjs`, which runs it after the compiler.
 */
import { renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const [fresh, joined] = [join(dist, 'joined.new'), join(dist, 'joined')];

// What is compiled while it is joined is joined once more: half of it may be the older.
let builtMs;
do {
  builtMs = statSync(join(dist, 'product.tsbuildinfo')).mtimeMs;
  await writeTo(fresh);
} while (statSync(join(dist, 'product.tsbuildinfo')).mtimeMs !== builtMs);
// Whoever starts in between finds nothing, and takes the modules as they were compiled.
rmSync(joined, { recursive: true, force: true });
renameSync(fresh, joined);

async function writeTo(dir) {
  const program = await rolldown({
    input: join(dist, 'cli/command.js'),
    platform: 'node',
    // Those with addons and threads find their files by their own places.
    external: ['better-sqlite3', 'chokidar', 'pino', 'pino-pretty', 'webgpu'],
  });
  rmSync(dir, { recursive: true, force: true });
  // Names without hashes, so that a compile cache has one entry for each however often this runs.
  await program.write({ dir, format: 'esm', chunkFileNames: '[name].js' });
  await program.close();
}
