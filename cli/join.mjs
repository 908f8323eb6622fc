/**
 * Joins the compiled modules of the `gvpie` command into `dist/joined`, for `cli/joined.ts`. Plain JavaScript, like
 * `ready.mjs`, which runs it after the compiler.
 */
import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const [fresh, joined] = [join(dist, 'joined.new'), join(dist, 'joined')];

try {
  // What is compiled while it is joined is joined once more: half of it may be the older.
  let builtMs;
  do {
    builtMs = compiledMs();
    await writeTo(fresh);
  } while (compiledMs() !== builtMs);
  stamp(builtMs);
  // Whoever starts in between finds nothing, and takes the modules as they were compiled.
  rmSync(joined, { recursive: true, force: true });
  renameSync(fresh, joined);
} catch (error) {
  // On a full disk what there is of it would keep the space.
  rmSync(fresh, { recursive: true, force: true });
  // rolldown says first that there are errors, then which, then where in itself.
  const lines = String(error?.message ?? error).split('\n');
  process.stderr.write(`${lines.find((line) => /[^:\s]\s*$/.test(line)) ?? lines[0]}\n`);
  process.exitCode = 1;
}

function compiledMs() {
  return statSync(join(dist, 'product.tsbuildinfo')).mtimeMs;
}

/** By the sizes `cli/joined.ts` knows a file that was cut off; by the time, that what was compiled is no newer. */
function stamp(builtMs) {
  const sizes = readdirSync(fresh).map((name) => [name, statSync(join(fresh, name)).size]);
  writeFileSync(join(fresh, 'sizes.json'), JSON.stringify(Object.fromEntries(sizes)));
  // A clock may have been set back since: what was compiled in its future would be joined at every command.
  const seconds = Math.max(Date.now(), builtMs + 1000) / 1000;
  for (const path of [join(fresh, 'command.js'), fresh]) utimesSync(path, seconds, seconds);
}

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
