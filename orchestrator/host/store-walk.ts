/** A walk of the store: every row of the registry, every name on the shelf and every object, each once, and what is the matter. */
import { basename, join } from 'node:path';
import { PeerFault } from '../../shared/faults.ts';
import type { FileFact, Files } from '../../shared/host/files.ts';
import { LIMITS } from '../../shared/limits.ts';
import { INPUTS_FOLDER } from '../file-name.ts';
import { judgeStored, type ObjectState, type Place, type Problem, type StoreRow } from '../store-verdict.ts';
import { OBJECTS_FOLDER, Objects } from './objects.ts';
import { Scratch } from './scratch.ts';
import { CartridgeShelf } from './shelf.ts';
import type { StoreTable } from './store-table.ts';

/** What is found beside the registry's cartridges. */
export type Beside =
  /** A file that the registry does not name. */
  | 'foreign'
  /** A file that the registry names otherwise: it was renamed. */
  | 'renamed'
  /** Half a cartridge, whose writer was interrupted. */
  | 'leftover'
  /** An object that neither a name nor the registry has. */
  | 'orphan'
  /** Something among the objects that is none. */
  | 'stray';

export interface StoreFinding {
  /** On the shelf, with `/` between folders. */
  readonly path: string;
  readonly problem: Problem | Beside;
  readonly message: string;
  readonly object?: ObjectState;
  readonly row?: StoreRow;
  /** Of the file; of what lies beside. */
  readonly bytes?: number;
  readonly fact?: FileFact;
}

export class StoreWalk {
  readonly folder: string;
  readonly files: Files;
  readonly objects: Objects;
  readonly shelf: CartridgeShelf;
  readonly table: StoreTable;
  readonly #scratch = new Scratch();

  /** @param folder the shelf's, absolute */
  constructor(files: Files, folder: string, table: StoreTable) {
    this.files = files;
    this.folder = folder;
    this.objects = new Objects(files, folder);
    this.shelf = new CartridgeShelf(files, folder, 'durable');
    this.table = table;
  }

  close(): void {
    this.#scratch.close();
  }

  /**
   * Holds each cartridge of the registry to its checksum, by name and object; undefined: nothing is the matter.
   *
   * @throws {HostFault} when the shelf is not there, or the disk or the database cannot be read
   */
  *cartridges(): Generator<StoreFinding | undefined> {
    this.shelf.mustBeThere();
    for (const row of this.table.rows()) {
      if (row.sweptAt !== null) continue;
      yield this.judge(row);
    }
  }

  /** One of them. */
  judge(row: StoreRow): StoreFinding | undefined {
    const name = this.named(row.fileName);
    const object = this.#objectOf(row, name);
    const verdict = judgeStored(row, name, object);
    this.#remember(row, name.kind === 'file' ? name.identity : undefined, object);
    const { problem, message } = verdict;
    return problem === undefined
      ? undefined
      : { path: row.fileName, problem, message, object: verdict.object, row };
  }

  /** Only sees which objects are asked for, as `beside` has to know it, and reads no file. */
  *glance(): Generator<undefined> {
    this.shelf.mustBeThere();
    for (const row of this.table.rows()) {
      if (row.sweptAt !== null) continue;
      const path = this.shelf.locate(row.fileName);
      const fact = Objects.isName(row.sha256) ? this.objects.fact(row.sha256) : undefined;
      const object: Place = fact === undefined ? { kind: 'absent' } : { ...fact, kind: 'file', bytes: EMPTY };
      this.#remember(row, path && this.files.fact(path)?.identity, object);
      yield undefined;
    }
  }

  #remember({ sha256, fileName }: StoreRow, identity: string | undefined, object: Place): void {
    if (!Objects.isName(sha256) || object.kind !== 'file' || object.identity === identity) return;
    this.#scratch.want(sha256);
    if (identity === undefined) this.#scratch.lose(object.identity, fileName);
  }

  /** Names that the registry does not have; `cartridges` or `glance` come before. */
  *besides(): Generator<StoreFinding | undefined> {
    for (const name of this.files.each(this.folder)) {
      if (name === OBJECTS_FOLDER) continue;
      const inputs = name === INPUTS_FOLDER ? join(this.folder, name) : undefined;
      if (inputs === undefined || this.files.fact(inputs)?.kind !== 'folder') yield this.#besides(name);
      else for (const one of this.files.each(inputs)) yield this.#besides(`${name}/${one}`);
    }
  }

  /** All that lies among the objects, with its bytes; `cartridges` or `glance` come before. */
  *amongObjects(): Generator<{ readonly bytes: number; readonly finding: StoreFinding | undefined }> {
    for (const { path, sha256 } of this.objects.entries()) {
      const fact = this.files.fact(path);
      if (fact === undefined) continue;
      const finding = this.#amongObjects(path.slice(this.folder.length + 1), sha256, fact);
      yield { bytes: fact.sizeBytes, finding };
    }
  }

  #besides(name: string): StoreFinding | undefined {
    if (this.table.has(name) || this.table.pictures.has(name)) return undefined;
    const fact = this.files.fact(join(this.folder, name));
    if (fact === undefined) return undefined;
    const say = (problem: Beside, message: string): StoreFinding => {
      return { path: name, problem, message, bytes: fact.sizeBytes, fact };
    };
    if (fact.kind !== 'file')
      return say('foreign', `the registry does not name it, and it is no file (${fact.kind})`);
    if (WET.test(basename(name))) return say('leftover', 'half a cartridge, whose writer was interrupted');
    const lost = fact.links > 1 ? this.#scratch.lostAs(fact.identity) : undefined;
    if (lost !== undefined)
      return say('renamed', `it is the file of ${lost}: gvpie store repair gives that name back`);
    return say('foreign', 'the registry does not name it');
  }

  #amongObjects(path: string, sha256: string | undefined, fact: FileFact): StoreFinding | undefined {
    const rest = { path, bytes: fact.sizeBytes, fact };
    if (sha256 === undefined || fact.kind !== 'file') {
      return { ...rest, problem: 'stray', message: 'it lies among the objects, and is none' };
    }
    if (fact.links > 1 || this.#scratch.isWanted(sha256)) return undefined;
    return { ...rest, problem: 'orphan', message: 'neither a name nor the registry has this object' };
  }

  /** What lies under a name that a table has. @throws {HostFault} when the disk cannot be read */
  named(fileName: string): Place {
    const path = this.shelf.locate(fileName);
    if (path !== undefined) return this.look(path);
    const inside =
      fileName.includes('/') || fileName.includes('\0') ? undefined : join(this.folder, fileName);
    const kind = inside === undefined ? undefined : this.files.fact(inside)?.kind;
    if (kind === undefined) return { kind: 'absent' };
    return { kind: 'other', message: `Expected a file, found something else (${kind})` };
  }

  /** An object that is the file itself is not read twice. */
  #objectOf({ sha256 }: StoreRow, name: Place): Place {
    if (!Objects.isName(sha256)) return { kind: 'absent' };
    const fact = this.objects.fact(sha256);
    if (fact === undefined) return { kind: 'absent' };
    if (name.kind === 'file' && fact.identity === name.identity) return name;
    return this.look(this.objects.path(sha256));
  }

  /** Reads what lies in a place. @throws {HostFault} when the disk cannot */
  look(path: string): Place {
    try {
      const bytes = this.files.read(path, LIMITS.cartridgeBytes);
      const fact = this.files.fact(path);
      return bytes === undefined || fact === undefined
        ? { kind: 'absent' }
        : { kind: 'file', bytes, identity: fact.identity };
    } catch (error) {
      if (error instanceof PeerFault) return { kind: 'other', message: error.message };
      throw error;
    }
  }
}

const EMPTY = new Uint8Array(0);
/** As `wetName` makes them. */
const WET = /^\..*\.wet$/s;
