/** What a sweep is written against: the database and the shelf as interfaces, what is asked of it, and what it came to. */
import type { KeepRules } from '../shared/keep-rule.ts';
import type { Clock } from '../shared/world.ts';
import type { CartridgeFact, Naming } from './cartridge-survey.ts';
import type { SweptKind, Tallies } from './fuse.ts';
import type { JobFact, RunFact, Witness } from './retention.ts';

/** What scripts were like when they began to be asked what they need. */
export interface SurveyMark {
  /** The newest job: a script that changes has a newer one, unless it has a schedule or a matrix. */
  readonly job: number;
  /** Of those that have one, by id: the revision, and since when. */
  readonly planned: ReadonlyMap<number, string>;
}

/** A cartridge whose file is to go. */
export interface GivenUp {
  readonly id: number;
  readonly fileName: string;
  /** The object that goes with it: of its file. Null where it has none, or a cartridge that stays has the same. */
  readonly sha256: string | null;
}

/** The database; see host/sweep-table.ts. Pages are of rows with ids below `before`, the newest first. */
export interface SweepStore {
  jobs(before: number): JobFact[];
  runs(before: number): RunFact[];
  cartridges(before: number): CartridgeFact[];
  runsOf(jobIds: readonly number[]): RunFact[];
  /** Runs that knew the picture of this file. */
  knownRuns(fileName: string, before: number): RunFact[];
  /** Scripts with ids above `after`, in the order of their ids. */
  namings(after: number): Naming[];
  mark(): SurveyMark;
  /** Each of these looks again, within its transaction, at what has changed since; how many rows that were. */
  removeRuns(runs: readonly RunFact[]): number;
  emptyLogs(runs: readonly RunFact[], note: string): number;
  removeJobs(jobs: readonly JobFact[], witnessOf: (scriptId: number) => Witness | undefined): number;
  /** Keeps what labels say of rows that did not. */
  noteInputs(found: readonly LabelInputs[]): number;
  /** @param since scripts that are new or have changed since then are asked once more what they need */
  giveUp(cartridges: readonly CartridgeFact[], at: string, since: SurveyMark): number;
  /** Those that are given up, and whose files may be there still, with ids above `after`. */
  givenUp(after: number): GivenUp[];
  close(ids: readonly number[]): number;
  /** Forgets cartridges whose files are gone and which no run mentions any more; how many. */
  forget(): number;
  /** Gives free pages back, where the database is of the kind that can; false once there is nothing left to do. */
  shrink(): boolean;
}

/** Checksums of the inputs of a cartridge. */
export type LabelInputs = Pick<CartridgeFact, 'id' | 'checksum'> & { readonly inputs: readonly string[] };

/** The shelf, as a sweep needs it. */
export interface SweepShelf {
  /** @throws {HostFault} where the folder itself is not there: its files may come back */
  mustBeThere(): void;
  /** Checksums of the inputs of a cartridge, as its label says; undefined where it cannot be read. Takes milliseconds. */
  inputsOf(fileName: string): readonly string[] | undefined;
  /** Removes its file, and the object that goes with it, if they are there. */
  remove(fileName: string, sha256: string | null): void;
  /** Waits until the disk knows what was removed. */
  sync(): Promise<void>;
}

export interface SweepDoors {
  readonly store: SweepStore;
  readonly shelf: SweepShelf;
  readonly clock: Clock;
  /** Lets others have their turn. */
  breathe(): Promise<void>;
}

/** What is asked of a sweep. */
export interface SweepOrder extends KeepRules {
  /** Only of these scripts; absent: of all, and of those that are gone. */
  readonly scripts?: ReadonlySet<number>;
  /** Whether it is carried out; otherwise it is only counted. */
  readonly isMeant: boolean;
  /** Whether more goes than the fuse allows. */
  readonly isForced: boolean;
}

export interface SweepResult {
  readonly status: 'counted' | 'swept' | 'fuse';
  readonly tallies: Tallies;
  /** Kinds of which more would go than the fuse allows. */
  readonly blown: readonly SweptKind[];
  /** What went: less than was counted where somebody needed it meanwhile. */
  readonly gone: Readonly<Record<SweptKind, number>>;
  /** Cartridges whose files could not be removed, and why the first of them; the next sweep tries again. */
  readonly left: number;
  readonly leftWhy: string | null;
  /** The longest transaction, ms, rounded up. */
  readonly longestMs: number;
}
