/** The shelf: cartridges as files. Each is written beside its name, synced if asked, then renamed in. */
import { basename, dirname, join, resolve, sep } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { type Cartridge, openCartridge, readLabel } from '../../shared/cartridge/open.ts';
import { errorCode, HostFault, PeerFault } from '../../shared/faults.ts';
import { type Files, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { NO_PARAMS } from '../../shared/params.ts';
import type { Durability } from '../../shared/settings.ts';
import { show } from '../../shared/show.ts';
import { TURN_BYTES } from '../config.ts';
import type { Work } from '../decide.ts';
import type { Puttable, Shelf } from '../doors.ts';
import { rejectedFileName } from '../file-name.ts';
import type { SweepShelf } from '../sweep-doors.ts';
import { type HearNoObjects, ShelfObjects } from './shelf-objects.ts';

export class CartridgeShelf implements Shelf, SweepShelf {
  readonly #files: Files;
  readonly #folder: string;
  /** The same with the slash at its end. */
  readonly #within: string;
  readonly #durable: boolean;
  readonly #objects: ShelfObjects | undefined;

  /** @param objects where each file has its second name; absent: none is made */
  constructor(files: Files, folder: string, durability: Durability, objects?: ShelfObjects) {
    this.#objects = objects;
    this.#files = files;
    this.#folder = resolve(folder);
    this.#within = join(this.#folder, sep);
    this.#durable = durability === 'durable';
  }

  async put(cartridges: readonly Puttable[]): Promise<(Error | undefined)[]> {
    const added: string[] = [];
    try {
      this.#files.makeFolder(this.#folder);
      const faults = await Promise.all(cartridges.map((cartridge) => this.#putOne(cartridge, added)));
      if (this.#durable) await this.#files.syncFolder(this.#folder);
      return faults;
    } catch (error) {
      this.#tryTo(() => {
        for (const sha256 of added) this.#objects?.remove(sha256);
      });
      for (const { fileName } of cartridges) this.#tryTo(() => this.#removeNames(fileName));
      return cartridges.map(() => error as Error);
    }
  }

  /** @param added takes the checksum of an object that was not there */
  async #putOne(
    { fileName, bytes, sha256 = sha256Hex(bytes) }: Puttable,
    added: string[],
  ): Promise<Error | undefined> {
    try {
      const path = this.#within + fileName;
      const wet = this.#within + wetName(fileName);
      // A long file is written beside the loop, which can only be had with a sync.
      if (this.#durable || bytes.length > TURN_BYTES) await this.#files.writeSynced(wet, bytes);
      else this.#files.write(wet, bytes);
      moveIn(this.#files, wet, path);
      if (await this.#objects?.keep({ path, wet, sha256, bytes })) added.push(sha256);
      return undefined;
    } catch (error) {
      this.#tryTo(() => this.#removeNames(fileName));
      return error as Error;
    }
  }

  /** Puts a PNG that is no cartridge into its folder on the shelf, whole or not at all. */
  async putInput(fileName: string, bytes: Uint8Array): Promise<void> {
    const path = this.#within + fileName;
    const folder = dirname(path);
    this.#files.makeFolder(folder);
    const wet = join(folder, wetName(fileName));
    await this.#files.writeSynced(wet, bytes);
    moveIn(this.#files, wet, path);
    if (this.#durable) await this.#files.syncFolder(folder);
  }

  whole(fileName: string): { cartridge: Cartridge; bytes: number; sha256: string } | undefined {
    try {
      const bytes = this.#files.read(join(this.#folder, fileName), LIMITS.cartridgeBytes);
      if (bytes === undefined) return undefined;
      const cartridge = openCartridge(bytes);
      if (judgeFile(cartridge) !== undefined) return undefined;
      return { cartridge, bytes: bytes.length, sha256: sha256Hex(bytes) };
    } catch (error) {
      if (error instanceof CartridgeFault || error instanceof PeerFault) return undefined;
      throw error;
    }
  }

  stamp(fileName: string): string | undefined {
    const fact = this.#files.fact(join(this.#folder, fileName));
    return fact && `${fact.identity} ${fact.sizeBytes} ${fact.modifiedMs}`;
  }

  discard(fileName: string): void {
    // Before its name, by which it is found.
    for (const name of [fileName, rejectedFileName(fileName)]) this.#objects?.removeWith(this.#within + name);
    this.#removeNames(fileName);
  }

  #removeNames(fileName: string): void {
    for (const name of [fileName, rejectedFileName(fileName)]) {
      this.#files.remove(join(this.#folder, wetName(name)));
      this.#files.remove(join(this.#folder, name));
    }
  }

  /** The fault that came first is the one to tell. */
  #tryTo(remove: () => void): void {
    try {
      remove();
    } catch {}
  }

  inputsOf(fileName: string): readonly string[] | undefined {
    try {
      const path = this.locate(fileName);
      const bytes = path === undefined ? undefined : this.#files.read(path, LIMITS.cartridgeBytes);
      return bytes && (readLabel(bytes).label.inputs ?? []).map(({ checksum }) => checksum);
    } catch (error) {
      if (error instanceof CartridgeFault || error instanceof PeerFault) return undefined;
      throw error;
    }
  }

  remove(fileName: string, sha256: string | null): void {
    const path = this.locate(fileName);
    if (path !== undefined) this.#files.remove(path);
    if (sha256 !== null) this.#objects?.remove(sha256);
  }

  async sync(): Promise<void> {
    if (this.#durable) await this.#files.syncFolder(this.#folder);
  }

  program(reference: string): Work | string {
    const paths = reference.includes('\0') ? [] : this.#inside(reference);
    if (paths.length === 0) {
      return `Expected a cartridge inside ${this.#folder}, found a path that leads outside: ${show(reference)}`;
    }
    try {
      const bytes = paths.reduce<Uint8Array | undefined>(
        (found, path) => found ?? this.#throughNoSymlink(path),
        undefined,
      );
      if (bytes === undefined) {
        this.mustBeThere();
        return `Expected a cartridge named ${show(reference)}, found none`;
      }
      const { label } = readLabel(bytes);
      const { program, canvas, params = NO_PARAMS } = label;
      return { program, canvas, params };
    } catch (error) {
      if (error instanceof CartridgeFault || error instanceof PeerFault) return error.message;
      if (leadsNowhere(error)) {
        this.mustBeThere();
        return `Expected a cartridge's path, found one that leads nowhere: ${show(reference)}`;
      }
      throw error;
    }
  }

  locate(fileName: string): string | undefined {
    return this.#find(fileName)?.path;
  }

  /** Where on the shelf a reference may lead, from its folder on; nowhere where it only leads outside. */
  places(reference: string): string[] {
    if (reference.includes('\0')) return [];
    return this.#inside(reference).map((path) => path.slice(this.#within.length).replaceAll(sep, '/'));
  }

  #find(fileName: string): { readonly path: string; readonly sizeBytes: number } | undefined {
    // A registry is a table, in which anybody may have written anything.
    if (fileName.includes('\0')) return undefined;
    const path = resolve(this.#folder, fileName);
    if (!path.startsWith(this.#folder + sep)) return undefined;
    try {
      const fact = this.#isWithoutSymlink(path) ? this.#files.fact(path) : undefined;
      if (fact?.kind === 'file') return { path, sizeBytes: fact.sizeBytes };
    } catch (error) {
      if (!leadsNowhere(error)) throw error;
    }
    this.mustBeThere();
    return undefined;
  }

  /** Whether a file of this checksum has an object. */
  hasObject(sha256: string): boolean {
    return this.#objects?.has(sha256) ?? false;
  }

  has(fileName: string, bytes: number): boolean {
    return this.#find(fileName)?.sizeBytes === bytes;
  }

  /**
   * A disk that is not mounted takes all cartridges with it, and may come back.
   *
   * @throws {HostFault} where the shelf itself is no folder
   */
  mustBeThere(): void {
    // The dot follows a symlink, which the shelf may be.
    if (this.#files.fact(`${this.#folder}/.`)?.kind === 'folder') return;
    const message = `Expected the folder of cartridges ${this.#folder}, found none`;
    throw new HostFault('look at', this.#folder, message, { retryable: true });
  }

  /** Where a reference may lead: from the folder, from beside it, and, as runs print it, from here. */
  #inside(reference: string): string[] {
    return [this.#folder, dirname(this.#folder), '.']
      .map((from) => resolve(from, reference))
      .filter((path) => path.startsWith(this.#folder + sep));
  }

  #throughNoSymlink(path: string): Uint8Array | undefined {
    return this.#isWithoutSymlink(path) ? this.#files.read(path, LIMITS.cartridgeBytes) : undefined;
  }

  /** Whether the folders between the shelf's and the file are folders. */
  #isWithoutSymlink(path: string): boolean {
    for (let folder = dirname(path); folder.startsWith(this.#folder + sep); folder = dirname(folder)) {
      if (this.#files.fact(folder)?.kind !== 'folder') return false;
    }
    return true;
  }
}

/** A shelf whose files have second names. @param folder as people write it */
export function shelfWithObjects(
  files: Files,
  folder: string,
  durability: Durability,
  hear: HearNoObjects = () => {},
): CartridgeShelf {
  const objects = new ShelfObjects(files, resolve(folder), durability, hear);
  return new CartridgeShelf(files, folder, durability, objects);
}

/** What a path answers that no cartridge could ever lie at. */
const NO_SUCH_PLACE = new Set(['ENAMETOOLONG', 'ENOTDIR', 'EINVAL']);

function leadsNowhere(error: unknown): boolean {
  return error instanceof HostFault && NO_SUCH_PLACE.has(errorCode(error.cause) ?? '');
}

/** The name of a cartridge that is being written. */
export function wetName(fileName: string): string {
  return `.${basename(fileName)}.wet`;
}
