/**
 * Repairing: a name that leads to nothing, or to another file, is given back to its object, and a file without an object gets
 * one. Nothing is ever removed: what lies under a name is moved beside it first. Whatever it is killed after, the next one
 * goes on: the name is put in its place in one step, from a second name that gvpie store gc sweeps.
 */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { PeerFault } from '../../shared/faults.ts';
import { moveIn } from '../../shared/host/files.ts';
import { isGrave } from '../store-verdict.ts';
import { Objects } from './objects.ts';
import { wetName } from './shelf.ts';
import { ShelfObjects } from './shelf-objects.ts';
import type { StoreFinding, StoreWalk } from './store-walk.ts';

/** What became of a finding. */
export type Repaired =
  /** The name leads to its cartridge again. @see `aside` */
  | { readonly did: 'name'; readonly aside: string | undefined; readonly from: 'object' | 'backup' }
  | { readonly did: 'object' }
  /** Nothing has its content any more, or somebody has seen to it meanwhile. */
  | { readonly did: 'nothing' };

/** Gives the bytes of a file by its checksum, if it has them whole. */
export type Source = (sha256: string) => Uint8Array | undefined;

export class StoreRepair {
  readonly #walk: StoreWalk;
  readonly #backup: Source;
  readonly #shelfObjects: ShelfObjects;
  /** Why no objects could be made. */
  noObjects: string | null = null;

  /** @param backup where content is looked for that no object has */
  constructor(walk: StoreWalk, backup: Source = () => undefined) {
    this.#walk = walk;
    this.#backup = backup;
    this.#shelfObjects = new ShelfObjects(walk.files, walk.folder, 'durable', (why) => {
      this.noObjects = why;
    });
  }

  /** Whether anything could be done about it, as far as is known without doing it. */
  can({ row, problem, object }: StoreFinding): boolean {
    if (row === undefined || problem === 'unsummed' || problem === 'signed') return false;
    if (problem === 'object-missing' || problem === 'object-rotten') return true;
    return object === 'intact' || (row.sha256 !== null && this.#backup(row.sha256) !== undefined);
  }

  /** @throws {HostFault} when disk or database cannot be used */
  async repair(finding: StoreFinding): Promise<Repaired> {
    const { row, problem } = finding;
    if (row === undefined || !Objects.isName(row.sha256) || !this.can(finding)) return { did: 'nothing' };
    const { sha256, fileName } = row;
    const path = join(this.#walk.folder, fileName);
    if (problem === 'object-missing' || problem === 'object-rotten') {
      if (problem === 'object-rotten') this.#setAside(this.#walk.objects.path(sha256), 'rotten');
      return { did: this.#shelfObjects.adopt(path, sha256) ? 'object' : 'nothing' };
    }
    // A name is one of the shelf's own, not one in somebody's folder there.
    if (!isGrave(problem as never) || fileName.includes('/')) return { did: 'nothing' };
    const wet = join(this.#walk.folder, wetName(fileName));
    const from = await this.#bring(sha256, wet);
    if (from === undefined) return { did: 'nothing' };
    let aside: string | undefined;
    // Retention may have given it up meanwhile: then it stays gone.
    const isDone = this.#walk.table.alone(() => {
      if (!this.#walk.table.isKept(row)) return false;
      aside =
        this.#walk.files.fact(path) === undefined
          ? undefined
          : this.#setAside(path, fileName.replace(/\.png$/, ''));
      moveIn(this.#walk.files, wet, path);
      return true;
    });
    if (!isDone) this.#walk.files.remove(wet);
    await this.#walk.files.syncFolder(this.#walk.folder);
    if (isDone && from === 'backup') this.#renew(path, sha256);
    return isDone ? { did: 'name', aside, from } : { did: 'nothing' };
  }

  /** Puts the content beside its name. */
  async #bring(sha256: string, wet: string): Promise<'object' | 'backup' | undefined> {
    const { files, objects } = this.#walk;
    files.remove(wet);
    if (this.#isWhole(sha256)) return files.link(objects.path(sha256), wet) ? 'object' : undefined;
    const bytes = this.#backup(sha256);
    if (bytes === undefined) return undefined;
    await files.writeSynced(wet, bytes);
    return 'backup';
  }

  #isWhole(sha256: string): boolean {
    try {
      const bytes = this.#walk.objects.read(sha256);
      return bytes !== undefined && sha256Hex(bytes) === sha256;
    } catch (error) {
      if (error instanceof PeerFault) return false;
      throw error;
    }
  }

  /** An object that was damaged, or is missing, is made of the file that came from a backup. */
  #renew(path: string, sha256: string): void {
    const object = this.#walk.objects.path(sha256);
    const fact = this.#walk.objects.fact(sha256);
    // What was written over in its place is one file, and lies beside its name by now.
    if (fact?.kind === 'file' && fact.links > 1) this.#walk.files.remove(object);
    else if (fact !== undefined) this.#setAside(object, 'rotten');
    this.#shelfObjects.adopt(path, sha256);
  }

  /** Moves what lies in a place beside the names, under one that nothing has. @returns that name */
  #setAside(path: string, stem: string): string {
    const { files, folder } = this.#walk;
    const place = this.#walk.look(path);
    const part = place.kind === 'file' ? sha256Hex(place.bytes).slice(0, 12) : place.kind;
    for (let number = 0; ; number++) {
      const name = `${stem}-found-${part}${number === 0 ? '' : `-${number}`}.png`;
      if (files.fact(join(folder, name)) !== undefined) continue;
      files.rename(path, join(folder, name));
      return name;
    }
  }
}
