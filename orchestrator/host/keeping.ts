/** What backing up and restoring have in common: their doors, and what they tell of. */
import type { Files } from '../../shared/host/files.ts';
import type { Bulk } from './bulk.ts';

/** Hears how far a long work is. */
export type HearProgress = (what: 'database' | 'cartridges', done: number, total: number) => void;

export interface KeepingDoors {
  readonly files: Files;
  readonly bulk: Bulk;
  readonly hear?: HearProgress | undefined;
}

/** Something about a cartridge that a person has to know. */
export interface Trouble {
  /** On the shelf. */
  readonly path: string;
  readonly message: string;
}
