/** Taking in what others pressed: a cartridge's file onto the shelf as it is, under a readable name, and into the registry. */
import { sha256Hex } from '../../shared/bytes.ts';
import { canonicalText } from '../../shared/canonical.ts';
import type { Canvas } from '../../shared/canvas.ts';
import type { Cartridge } from '../../shared/cartridge/open.ts';
import { invariant } from '../../shared/faults.ts';
import { cartridgeFileName, inputFileName } from '../file-name.ts';
import { attempt } from './database-fault.ts';
import { JobTable } from './job-table.ts';
import { LineageTable } from './lineage-table.ts';
import type { Database } from './migrate.ts';
import type { CartridgeShelf } from './shelf.ts';

export interface TakenIn {
  /** Its place on the shelf. */
  readonly fileName: string;
  /** Whether a cartridge with this label and these signatures was there before; no file has been written then. */
  readonly wasThere: boolean;
}

/**
 * Two cartridges are one where their labels say the same and what is there has the signatures of the other: time and run may
 * differ. The registry is told no key of its work,
 * so that nobody is handed a picture as known that was not rendered here. Retention leaves alone what was taken in.
 *
 * @param title what its name is made of where its label names no script
 * @param now ISO 8601 UTC; also the time of a cartridge that does not say when it was pressed
 * @throws {HostFault} when database or shelf cannot be written
 */
export async function takeIn(
  database: Database,
  shelf: CartridgeShelf,
  { bytes, cartridge, title }: { bytes: Uint8Array; cartridge: Cartridge; title: string },
  now: string,
): Promise<TakenIn> {
  const { label, text, canvas } = cartridge;
  const labelText = canonicalText(label);
  const there = new LineageTable(database)
    .ofPixels(label.checksum)
    .filter(({ isSwept }) => !isSwept)
    .find(({ fileName }) => {
      const held = shelf.whole(fileName)?.cartridge;
      return held !== undefined && canonicalText(held.label) === labelText && isSignedLike(held, cartridge);
    });
  if (there !== undefined) {
    attempt('write', database.name, () =>
      database
        .prepare('UPDATE cartridges SET taken_in_at = ? WHERE file_name = ? AND taken_in_at IS NULL')
        .run(now, there.fileName),
    );
    return { fileName: there.fileName, wasThere: true };
  }
  const createdAt = text.created_at ?? now;
  // By the file's own digest: taken in again after a crash it has the same name.
  const sha256 = sha256Hex(bytes);
  const fileName = cartridgeFileName(label.script?.name ?? title, createdAt, sha256);
  const sharesFile = shelf.hasObject(sha256) ? 1 : 0;
  const [fault] = await shelf.put([{ fileName, bytes, sha256 }]);
  if (fault !== undefined) throw fault;
  const parents = (label.parents ?? []).map(({ checksum }) => checksum);
  attempt('write', database.name, () =>
    database
      .prepare(`
        INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at, inputs, parents, file_sha256,
          shares_file, taken_in_at)
        VALUES (@fileName, @checksum, @width, @height, @bytes, @createdAt, @inputs, @parents, @sha256, @sharesFile, @now)
        ON CONFLICT (file_name) DO UPDATE SET file_sha256 = excluded.file_sha256, shares_file = excluded.shares_file,
          taken_in_at = excluded.taken_in_at, swept_at = NULL, file_gone = 0`)
      .run({
        ...{
          fileName,
          checksum: label.checksum,
          ...canvas,
          bytes: bytes.length,
          createdAt,
          sha256,
          sharesFile,
          now,
        },
        inputs: JSON.stringify((label.inputs ?? []).map(({ checksum }) => checksum)),
        parents: parents.length === 0 ? null : JSON.stringify(parents),
      }),
  );
  invariant(shelf.has(fileName, bytes.length), 'what was put on the shelf is there');
  return { fileName, wasThere: false };
}

/** Whether each signature of another is there, too. */
function isSignedLike(held: Cartridge, { signatures }: Cartridge): boolean {
  return signatures.every(({ data }) => held.signatures.some((one) => Buffer.compare(one.data, data) === 0));
}

/**
 * Takes in a PNG without a label, so that programs can draw it. One of the same pixels that is there will do.
 *
 * @param picture `bytes` are its file's, which stays as it is
 * @throws {HostFault} when database or shelf cannot be written
 */
export async function takeInPicture(
  database: Database,
  shelf: CartridgeShelf,
  picture: { bytes: Uint8Array; title: string; checksum: string; canvas: Canvas },
  now: string,
): Promise<TakenIn> {
  const { bytes, title, checksum, canvas } = picture;
  const files = new JobTable(database).cartridgeFiles({ checksum, ...canvas });
  const there = files.find((fileName) => shelf.locate(fileName) !== undefined);
  if (there !== undefined) return { fileName: there, wasThere: true };
  const fileName = inputFileName(title, checksum);
  await shelf.putInput(fileName, bytes);
  attempt('write', database.name, () =>
    database
      .prepare(`
        INSERT INTO inputs (file_name, checksum, width, height, bytes, imported_at)
        VALUES (@fileName, @checksum, @width, @height, @bytes, @now)
        ON CONFLICT (file_name) DO UPDATE SET checksum = excluded.checksum, width = excluded.width,
          height = excluded.height, bytes = excluded.bytes, imported_at = excluded.imported_at`)
      .run({ fileName, checksum, ...canvas, bytes: bytes.length, now }),
  );
  return { fileName, wasThere: false };
}
