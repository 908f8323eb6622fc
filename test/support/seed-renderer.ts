/** The renderer written in Python from the seed's text alone, drawing with our font. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { glyphFor } from '../../renderer/raster/font.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { type Child, startChild } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

/** Starts one at a socket; resolves when it watches. */
export async function startSeedRenderer(socket: string, ...options: string[]): Promise<Child> {
  const font = join(temporaryFolder(), 'font.json');
  writeFileSync(font, JSON.stringify(exportFont()));
  const program = join(packageRoot(), 'test/support/seed_renderer.py');
  const child = startChild('python3', [program, socket, '--font', font, ...options]);
  await waitUntil('the seed’s renderer to watch', () => child.output().includes('watching'));
  return child;
}

/** How many pictures it has drawn so far, probes included. */
export function rendersOf(child: Child): number {
  return child.output().split('seed_renderer: render ').length - 1;
}

/** Code point → seven rows of five bits. */
function exportFont(): Record<string, readonly number[]> {
  const glyphs = Array.from({ length: 0x7f - 0x20 }, (_, n) => 0x20 + n);
  return Object.fromEntries(glyphs.map((codePoint) => [codePoint, glyphFor(codePoint)?.rows ?? []]));
}
