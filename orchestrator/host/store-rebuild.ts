/**
 * Rebuilding: the registry is made anew from the files of the shelf alone. All of them are read first; then rows are written
 * a little at a time, the oldest cartridge first, as what is newest is told by the order of rows.
 */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { signaturesSince } from '../../shared/cartridge/signed.ts';
import { Counting, type Tally } from '../fuse.ts';
import { Objects } from './objects.ts';
import { type Noted, Scratch } from './scratch.ts';
import { ShelfObjects } from './shelf-objects.ts';
import { PicturesRebuild, type PicturesRebuilt } from './store-pictures.ts';
import type { StoreTable } from './store-table.ts';
import type { StoreWalk } from './store-walk.ts';

/** Rows that are written in one transaction. */
const BATCH = 100;

const WRITTEN_OVER =
  'Expected the file that the registry has, found another; its object is there: gvpie store repair gives the name back';

export interface RebuildResult {
  /** Files that were looked at, and of them whole cartridges. */
  readonly files: number;
  readonly cartridges: number;
  readonly added: number;
  readonly changed: number;
  /** Left to the run that is rendering them, or to retention. */
  readonly left: number;
  readonly objects: number;
  /** Why no objects could be made; null where they could. */
  readonly noObjects: string | null;
  /** Rows whose file is nowhere, of all rows, and how many of them went. */
  readonly gone: Tally;
  readonly forgotten: number;
  readonly pictures: PicturesRebuilt;
}

/** Hears of each file that is no cartridge, and of how far it is. */
export interface HearRebuild {
  unread(path: string, message: string): void;
  step(what: 'read' | 'written', done: number): void;
}

export interface RebuildOrder {
  /** Whether rows go when the fuse says that they are too many. */
  readonly isForced: boolean;
  readonly fuse: (gone: Tally) => boolean;
}

/** @throws {HostFault} when shelf or database cannot be used; what is done by then is done, and the next one goes on */
export async function rebuildStore(
  walk: StoreWalk,
  order: RebuildOrder,
  hear: HearRebuild,
  breathe: () => Promise<void>,
): Promise<RebuildResult> {
  const scratch = new Scratch();
  try {
    walk.shelf.mustBeThere();
    return await new Rebuild(walk, scratch, hear, breathe).run(order);
  } finally {
    scratch.close();
  }
}

class Rebuild {
  readonly #walk: StoreWalk;
  readonly #table: StoreTable;
  readonly #scratch: Scratch;
  readonly #hear: HearRebuild;
  readonly #breathe: () => Promise<void>;
  readonly #shelfObjects: ShelfObjects;
  readonly #counts = { files: 0, cartridges: 0, added: 0, changed: 0, unchanged: 0, left: 0, objects: 0 };
  #noObjects: string | null = null;

  constructor(walk: StoreWalk, scratch: Scratch, hear: HearRebuild, breathe: () => Promise<void>) {
    this.#walk = walk;
    this.#table = walk.table;
    this.#scratch = scratch;
    this.#hear = hear;
    this.#breathe = breathe;
    this.#shelfObjects = new ShelfObjects(walk.files, walk.folder, 'durable', (why) => {
      this.#noObjects = why;
    });
  }

  async run({ fuse, isForced }: RebuildOrder): Promise<RebuildResult> {
    for (const name of this.#walk.files.each(this.#walk.folder)) {
      if (name.startsWith('.') || !name.endsWith('.png')) continue;
      this.#read(name);
      this.#hear.step('read', ++this.#counts.files);
      if (this.#counts.files % BATCH === 0) await this.#breathe();
    }
    let written = 0;
    for (const page of this.#scratch.pages()) {
      for (let from = 0; from < page.length; from += BATCH) {
        const batch = page.slice(from, from + BATCH);
        const registered = this.#table.alone(() => batch.filter((noted) => this.#write(noted)));
        for (const noted of registered) this.#giveObject(noted);
        written += batch.length;
        this.#hear.step('written', written);
        await this.#breathe();
      }
    }
    const gone = await this.#countGone();
    const mayForget = (tally: Tally): boolean => isForced || !fuse(tally);
    const forgotten = gone.go > 0 && mayForget(gone) ? await this.#forget() : 0;
    const pictures = new PicturesRebuild(this.#walk, this.#hear, this.#breathe);
    const { unchanged: _, ...counts } = this.#counts;
    return {
      ...{ ...counts, noObjects: this.#noObjects, gone, forgotten },
      pictures: await pictures.run(mayForget),
    };
  }

  #read(name: string): void {
    const path = join(this.#walk.folder, name);
    const place = this.#walk.look(path);
    if (place.kind === 'absent') return;
    if (place.kind === 'other') {
      this.#hear.unread(name, place.message);
      return;
    }
    try {
      const { bytes, identity } = place;
      const cartridge = openCartridge(bytes);
      const verdict = judgeFile(cartridge);
      if (verdict !== undefined && verdict.verdict !== 'semantics-changed') {
        this.#hear.unread(name, `Expected a whole cartridge, found ${verdict.verdict}`);
        return;
      }
      const { canvas, text, label, run } = cartridge;
      const old = this.#table.sha256Of(name);
      this.#scratch.note({
        fileName: name,
        sha256: sha256Hex(bytes),
        checksum: text.checksum,
        ...canvas,
        bytes: bytes.length,
        // What is pressed reproducibly does not say when.
        createdAt: text.created_at ?? new Date(this.#walk.files.fact(path)?.modifiedMs ?? 0).toISOString(),
        inputs: JSON.stringify((label.inputs ?? []).map((input) => input.checksum)),
        parents: label.parents?.length
          ? JSON.stringify(label.parents.map((parent) => parent.checksum))
          : null,
        script: label.script?.name ?? null,
        spoolId: run?.id ?? null,
        signedFrom: old !== null && signaturesSince(bytes, old) > 0 ? old : null,
        identity,
      });
      this.#counts.cartridges++;
    } catch (error) {
      if (!(error instanceof CartridgeFault)) throw error;
      this.#hear.unread(name, error.message);
    }
  }

  /** Whether its row is as it is now. */
  #write({ identity, signedFrom, ...record }: Noted): boolean {
    // Somebody may have removed it, or put another file there, since it was read.
    if (this.#walk.files.fact(join(this.#walk.folder, record.fileName))?.identity !== identity) {
      this.#counts.left++;
      return false;
    }
    const { fileName, sha256 } = record;
    const old = this.#table.sha256Of(fileName);
    const isKnown = old === sha256 || old === signedFrom;
    if (Objects.isName(old) && !isKnown && this.#walk.objects.fact(old) !== undefined) {
      // Whoever wrote over it did not mean the cartridge to be forgotten.
      this.#hear.unread(fileName, WRITTEN_OVER);
      this.#counts.left++;
      return false;
    }
    const became = this.#table.record(record);
    const isLeft = became === 'open' || became === 'given-up';
    this.#counts[isLeft ? 'left' : became]++;
    return !isLeft;
  }

  #giveObject({ fileName, sha256, identity }: Noted): void {
    const path = join(this.#walk.folder, fileName);
    if (this.#walk.files.fact(path)?.identity !== identity) return;
    const object = this.#walk.objects.fact(sha256);
    if (object === undefined && this.#shelfObjects.adopt(path, sha256)) this.#counts.objects++;
    // Its own name, and that of another one; or that of another one alone.
    if (object !== undefined && (object.identity !== identity || object.links > 2))
      this.#table.noteShared(fileName);
  }

  /** A file that has an object is not gone: `repair` gives it its name. */
  *#goneRows() {
    for (const row of this.#table.rows()) {
      if (row.sweptAt !== null || this.#walk.shelf.locate(row.fileName) !== undefined) {
        yield { row, isGone: false };
        continue;
      }
      yield {
        row,
        isGone: !(Objects.isName(row.sha256) && this.#walk.objects.fact(row.sha256) !== undefined),
      };
    }
  }

  async #countGone(): Promise<Tally> {
    const tally = new Counting();
    let seen = 0;
    for (const { row, isGone } of this.#goneRows()) {
      if (row.sweptAt === null) tally.count(row.bytes, isGone, null);
      if (++seen % BATCH === 0) await this.#breathe();
    }
    return tally;
  }

  async #forget(): Promise<number> {
    let forgotten = 0;
    for (const { row, isGone } of this.#goneRows()) {
      if (!isGone) continue;
      const went = this.#table.alone(
        () => this.#walk.shelf.locate(row.fileName) === undefined && this.#table.forget(row),
      );
      if (went && ++forgotten % BATCH === 0) await this.#breathe();
    }
    return forgotten;
  }
}
