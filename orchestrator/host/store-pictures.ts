/** The pictures of the store: PNGs without a label that programs draw, in their folder on the shelf, against their table. */
import { join } from 'node:path';
import { INPUTS_FOLDER } from '../file-name.ts';
import { Counting, type Tally } from '../fuse.ts';
import { judgePictureFile, pictureOf, type StoredPicture } from '../store-verdict.ts';
import type { PictureRecord } from './picture-table.ts';
import type { StoreFinding, StoreWalk } from './store-walk.ts';

/** What became of them. */
export interface PicturesRebuilt {
  /** Files that were looked at. */
  readonly files: number;
  /** Rows that were added or changed. */
  readonly written: number;
  /** Rows whose file is nowhere, of all rows, and how many of them went. */
  readonly gone: Tally;
  readonly forgotten: number;
}

/** Hears of each file that is no picture. */
interface HearPictures {
  unread(path: string, message: string): void;
}

/** Holds each picture of the table to its checksum; undefined: nothing is the matter. @throws {HostFault} as the walk */
export function* pictureFindings(walk: StoreWalk): Generator<StoreFinding | undefined> {
  for (const row of walk.table.pictures.rows()) {
    const found = judgePictureFile(row, walk.named(row.fileName));
    yield found === undefined ? undefined : { path: row.fileName, ...found };
  }
}

/** The rows of their table anew from their files. @throws {HostFault} when shelf or database cannot be used */
export class PicturesRebuild {
  readonly #walk: StoreWalk;
  readonly #hear: HearPictures;
  readonly #breathe: () => Promise<void>;

  constructor(walk: StoreWalk, hear: HearPictures, breathe: () => Promise<void>) {
    this.#walk = walk;
    this.#hear = hear;
    this.#breathe = breathe;
  }

  /** @param mayForget whether so many rows without a file may go */
  async run(mayForget: (gone: Tally) => boolean): Promise<PicturesRebuilt> {
    const { files, folder, table } = this.#walk;
    let count = 0;
    let written = 0;
    const inputs = join(folder, INPUTS_FOLDER);
    // A symlink would lead out of the shelf.
    if (files.fact(inputs)?.kind === 'folder') {
      for (const name of files.each(inputs)) {
        if (name.startsWith('.') || !name.endsWith('.png')) continue;
        count++;
        const record = this.#read(`${INPUTS_FOLDER}/${name}`);
        if (record !== undefined && table.pictures.record(record)) written++;
        await this.#breathe();
      }
    }
    const gone = new Counting();
    for (const row of table.pictures.rows()) gone.count(row.bytes, this.#isGone(row), null);
    let forgotten = 0;
    if (gone.go > 0 && mayForget(gone)) {
      for (const row of table.pictures.rows()) {
        if (this.#isGone(row) && table.pictures.forget(row)) forgotten++;
      }
    }
    return { files: count, written, gone, forgotten };
  }

  #read(path: string): PictureRecord | undefined {
    const { files, folder } = this.#walk;
    const place = this.#walk.look(join(folder, path));
    if (place.kind === 'absent') return undefined;
    const picture = place.kind === 'file' ? pictureOf(place.bytes) : place.message;
    if (typeof picture === 'string' || place.kind !== 'file') {
      this.#hear.unread(path, `${picture}`);
      return undefined;
    }
    const importedAt = new Date(files.fact(join(folder, path))?.modifiedMs ?? 0).toISOString();
    return { fileName: path, ...picture, bytes: place.bytes.length, importedAt };
  }

  #isGone({ fileName }: StoredPicture): boolean {
    return this.#walk.shelf.locate(fileName) === undefined;
  }
}
