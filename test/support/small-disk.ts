/** A disk of a few hundred kilobytes, to be filled: a tmpfs, for whoever may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Why no disk can be mounted here; undefined when one can. */
export function noSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'gvpie-disk-'));
  try {
    mount(folder, 64);
    execFileSync('umount', [folder]);
    return undefined;
  } catch (error) {
    return `no tmpfs can be mounted here: ${String((error as Error).message).split('\n')[0]}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Mounts a disk at a folder, which is made; unmounted after the test. */
export function smallDisk(folder: string, kilobytes: number): void {
  mkdirSync(folder, { recursive: true });
  mount(folder, kilobytes);
  onTestFinished(() => {
    execFileSync('umount', ['-l', folder]);
  });
}

/** Takes all the space that is left on a disk; the function gives it back. */
export function fill(folder: string): () => void {
  const path = join(folder, 'filler');
  const chunk = Buffer.alloc(4_096);
  try {
    for (;;) writeFileSync(path, chunk, { flag: 'a' });
  } catch {
    return () => rmSync(path);
  }
}

function mount(folder: string, kilobytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,mode=700`, 'gvpie-test', folder], {
    stdio: 'pipe',
  });
}
