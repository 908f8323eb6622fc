/** What the orchestrator's daemon is written against: the world as interfaces, and a run in flight. */
import type { Cartridge } from '../shared/cartridge/open.ts';
import type { Pressing } from '../shared/cartridge/press.ts';
import type { Input } from '../shared/inputs.ts';
import type { Collected, Unbelievable } from '../shared/protocol/belief.ts';
import type { BackendChoice } from '../shared/protocol/command.ts';
import type { OkReply, Reply } from '../shared/protocol/reply.ts';
import type { Clock, Journal } from '../shared/world.ts';
import type { Work } from './decide.ts';
import type { Doorkeeper, OpenDoor } from './doorkeeper.ts';
import type { Evidence, Expectation } from './expect.ts';
import type { Plans } from './planner.ts';
import type {
  CartridgeRow,
  Claim,
  DueJob,
  JobState,
  KnownPicture,
  OpenRun,
  Outcome,
  RunClose,
} from './script.ts';
import type { SlotDoor, SlotLine } from './slot-line.ts';

/** The database; see host/job-table.ts. */
export interface Table {
  dataVersion(): number;
  due(limit: number, except?: readonly number[]): DueJob[];
  agenda(): number[];
  queued(id: number): (DueJob & { readonly waits: boolean }) | undefined;
  wake(now: string): void;
  nextRetryAt(): string | null;
  cancelled(owner: string): string[];
  claim(batch: readonly Claim[], owner: string): (number | null)[];
  close(batch: readonly RunClose[]): (JobState | null | undefined)[];
  openRuns(owner?: string | null): OpenRun[];
  /** Does all of `work` in one transaction, in which nobody else writes; what it throws undoes it. */
  alone<Result>(work: () => Result): Result;
  outcome(spoolId: string): Outcome | null | undefined;
  isRegistered(fileName: string): boolean;
  cartridgesByChecksum(checksum: string): CartridgeRow[];
  cartridgeFiles(input: Input): string[];
  known(work: string, semantics: string): KnownPicture[];
}

/** Those who work on the database; see host/owner-table.ts. */
export interface Owners {
  /** This one's, new for each start. */
  readonly id: string;
  /** Shows that this one lives. */
  beat(): void;
  /** The others that own open runs, with their heartbeats; undefined: it is not entered, null: nobody owns them. */
  others(): { readonly id: string | null; readonly heartbeat: number | undefined }[];
  /** Whether its process has ended, as far as can be seen from here. */
  isGone(id: string): boolean;
  forget(id: string): void;
}

/** The spool, as a client sees it; see shared/host/spool-client.ts. */
export interface Spool {
  offer(id: string, command: string): void;
  withdraw(id: string): boolean;
  /** Ids of what renderers have in hand, anybody's, by the renderer's name. */
  hands(): ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of what nobody has taken yet, anybody's. */
  offered(): ReadonlySet<string>;
  answered(): string[];
  collect(id: string): Collected | Unbelievable | undefined;
  /** The reply alone, and the file in which its pixels are. */
  look(id: string): { readonly reply: Reply; readonly pixelFile: string } | Unbelievable | undefined;
  forget(id: string, pixelBytes?: number): void;
}

/** An answer whose pixels nobody has read yet, with all that is to be written on its cartridge. */
export interface LargeAnswer {
  readonly reply: OkReply;
  readonly pixelFile: string;
  readonly inscription: Omit<Pressing, 'pixels'>;
  /** What the picture has to be like. */
  readonly expectation?: Expectation;
}

/** A cartridge's file. */
export interface Pressed {
  readonly bytes: Uint8Array;
  /** Of these, 64 lower-case hex digits. */
  readonly sha256: string;
  /** Why its picture is not as it has to be; absent where it is. */
  readonly evidence?: Evidence;
}

/** Presses large answers while the daemon goes on; see host/press-pool.ts. */
export interface Presses {
  /**
   * The cartridge, or why the answer is not believed.
   *
   * Rejects with whatever `press` throws, and when the file cannot be read.
   */
  press(answer: LargeAnswer): Promise<Pressed | Unbelievable>;
}

/** What is put on the shelf. */
export interface Puttable {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Of the bytes, where it is known. */
  readonly sha256?: string;
}

/** Where cartridges are kept. */
export interface Shelf {
  /**
   * Puts cartridges there, all of them on the disk when it resolves; per cartridge, what went wrong, and
   * then it is not there. Never rejects.
   */
  put(cartridges: readonly Puttable[]): Promise<(Error | undefined)[]>;
  /** A cartridge whose own pixels are what it says; undefined when there is none, or it is damaged. */
  whole(fileName: string): { cartridge: Cartridge; bytes: number; sha256: string } | undefined;
  /** Which file lies there: another one, or one that was written to, has another; undefined when there is none. */
  stamp(fileName: string): string | undefined;
  /** Removes a cartridge, by the name that its run has, rejected or not, and what is half-written of it. */
  discard(fileName: string): void;
  /** The program inside a cartridge, with its canvas and params, by its path on the shelf; or why it cannot be had. */
  program(reference: string): Work | string;
  /** The absolute path of the file of a cartridge; undefined when none is there, or its name leads elsewhere. */
  locate(fileName: string): string | undefined;
  /** Whether the file of a cartridge is there, of so many bytes. */
  has(fileName: string, bytes: number): boolean;
}

export interface OrchestratorDoors {
  readonly table: Table;
  readonly owners: Owners;
  readonly plans: Plans;
  readonly spool: Spool;
  readonly slot: SlotDoor;
  readonly line: SlotLine;
  readonly keeper: Doorkeeper;
  readonly shelf: Shelf;
  readonly presses: Presses;
  readonly clock: Clock;
  readonly journal: Journal;
  newId(): string;
  /** From 0 up to 1. */
  jitter(): number;
  breathe(): Promise<void>;
  pause(ms: number): Promise<void>;
}

export interface OrchestratorOptions {
  /** How long one answer may take while a renderer serves. */
  readonly timeoutMs: number;
  readonly backend: BackendChoice;
  /** One attempt for each script that is due at the start, then the end. */
  readonly once: boolean;
  /** How often every script is rendered again, as the seed does; undefined: never. */
  readonly cycleMs?: number;
  /** The folder of cartridges, as people write it: for messages. */
  readonly cartridges: string;
}

/** How `--once` ended. */
export type OnceResult = 'succeeded' | 'failed' | 'no-renderer';

/** A run that was claimed and has not been closed. */
export interface Flight {
  readonly runId: number;
  readonly script: DueJob;
  readonly work: Work;
  readonly spoolId: string;
  readonly cartridgeName: string;
  /** On the monotonic clock. */
  readonly startedMs: number;
  readonly door: OpenDoor;
  /** Empty where nobody is asked. */
  readonly command: string;
  /** What equal work has too, see work-key.ts; absent where nothing is remembered. */
  readonly key?: string;
  /** What the picture has to be like; absent for anything. */
  readonly expectation?: Expectation;
}
