/** Renderers on a GPU in processes of their own: the command that people start, and what it costs to run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import { type Child, startChild } from './child.ts';
import { announcedPids } from './renderer-process.ts';
import type { Later } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

/** Starts `gvpie renderer --backend gpu`; resolves when it serves. */
export async function startGpuRenderer(socket: string, later: Later = onTestFinished): Promise<Child> {
  const main = join(packageRoot(), 'dist/cli/main.js');
  const args = ['renderer', '--socket', socket, '--backend', 'gpu'];
  const child = startChild(process.execPath, [main, ...args], later);
  await waitUntil('a renderer on a GPU to serve', () => {
    if (child.end() !== undefined) throw new Error(`the renderer ended: ${child.output()}`);
    return announcedPids(socket).includes(child.pid) && child.output().includes('renderer:serving');
  });
  return child;
}

/** Clock ticks that a process has spent on all its threads, user and system together; a hundred are a second. */
export function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses and may hold anything; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
