/** Renderers in processes of their own, known to serve by their announcement. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startProgram } from './child.ts';
import type { Later } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

/** Starts a renderer; resolves when it has announced itself. */
export async function startRenderer(socket: string, later?: Later): Promise<Child> {
  const child = startProgram('plain-renderer', [socket], later);
  await waitUntil('a renderer to announce itself', () => {
    if (child.end() !== undefined) throw new Error(`the renderer ended: ${child.output()}`);
    return announcedPids(socket).includes(child.pid);
  });
  return child;
}

/** Ends a renderer and waits until it is gone. */
export async function endRenderer(child: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.process.kill(signal);
  await child.ended;
}

export function announcedPids(socket: string): number[] {
  return namesIn(socket, 'renderer')
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        return [JSON.parse(readFileSync(join(socket, 'renderer', name), 'utf8')).pid as number];
      } catch {
        // A successor has just removed a dead one's.
        return [];
      }
    });
}

/** Names in a folder of the socket, sorted; none when it is not there. */
export function namesIn(socket: string, ...folder: string[]): string[] {
  try {
    return readdirSync(join(socket, ...folder)).sort();
  } catch {
    return [];
  }
}

/** Every path below `work/`: what is, or was, in a renderer's hands. */
export function inHand(socket: string): string[] {
  return namesIn(socket, 'work').flatMap((renderer) =>
    namesIn(socket, 'work', renderer).map((name) => `${renderer}/${name}`),
  );
}
