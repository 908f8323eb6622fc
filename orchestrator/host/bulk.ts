/** Large files, such as databases: hashed and copied piece by piece, so that they take no memory. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { hostFault } from '../../shared/host/file-fault.ts';

/** Read at a time, bytes. */
const PIECE_BYTES = 2 ** 20;

/** What a file holds. */
export interface Tally {
  readonly bytes: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** Hears how many bytes are done. */
export type HearBytes = (bytes: number) => void;

export interface Bulk {
  /** Waits until the disk holds the file, and says what it holds. @throws {HostFault} */
  tally(path: string, hear?: HearBytes): Promise<Tally>;
  /**
   * Copies a file to a place where nothing lies, waits until the disk holds it, and says what was copied. Where that fails,
   * nothing of it is left.
   *
   * @throws {HostFault}
   */
  copy(from: string, to: string, hear?: HearBytes): Promise<Tally>;
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export const diskBulk: Bulk = {
  async tally(path, hear) {
    const file = await opened('read', path, READ);
    try {
      const tally = await pass(file, hear, async () => {});
      await file.sync();
      return tally;
    } catch (error) {
      throw hostFault('read', path, error);
    } finally {
      await file.close();
    }
  },

  async copy(from, to, hear) {
    const source = await opened('read', from, READ);
    try {
      const target = await opened('write', to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
      try {
        const tally = await pass(source, hear, async (piece) => {
          await target.writeFile(piece);
        });
        await target.sync();
        return tally;
      } catch (error) {
        await unlink(to).catch(() => {});
        throw hostFault('copy to', to, error);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  },
};

async function opened(op: string, path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o600);
  } catch (error) {
    throw hostFault(op, path, error);
  }
}

async function pass(
  file: FileHandle,
  hear: HearBytes | undefined,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<Tally> {
  const sum = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return { bytes, sha256: sum.digest('hex') };
    const piece = buffer.subarray(0, bytesRead);
    sum.update(piece);
    await take(piece);
    bytes += bytesRead;
    hear?.(bytes);
  }
}
