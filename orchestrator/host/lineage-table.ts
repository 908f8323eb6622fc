/** Lineage as the registry has it: which files hold some pixels, what those were made from, and what was made from them. */
import { CHECKSUM } from '../../shared/inputs.ts';
import { LIMITS } from '../../shared/limits.ts';
import { CANDIDATES } from '../config.ts';
import { attempt } from './database-fault.ts';
import type { Database } from './migrate.ts';

/** A cartridge that is known by its pixels. */
export interface Relative {
  readonly fileName: string;
  /** SHA-256 of its raw RGBA8 pixels, 64 lower-case hex digits. */
  readonly checksum: string;
  readonly width: number;
  readonly height: number;
  /** The script that it was rendered for, if there still is one. */
  readonly script: string | null;
  readonly createdAt: string;
  /** Given up: its file is gone, or will be. */
  readonly isSwept: boolean;
}

const RELATIVE = `CAST(file_name AS TEXT) AS fileName, checksum, cartridge.width, cartridge.height,
  CAST(script.name AS TEXT) AS script, CAST(cartridge.created_at AS TEXT) AS createdAt,
  swept_at IS NOT NULL AS isSwept
  FROM cartridges AS cartridge LEFT JOIN improvement_scripts AS script ON script.id = cartridge.script_id`;

/** Synchronous; every method may throw a HostFault, `retryable` when another program held the database for too long. */
export class LineageTable {
  readonly #database: Database;

  /** @param database as openDatabase left it */
  constructor(database: Database) {
    this.#database = database;
  }

  /** The cartridges of these pixels: those that are kept before those that were given up, then the newest first; at most CANDIDATES. */
  ofPixels(checksum: string): Relative[] {
    return this.#relatives(
      `SELECT ${RELATIVE} WHERE checksum = @checksum
       ORDER BY swept_at IS NOT NULL, cartridge.id DESC LIMIT ${CANDIDATES}`,
      { checksum },
    );
  }

  /** The newest cartridge of a script; undefined where it has none. */
  newestOf(script: string): Relative | undefined {
    return this.#relatives(
      `SELECT ${RELATIVE} WHERE script.name = @script ORDER BY swept_at IS NOT NULL, cartridge.id DESC LIMIT 1`,
      { script },
    )[0];
  }

  /** File names of the newest cartridges that are kept, of one script or of all, each picture once, the newest first. */
  newest(script: string | undefined, limit: number): string[] {
    return attempt('read', this.#database.name, () =>
      this.#database
        .prepare<object, string>(
          `SELECT CAST(file_name AS TEXT) FROM cartridges WHERE id IN (
             SELECT max(cartridge.id) FROM cartridges AS cartridge
             LEFT JOIN improvement_scripts AS script ON script.id = cartridge.script_id
             WHERE swept_at IS NULL ${script === undefined ? '' : 'AND script.name = @script'} GROUP BY checksum
           ) ORDER BY id DESC LIMIT @limit`,
        )
        .pluck()
        .all({ script, limit }),
    );
  }

  /** Checksums that cartridges of these pixels name as parents, at most as many as a label may. */
  parentsOf(checksum: string): string[] {
    return this.#checksums(
      `SELECT DISTINCT parent FROM cartridges JOIN cartridge_parents ON cartridge_id = cartridges.id
       WHERE checksum = @checksum AND parent <> @checksum ORDER BY parent LIMIT ${LIMITS.parents}`,
      { checksum },
    );
  }

  /** Checksums of the pixels whose cartridges name this one as a parent, in the order of their first pressing. */
  childrenOf(checksum: string, limit: number): string[] {
    return this.#checksums(
      `SELECT checksum FROM cartridge_parents JOIN cartridges ON cartridges.id = cartridge_id
       WHERE parent = @checksum AND checksum <> @checksum GROUP BY checksum ORDER BY min(cartridges.id)
       LIMIT @limit + 0`,
      { checksum, limit },
    );
  }

  /**
   * Checksums of cartridges, and of parents that they name, that begin like this: two at most, which are too many.
   *
   * @param digits lower-case hex
   */
  beginningWith(digits: string): string[] {
    // `g` comes after every digit, and unlike LIKE a range is what an index is asked for.
    return this.#checksums(
      `SELECT checksum FROM cartridges WHERE checksum >= @digits AND checksum < @digits || 'g'
       UNION SELECT parent FROM cartridge_parents WHERE parent >= @digits AND parent < @digits || 'g' LIMIT 2`,
      { digits },
    );
  }

  /** Whether equal work was pressed: the key of a program with its canvas, params and inputs. */
  isKnownWork(work: string): boolean {
    return this.#checksums('SELECT checksum FROM cartridges WHERE work = @work LIMIT 1', { work }).length > 0;
  }

  #relatives(sql: string, parameters: object): Relative[] {
    return attempt('read', this.#database.name, () =>
      this.#database.prepare<object, Relative>(sql).all(parameters),
    ).map((row) => ({ ...row, isSwept: (row.isSwept as unknown) === 1 }));
  }

  /** Anybody may have written anything there. */
  #checksums(sql: string, parameters: object): string[] {
    return attempt('read', this.#database.name, () =>
      this.#database.prepare<object, string>(sql).pluck().all(parameters),
    ).filter((checksum) => CHECKSUM.test(checksum));
  }
}
