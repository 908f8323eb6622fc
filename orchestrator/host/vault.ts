/**
 * The vault: the folder that backups lie in. `objects/ab/<sha256>.png` are cartridges by content, which backups share;
 * `backups/<name>/` has `daemon.db` and, as the last thing that is written, `manifest.json`: without it there is no backup.
 */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { PeerFault } from '../../shared/faults.ts';
import { type Files, moveIn } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { isBackupName, outdated } from '../backup-name.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import { decodeManifest, encodeManifest, type ManifestContent, type ManifestEntry } from '../manifest.ts';

/** Of backups that go: their names, and how many objects went with them. */
export interface Pruned {
  readonly backups: readonly string[];
  readonly objects: number;
  /** Backups whose manifests cannot be read: as long as there are any, no object goes. */
  readonly unreadable: readonly string[];
}

/** How long a folder of a check that was killed lies there, ms. */
const CHECK_MS = 86_400_000;
/** What the folder of a check is called, before its own part. */
export const CHECK_PREFIX = '.check-';

export class Vault {
  readonly folder: string;
  readonly #files: Files;
  readonly #manifestBytes: number;
  /** Folders of objects that were written to. */
  readonly #touched = new Set<string>();

  /**
   * @param folder absolute
   * @param manifestBytes the most that a manifest may have
   */
  constructor(files: Files, folder: string, manifestBytes: number = LIMITS.manifestBytes) {
    this.#files = files;
    this.folder = folder;
    this.#manifestBytes = manifestBytes;
  }

  /** What has to be held by who writes. */
  get lock(): string {
    return join(this.folder, 'backup.lock');
  }

  /** Names of backups, finished or not, the oldest first. */
  names(): string[] {
    return this.#files.list(join(this.folder, 'backups')).filter(isBackupName).sort();
  }

  /** Where a backup's database lies. */
  database(name: string): string {
    return join(this.#backup(name), 'daemon.db');
  }

  /** Its content, or what is wrong with it; undefined where it was never finished. */
  manifest(name: string): ManifestContent | string | undefined {
    const bytes = this.#read(join(this.#backup(name), 'manifest.json'), this.#manifestBytes);
    return bytes === undefined || typeof bytes === 'string' ? bytes : decodeManifest(bytes);
  }

  /** Whether it is finished, and nobody has begun to remove it. */
  isThere(name: string): boolean {
    return this.#files.fact(join(this.#backup(name), 'manifest.json')) !== undefined;
  }

  /** Of which database the newest backup is that says so, and its name. */
  owner(): { readonly name: string; readonly identity: string } | undefined {
    for (const name of this.names().reverse()) {
      const content = this.manifest(name);
      if (typeof content === 'object' && content.identity !== undefined)
        return { name, identity: content.identity };
    }
    return undefined;
  }

  /** Whether its object is there, as long as it has to be. */
  has({ sha256, bytes }: Pick<ManifestEntry, 'sha256' | 'bytes'>): boolean {
    const fact = this.#files.fact(this.#object(sha256));
    return fact?.kind === 'file' && fact.sizeBytes === bytes;
  }

  /** The bytes of a cartridge, which are those that they have to be; or what was found instead. */
  object({ sha256, bytes }: ManifestEntry): Uint8Array | string {
    const path = this.#object(sha256);
    const found = this.#read(path, LIMITS.cartridgeBytes);
    if (found === undefined) return `Expected ${path}, found no file`;
    if (typeof found === 'string') return found;
    if (found.length !== bytes) return `Expected ${bytes} bytes in ${path}, found ${found.length}`;
    const sum = sha256Hex(found);
    return sum === sha256 ? found : `Expected ${path} to have its name's checksum, found ${sum}`;
  }

  /** Makes the folder of a new backup; it is none until its manifest is there. */
  begin(name: string): void {
    this.#files.makeFolder(join(this.folder, 'objects'));
    this.#files.makeFolder(this.#backup(name));
  }

  /** Puts an object, written aside and synced; its folder is synced by `finish`. */
  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.#object(sha256);
    const folder = this.#shelfOf(sha256);
    this.#files.makeFolder(folder);
    this.#touched.add(folder);
    const wet = `${path}.wet`;
    await this.#files.writeSynced(wet, bytes);
    moveIn(this.#files, wet, path);
  }

  /**
   * Makes a backup be there: after all that it names, its manifest.
   *
   * @throws {KeepingRefusal} when that is longer than one may be to be read: then there is none
   */
  async finish(name: string, content: ManifestContent): Promise<void> {
    const folder = this.#backup(name);
    const manifest = encodeManifest(content);
    if (manifest.length > this.#manifestBytes) {
      throw new KeepingRefusal(
        `Expected a manifest of at most ${this.#manifestBytes} bytes, found ${manifest.length}: it names ${content.cartridges.length} cartridges`,
        'gvpie gc --keep-cartridges says how many would go; fewer have room in a backup',
      );
    }
    for (const touched of this.#touched) await this.#files.syncFolder(touched);
    this.#touched.clear();
    for (const one of [join(this.folder, 'objects'), join(this.folder, 'backups'), this.folder]) {
      await this.#files.syncFolder(one);
    }
    const wet = join(folder, 'manifest.json.wet');
    await this.#files.writeSynced(wet, manifest);
    moveIn(this.#files, wet, join(folder, 'manifest.json'));
    await this.#files.syncFolder(folder);
  }

  /** Removes a backup: first of all its manifest, so that no half of it passes for a whole one. */
  drop(name: string): void {
    const folder = this.#backup(name);
    this.#files.remove(join(folder, 'manifest.json'));
    for (const file of this.#files.list(folder)) {
      // No backup has a folder: somebody else made it.
      if (this.#files.fact(join(folder, file))?.kind !== 'folder') this.#files.remove(join(folder, file));
    }
    this.#files.removeFolder(folder);
  }

  /**
   * Removes what was never finished: backups, objects, and folders of checks that nobody has had for a day.
   *
   * @param nowMs Unix epoch, milliseconds
   */
  sweep(nowMs: number): void {
    for (const name of this.names()) {
      if (!this.isThere(name)) this.drop(name);
    }
    for (const { folder, file } of this.#objectFiles()) {
      if (file.endsWith('.png.wet')) this.#files.remove(join(folder, file));
    }
    for (const name of this.#files.list(this.folder)) {
      const path = join(this.folder, name);
      if (!name.startsWith(CHECK_PREFIX)) continue;
      if (nowMs - (this.#files.fact(path)?.modifiedMs ?? nowMs) > CHECK_MS) this.#removeCheck(path);
    }
  }

  /**
   * Removes all backups but the newest `keep`, then the objects that no backup names. Those of another database stay.
   *
   * @param keep 1 or more
   * @param identity which database's go, beside those that do not say; undefined: these alone
   */
  prune(keep: number, identity: string | undefined): Pruned {
    const unreadable: string[] = [];
    const ours: string[] = [];
    const named = new Set<string>();
    // One after the other: each may name a million cartridges.
    for (const name of this.names().reverse()) {
      const content = this.manifest(name);
      if (typeof content === 'string') unreadable.push(name);
      if (typeof content !== 'object') continue;
      const isOurs = content.identity === undefined || content.identity === identity;
      if (isOurs) ours.push(name);
      if (!isOurs || ours.length <= keep) for (const { sha256 } of content.cartridges) named.add(sha256);
    }
    const backups = outdated(ours, keep);
    for (const name of backups) this.drop(name);
    if (unreadable.length > 0) return { backups, objects: 0, unreadable };
    let objects = 0;
    for (const { folder, file } of this.#objectFiles()) {
      const [, sum] = /^([0-9a-f]{64})\.png$/.exec(file) ?? [];
      if (sum === undefined || named.has(sum) || this.#shelfOf(sum) !== folder) continue;
      if (this.#files.remove(join(folder, file))) objects++;
    }
    return { backups, objects, unreadable };
  }

  #removeCheck(path: string): void {
    for (const name of this.#files.list(path)) {
      const inner = join(path, name);
      if (this.#files.fact(inner)?.kind === 'folder') this.#removeCheck(inner);
      else this.#files.remove(inner);
    }
    this.#files.removeFolder(path);
  }

  *#objectFiles(): Generator<{ readonly folder: string; readonly file: string }> {
    const objects = join(this.folder, 'objects');
    for (const name of this.#files.list(objects)) {
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      const folder = join(objects, name);
      if (this.#files.fact(folder)?.kind !== 'folder') continue;
      for (const file of this.#files.list(folder)) yield { folder, file };
    }
  }

  #backup(name: string): string {
    return join(this.folder, 'backups', name);
  }

  #shelfOf(sha256: string): string {
    return join(this.folder, 'objects', sha256.slice(0, 2));
  }

  #object(sha256: string): string {
    return join(this.#shelfOf(sha256), `${sha256}.png`);
  }

  #read(path: string, most: number): Uint8Array | string | undefined {
    try {
      return this.#files.read(path, most);
    } catch (error) {
      if (error instanceof PeerFault) return error.message;
      throw error;
    }
  }
}
