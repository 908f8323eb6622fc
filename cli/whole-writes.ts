/** Whole writes to a file that standard output leads to: Node asks the system once, and takes less for all of it. */
import { fstatSync, writeSync } from 'node:fs';

/**
 * Has a stream write all that it is given, or fail. Where a disk is nearly full, or files may not grow further, the system
 * writes what has room and says how much that was; only who asks again hears why.
 *
 * @param fd what the stream writes to; anything but a file is left alone
 */
export function writeWhole(stream: NodeJS.WriteStream, fd: number): void {
  if (!isFile(fd)) return;
  stream._write = (chunk: Uint8Array, _encoding, done) => {
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}

/** Not where it is closed. */
function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
