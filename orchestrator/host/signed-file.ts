/** A cartridge that was signed where it lies on the shelf: its row and its object follow, if the registry has it. */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import { signaturesSince } from '../../shared/cartridge/signed.ts';
import type { Files } from '../../shared/host/files.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';
import { ShelfObjects } from './shelf-objects.ts';

/**
 * Killed between any two of its steps, it can be done again, and `gvpie store rebuild` does the same: until then the file
 * is told from its object by `signaturesSince`. What else has become of the file is not followed.
 *
 * @param folder the shelf's, absolute
 * @param bytes what lies under the name now, a cartridge that agrees with itself
 * @returns whether the registry has the file as it is
 * @throws {HostFault} when database or shelf cannot be written
 */
export function followSigned(
  database: Database,
  files: Files,
  folder: string,
  { fileName, bytes }: { readonly fileName: string; readonly bytes: Uint8Array },
): boolean {
  const sha256 = sha256Hex(bytes);
  const row = attempt('read', database.name, () =>
    database
      .prepare<[string], { id: number; checksum: string; was: string | null }>(
        `SELECT id, checksum, CAST(file_sha256 AS TEXT) AS was FROM cartridges
         WHERE file_name = ? AND swept_at IS NULL`,
      )
      .get(fileName),
  );
  if (row?.was === sha256) return true;
  if (row === undefined) return false;
  const isSigned = row.was === null ? isOf(bytes, row.checksum) : signaturesSince(bytes, row.was) > 0;
  if (!isSigned) return false;
  // Signed files are synced by who writes them.
  const objects = new ShelfObjects(files, folder, 'fast', () => {});
  const isNew = objects.adopt(join(folder, fileName), sha256);
  const followed = attempt('write', database.name, () =>
    database
      .transaction(() => {
        const change = database.prepare(
          `UPDATE cartridges SET file_sha256 = @sha256, bytes = @bytes, shares_file = 0
           WHERE id = @id AND file_sha256 IS @was AND swept_at IS NULL`,
        );
        const isDone = change.run({ ...row, sha256, bytes: bytes.length }).changes > 0;
        const other = database.prepare(
          'SELECT 1 FROM cartridges WHERE checksum = @checksum AND file_sha256 = @was AND swept_at IS NULL',
        );
        return { isDone, isShared: other.get(row) !== undefined };
      })
      .immediate(),
  );
  if (!followed.isDone) {
    if (isNew) objects.remove(sha256);
  } else if (row.was !== null && !followed.isShared) objects.remove(row.was);
  return followed.isDone;
}

/** Where nobody has the checksum of the file as it was, its label says what it is of. */
function isOf(bytes: Uint8Array, checksum: string): boolean {
  return readLabel(bytes).label.checksum === checksum;
}
