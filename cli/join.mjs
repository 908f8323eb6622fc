/**
 * Joins the compiled modules of the `gvpie` command into `dist/joined`, for `cli/joined.ts`. Plain JavaScript, like
 * `ready.mjs`, which runs it after the compiler.
 */
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const [fresh, joined] = [join(dist, 'joined.new'), join(dist, 'joined')];

const program = await rolldown({
  input: join(dist, 'cli/command.js'),
  platform: 'node',
  // Those with addons and threads find their files by their own places.
  external: ['better-sqlite3', 'chokidar', 'pino', 'pino-pretty', 'webgpu'],
});
rmSync(fresh, { recursive: true, force: true });
// Names without hashes, so that a compile cache has one entry for each however often this runs.
await program.write({ dir: fresh, format: 'esm', chunkFileNames: '[name].js' });
await program.close();
// Whoever starts meanwhile finds all of it or nothing.
rmSync(joined, { recursive: true, force: true });
renameSync(fresh, joined);
