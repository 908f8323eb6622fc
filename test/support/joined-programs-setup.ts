/**
 * Vitest's global setup: joins the tests' programs as `cli/join.mjs` joins the command, each with the two hundred modules
 * that it needs. The storms start hundreds of them, and joined they begin in half the time.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { packageRoot } from '../../shared/host/package-root.ts';

/** Those that `startProgram` starts often. */
const PROGRAMS = [
  'crashing-orchestrator',
  'crashing-painter',
  'crashing-queue',
  'crashing-renderer',
  'plain-renderer',
  'storm-daemon',
] as const;

/** @returns what takes them away again; nothing where they are not built, which `startProgram` says when it is asked */
export async function setup(): Promise<(() => void) | undefined> {
  const dist = join(packageRoot(), 'dist/test');
  const built = PROGRAMS.map((name) => [name, join(dist, 'support', `${name}.js`)] as const);
  if (!built.every(([, path]) => existsSync(path))) return undefined;
  sweep(dist);
  // One of its own for each run: another one may come between, after another build.
  const folder = mkdtempSync(join(dist, 'joined-'));
  const programs = await rolldown({
    input: Object.fromEntries(built),
    platform: 'node',
    external: ['better-sqlite3', 'chokidar', 'pino', 'pino-pretty', 'webgpu'],
    plugins: [{ name: 'places', transform: inPlace }],
  });
  await programs.write({ dir: folder, format: 'esm', chunkFileNames: '[name].js' });
  await programs.close();
  process.env.GVPIE_JOINED_PROGRAMS = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Longer than any run takes, ms. */
const STALE_MS = 6 * 3_600_000;

/** Takes away what runs left that were killed. */
function sweep(dist: string): void {
  for (const name of readdirSync(dist)) {
    const folder = join(dist, name);
    const modifiedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (name.startsWith('joined-') && Date.now() - modifiedMs > STALE_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}

/** Modules find threads and files by their own places, which joining would lose. */
function inPlace(code: string, id: string): string | null {
  if (!code.includes('import.meta.url')) return null;
  return code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href));
}
