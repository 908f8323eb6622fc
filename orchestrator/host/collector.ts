/** The collector: brings the cartridges that a snapshot names from the shelf into the vault, if it has not got them yet. */

import { sha256Hex } from '../../shared/bytes.ts';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { openPngImage } from '../../shared/cartridge/png-image.ts';
import { PeerFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { show } from '../../shared/show.ts';
import { type ManifestEntry, pathComplaint } from '../manifest.ts';
import type { HearProgress, Trouble } from './keeping.ts';
import { CartridgeShelf } from './shelf.ts';
import type { Registered, SnapshotContent } from './snapshot.ts';
import { SyncedBatch } from './synced-batch.ts';
import type { Vault } from './vault.ts';

export class Collector {
  readonly #files: Files;
  readonly #vault: Vault;
  readonly #shelf: CartridgeShelf;
  readonly #folder: string;
  readonly #name: string;
  readonly #entries = new Map<string, ManifestEntry>();
  readonly #missing = new Set<string>();
  readonly #batch = new SyncedBatch();
  /** Sums of what is written now. */
  readonly #writing = new Set<string>();
  #before: ReadonlyMap<string, ManifestEntry> | undefined;
  #swept: ReadonlySet<string> = new Set();
  /** What is wrong, whatever becomes of it meanwhile. */
  readonly troubles: Trouble[] = [];
  /** What is in the registry of the snapshot, and not on the shelf. */
  readonly absent: Trouble[] = [];
  readonly added = { cartridges: 0, bytes: 0 };

  /**
   * @param folder the shelf's, absolute
   * @param name of the backup that is made
   */
  constructor(files: Files, vault: Vault, folder: string, name: string) {
    this.#files = files;
    this.#vault = vault;
    this.#shelf = new CartridgeShelf(files, folder, 'durable');
    this.#folder = folder;
    this.#name = name;
  }

  /** @throws {HostFault} when the shelf is not there, or the vault cannot be written */
  async collect({ registered, swept, mentioned }: SnapshotContent, hear?: HearProgress): Promise<void> {
    this.#swept = swept;
    const total = registered.length + mentioned.length;
    let done = 0;
    let isOver = false;
    try {
      for (const one of registered) {
        await this.#takeRegistered(one);
        hear?.('cartridges', ++done, total);
      }
      for (const reference of mentioned) {
        await this.#takeMentioned(reference);
        hear?.('cartridges', ++done, total);
      }
      isOver = true;
    } finally {
      // What ends it is told of, not what else fails meanwhile.
      if (!isOver) await this.#batch.settle().catch(() => {});
    }
    await this.#settle();
  }

  /** By path. */
  entries(): ManifestEntry[] {
    return [...this.#entries.values()].sort(byPath);
  }

  /** In order. */
  missing(): string[] {
    return [...this.#missing].filter((path) => !this.#entries.has(path)).sort();
  }

  /** How many files of the shelf are in no backup, as the database names them nowhere. */
  foreign(): number {
    const names = this.#files.list(this.#folder);
    const isForeign = (name: string): boolean =>
      name.endsWith('.png') && !name.startsWith('.') && !this.#entries.has(name) && !this.#swept.has(name);
    return names.filter(isForeign).length;
  }

  async #takeRegistered({ fileName, checksum, isInput }: Registered): Promise<void> {
    const [path] = this.#shelf.places(fileName);
    if (path === undefined || pathComplaint(path) !== undefined) {
      this.troubles.push({
        path: show(fileName),
        message: 'Expected a path on the shelf, found one that cannot be',
      });
      return;
    }
    if (this.#entries.has(path)) return;
    const found = this.#read(path);
    if (found === undefined) {
      this.absent.push({ path, message: `Expected a cartridge on the shelf, found none${this.#keep(path)}` });
      return;
    }
    const wrong = typeof found === 'string' ? found : await this.#take(path, found, checksum, isInput === 1);
    if (wrong !== undefined) this.troubles.push({ path, message: `${wrong}${this.#keep(path)}` });
  }

  /** Runs of long ago may name what was removed since, and a row of `cartridge` anything: what is no cartridge is passed over. */
  async #takeMentioned(reference: string): Promise<void> {
    for (const path of this.#shelf.places(reference)) {
      if (this.#entries.has(path)) return;
      if (pathComplaint(path) !== undefined || this.#missing.has(path)) continue;
      // Its file is about to go: restored, it would lie on a shelf whose registry says that it is gone.
      if (this.#swept.has(path)) continue;
      const found = this.#read(path);
      if (found === undefined || typeof found === 'string') continue;
      if ((await this.#take(path, found, undefined)) === undefined) return;
    }
  }

  #read(path: string): Uint8Array | string | undefined {
    try {
      const place = this.#shelf.locate(path);
      return place === undefined ? undefined : this.#files.read(place, LIMITS.cartridgeBytes);
    } catch (error) {
      if (error instanceof PeerFault) return error.message;
      throw error;
    }
  }

  /** Takes a file in; what is wrong with it where it is not taken. What an earlier backup has was judged then. */
  async #take(
    path: string,
    bytes: Uint8Array,
    checksum: string | undefined,
    isInput = false,
  ): Promise<string | undefined> {
    const entry = { path, bytes: bytes.length, sha256: sha256Hex(bytes) };
    if (!this.#writing.has(entry.sha256) && !this.#vault.has(entry)) {
      const wrong = complaintAbout(bytes, checksum, isInput);
      if (wrong !== undefined) return wrong;
      this.added.cartridges++;
      this.added.bytes += bytes.length;
      if (!this.#batch.hasRoom(bytes.length)) await this.#settle();
      this.#batch.add(this.#vault.put(entry.sha256, bytes), bytes.length);
      this.#writing.add(entry.sha256);
    }
    this.#entries.set(path, entry);
    return undefined;
  }

  async #settle(): Promise<void> {
    this.#writing.clear();
    await this.#batch.settle();
  }

  /** Takes what an earlier backup has of a cartridge, so that it does not go with that one; says so. */
  #keep(path: string): string {
    this.#missing.add(path);
    this.#before ??= this.#earlier();
    const entry = this.#before.get(path);
    if (entry === undefined || !this.#vault.has(entry)) return '';
    this.#entries.set(path, entry);
    return '; kept as an earlier backup has it';
  }

  #earlier(): ReadonlyMap<string, ManifestEntry> {
    for (const name of this.#vault.names().reverse()) {
      const content = name === this.#name ? undefined : this.#vault.manifest(name);
      if (typeof content === 'object') return new Map(content.cartridges.map((entry) => [entry.path, entry]));
    }
    return new Map();
  }
}

function complaintAbout(
  bytes: Uint8Array,
  checksum: string | undefined,
  isInput: boolean,
): string | undefined {
  try {
    const cartridge = isInput ? undefined : openCartridge(bytes);
    const verdict = cartridge && judgeFile(cartridge);
    if (verdict !== undefined) return `Expected a whole cartridge, found ${verdict.verdict}`;
    const found = cartridge?.text.checksum ?? sha256Hex(openPngImage(bytes).pixels());
    if (checksum === undefined || checksum === found) return undefined;
    return `Expected pixels of checksum ${show(checksum)}, found ${found}`;
  } catch (error) {
    if (error instanceof CartridgeFault) return error.message;
    throw error;
  }
}

function byPath(one: ManifestEntry, other: ManifestEntry): number {
  return one.path < other.path ? -1 : 1;
}
