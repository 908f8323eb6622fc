/**
 * The objects: each file of the shelf has a second name there, `.objects/ab/<sha256 of the file>.png`. Both are one file, so
 * it takes no room; a cartridge whose readable name is gone, or leads to another file, is found by it and put back.
 */
import { join } from 'node:path';
import { HostFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';

/** The folder on the shelf. */
export const OBJECTS_FOLDER = '.objects';

/** A file among the objects. */
export interface ObjectEntry {
  /** Absolute. */
  readonly path: string;
  /** What its name says that its content hashes to; undefined of what is no object, and where it lies in another's folder. */
  readonly sha256: string | undefined;
}

const DIGEST = /^[0-9a-f]{64}$/;

export class Objects {
  /** Absolute. */
  readonly folder: string;
  readonly #files: Files;
  readonly #ready = new Set<string>();

  /** @param shelf its folder, absolute */
  constructor(files: Files, shelf: string) {
    this.#files = files;
    this.folder = join(shelf, OBJECTS_FOLDER);
  }

  /** What has to be held by who repairs, rebuilds or sweeps. */
  get lock(): string {
    return join(this.folder, 'store.lock');
  }

  /** Where an object lies. @param sha256 64 lower-case hex digits */
  path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), `${sha256}.png`);
  }

  /** Whether a text can be the name of an object: a registry is a table, in which anybody may have written anything. */
  static isName(text: string | null): text is string {
    return text !== null && DIGEST.test(text);
  }

  /**
   * Makes the folder of an object, once.
   *
   * @throws {HostFault} also when something else lies there: a symlink would lead out of the shelf
   */
  prepare(sha256: string): void {
    const shard = sha256.slice(0, 2);
    if (this.#ready.has(shard)) return;
    this.prepareFolder();
    this.#make(join(this.folder, shard));
    this.#ready.add(shard);
  }

  /** Makes the folder of all of them. @throws {HostFault} as `prepare` */
  prepareFolder(): void {
    if (this.#ready.has('')) return;
    this.#make(this.folder);
    this.#ready.add('');
  }

  #make(folder: string): void {
    this.#files.makeFolder(folder);
    if (this.#files.fact(folder)?.kind === 'folder') return;
    const message = `Expected a folder of objects at ${folder}, found something else`;
    throw new HostFault('make folder', folder, message, { retryable: false });
  }

  /** After a folder was removed by somebody. */
  forgetFolders(): void {
    this.#ready.clear();
  }

  /** Whether objects can lie there: a symlink would lead out of the shelf. */
  isFolder(): boolean {
    return this.#files.fact(this.folder)?.kind === 'folder';
  }

  /** What lies in the place of an object, never through a symlink; undefined where nothing does. */
  fact(sha256: string): ReturnType<Files['fact']> {
    const shard = sha256.slice(0, 2);
    if (!this.#ready.has(shard)) {
      if (!this.isFolder() || this.#files.fact(join(this.folder, shard))?.kind !== 'folder') return undefined;
      this.#ready.add(shard);
    }
    return this.#files.fact(this.path(sha256));
  }

  /** What a regular file there holds; undefined where there is none. @throws {PeerFault} {HostFault} as `Files.read` */
  read(sha256: string): Uint8Array | undefined {
    if (this.fact(sha256)?.kind !== 'file') return undefined;
    return this.#files.read(this.path(sha256), LIMITS.cartridgeBytes);
  }

  /** All that lies in folders of objects, a few at a time. */
  *entries(): Generator<ObjectEntry> {
    if (!this.isFolder()) return;
    for (let shard = 0; shard < 256; shard++) {
      const name = shard.toString(16).padStart(2, '0');
      const folder = join(this.folder, name);
      if (this.#files.fact(folder)?.kind !== 'folder') continue;
      for (const file of this.#files.each(folder)) {
        const sha256 = file.endsWith('.png') ? file.slice(0, -4) : null;
        const isOne = Objects.isName(sha256) && sha256.startsWith(name);
        yield { path: join(folder, file), sha256: isOne ? sha256 : undefined };
      }
    }
  }
}
