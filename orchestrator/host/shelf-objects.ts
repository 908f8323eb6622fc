/** The objects as the shelf makes and removes them: what cannot be done about one never keeps a cartridge from its name. */
import { sha256Hex } from '../../shared/bytes.ts';
import { errorCode, HostFault, PeerFault } from '../../shared/faults.ts';
import { type Files, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { Durability } from '../../shared/settings.ts';
import { Objects } from './objects.ts';

/** What a file system answers that has no second names; a folder that is something else stays so, too. */
const NEVER = new Set([
  'EPERM',
  'EXDEV',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EROFS',
  'EACCES',
  'EEXIST',
  'ENOTDIR',
]);

/** Hears why there are no objects, once. */
export type HearNoObjects = (why: string) => void;

/** A file that is on the shelf. */
interface Kept {
  /** Absolute. */
  readonly path: string;
  readonly wet: string;
  readonly sha256: string;
  /** What it holds. */
  readonly bytes: Uint8Array;
}

export class ShelfObjects {
  readonly #files: Files;
  readonly #objects: Objects;
  readonly #hear: HearNoObjects;
  readonly #durable: boolean;
  #isOff = false;

  /** @param shelf its folder, absolute */
  constructor(files: Files, shelf: string, durability: Durability, hear: HearNoObjects) {
    this.#files = files;
    this.#objects = new Objects(files, shelf);
    this.#hear = hear;
    this.#durable = durability === 'durable';
  }

  /**
   * Gives a file of the shelf its second name, once it has its first, so that there is no object of what nobody has a name
   * for, whenever the process dies. Where its content has an object already, the file becomes that one.
   *
   * @param wet a name beside it that is free
   * @returns whether the object is new
   */
  async keep({ path, wet, sha256, bytes }: Kept): Promise<boolean> {
    if (this.#isOff) return false;
    try {
      this.#objects.prepare(sha256);
      const object = this.#objects.path(sha256);
      if (this.#files.link(path, object)) return true;
      await this.#unite(path, wet, object, bytes);
    } catch (error) {
      this.#failed(error);
    }
    return false;
  }

  /** Makes one file of a name and the object that was there before, by whichever of them is right. */
  async #unite(path: string, wet: string, object: string, bytes: Uint8Array): Promise<void> {
    const [from, to] = this.#holds(object, bytes) ? [object, path] : [path, object];
    this.#files.remove(wet);
    try {
      // Who wrote the object may not have waited for the disk.
      if (to === path && this.#durable) await this.#files.syncFolder(object);
      if (this.#files.link(from, wet)) moveIn(this.#files, wet, to);
    } finally {
      // Where both are one file already, the system moves nothing.
      this.#files.remove(wet);
    }
  }

  #holds(path: string, bytes: Uint8Array): boolean {
    try {
      const found = this.#files.read(path, bytes.length);
      return found !== undefined && Buffer.compare(found, bytes) === 0;
    } catch (error) {
      if (error instanceof PeerFault) return false;
      throw error;
    }
  }

  /** Whether there is an object. */
  has(sha256: string): boolean {
    return this.#objects.fact(sha256)?.kind === 'file';
  }

  /** Removes an object. @param sha256 as a registry has it, which may be anything */
  remove(sha256: string): void {
    if (Objects.isName(sha256) && this.has(sha256)) this.#files.remove(this.#objects.path(sha256));
  }

  /** Removes the object of a file that is to go, if nothing else is that file. @param path its name on the shelf */
  removeWith(path: string): void {
    try {
      const fact = this.#files.fact(path);
      if (fact?.kind !== 'file' || fact.links !== 2) return;
      const bytes = this.#files.read(path, LIMITS.cartridgeBytes);
      const sha256 = bytes && sha256Hex(bytes);
      if (sha256 !== undefined && this.#objects.fact(sha256)?.identity === fact.identity) this.remove(sha256);
    } catch (error) {
      if (!(error instanceof PeerFault)) this.#failed(error);
    }
  }

  /** Makes a file that has its name already be an object, too; false where that cannot be done. */
  adopt(path: string, sha256: string): boolean {
    if (this.#isOff) return false;
    try {
      this.#objects.prepare(sha256);
      return this.#files.link(path, this.#objects.path(sha256));
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** @throws {unknown} what is no fault of the disk */
  #failed(error: unknown): void {
    if (!(error instanceof HostFault)) throw error;
    // A folder may have been removed by somebody meanwhile.
    this.#objects.forgetFolders();
    const code = errorCode(error.cause);
    if (code !== undefined && !NEVER.has(code)) return;
    this.#isOff = true;
    this.#hear(error.message);
  }
}
