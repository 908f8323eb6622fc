/** Scratch folders: one in memory and one on the disk, both removed at the end. */
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../shared/host/package-root.ts';

export interface Scratch {
  /** A folder on tmpfs where the system has one. */
  readonly memory: string;
  /** A folder beside the compiled code: on the disk that gvpie itself lies on. */
  readonly disk: string;
  remove(): void;
}

export function makeScratch(): Scratch {
  const memory = mkdtempSync(join(writable('/dev/shm') ? '/dev/shm' : tmpdir(), 'gvpie-bench-'));
  const disk = mkdtempSync(join(packageRoot(), 'dist', 'bench-'));
  return {
    memory,
    disk,
    remove() {
      for (const folder of [memory, disk]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Magic numbers of statfs(2) on Linux. */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
]);

/** The name of the file system that a folder lies on. */
export function fileSystemOf(folder: string): string {
  const { type } = statfsSync(folder);
  return FILE_SYSTEMS.get(type) ?? `file system 0x${type.toString(16)}`;
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
