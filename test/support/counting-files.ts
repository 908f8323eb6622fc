/** The door to the file system with every effect numbered, so that a test can stop the world after any of them. */
import type { Files } from '../../shared/host/files.ts';

/** Hears of each effect just after it: its number, from 1, and its name. */
export type Hear = (effect: number, name: string) => void;

/**
 * Wraps a door. Calls that change nothing (a rename of an absent file) are not effects; a write is two,
 * because half of it can be on the disk without the rest.
 */
export function countingFiles(files: Files, hear: Hear): Files {
  let count = 0;
  const done = (name: string): void => hear(++count, name);
  const half = (data: Uint8Array | string) => data.slice(0, data.length >> 1);
  return {
    ...files,
    write(path, data) {
      files.write(path, half(data));
      done(`half of write ${path}`);
      files.write(path, data);
      done(`write ${path}`);
    },
    async writeLong(path, data) {
      files.write(path, half(data));
      done(`half of write ${path}`);
      await files.writeLong(path, data);
      done(`write ${path}`);
    },
    async writeSynced(path, data) {
      files.write(path, half(data));
      done(`half of write ${path}`);
      await files.writeSynced(path, data);
      done(`write and sync ${path}`);
    },
    async syncFolder(path) {
      await files.syncFolder(path);
      done(`sync ${path}`);
    },
    rename(from, to) {
      const moved = files.rename(from, to);
      if (moved) done(`rename ${from} to ${to}`);
      return moved;
    },
    link(from, to) {
      const linked = files.link(from, to);
      if (linked) done(`link ${from} to ${to}`);
      return linked;
    },
    remove(path) {
      const removed = files.remove(path);
      if (removed) done(`remove ${path}`);
      return removed;
    },
    async removeLong(path) {
      const removed = await files.removeLong(path);
      if (removed) done(`remove ${path}`);
      return removed;
    },
    makeFolder(path) {
      const before = files.fact(path);
      files.makeFolder(path);
      if (before === undefined) done(`make folder ${path}`);
    },
    removeFolder(path) {
      const removed = files.removeFolder(path);
      if (removed) done(`remove folder ${path}`);
      return removed;
    },
  };
}
