/** What the renderer's daemon is written against: its two doors and the world, as interfaces. */

import type { BackendChoice } from '../shared/protocol/command.ts';
import type { Reply } from '../shared/protocol/reply.ts';
import type { JobName } from '../shared/protocol/spool.ts';
import type { Clock, Journal } from '../shared/world.ts';
import type { ReadFile } from './input-files.ts';
import type { Painter, Standing } from './raster/painter.ts';

/** The spool's inbox, or the seed's slot. */
export type Door = 'spool' | 'slot';

/** A job in this renderer's hands. */
export interface TakenJob {
  readonly job: JobName;
  readonly path: string;
}

/** A command as it was offered. */
export interface OfferedCommand {
  readonly bytes: Uint8Array;
  /** When its client wrote it, Unix epoch ms. */
  readonly offeredMs: number;
}

/** The spool's way in. */
export interface Inbox {
  /** Names waiting, in the order in which they should be taken. */
  waiting(): string[];
  /** Takes a job; undefined when somebody else did, or when its name made it poison. */
  take(name: string): TakenJob | undefined;
  /** @throws {PeerFault} when the file must not be read */
  read(taken: TakenJob): OfferedCommand | undefined;
  /** Whether the job is in this renderer's hands still: one that was believed dead has lost it to another. */
  holds(taken: TakenJob): boolean;
  done(taken: TakenJob): void;
  /** Puts a job back as it was: the world failed, not the job. */
  handBack(taken: TakenJob): void;
  poison(taken: TakenJob, why: string): void;
}

/** The spool's way out. */
export interface Desk {
  /** The reply that lies in the outbox for this id. */
  held(id: string): Reply | undefined;
  /** Pixels come first; the reply is the commit. They are there when this returns, or when what it returns resolves. */
  publishPixels(id: string, pixels: Uint8Array): void | Promise<void>;
  /** Removes pixels whose reply cannot be published, and the space that they take. */
  withdrawPixels(id: string): void;
  publishReply(id: string, reply: Reply): void;
  /** Rings again for a reply that is there already. */
  republish(id: string): void;
}

/** The seed's slot. */
export interface Slot {
  /** Takes `cmd.json`, and removes any old answer; false when there is none. */
  take(): boolean;
  /** @throws {PeerFault} when the file must not be read */
  read(): Uint8Array | undefined;
  /** Whether a command waits: while one is in hand, a newer one. */
  waits(): boolean;
  /** Whether the command that was taken is in this renderer's hands still. */
  holds(): boolean;
  /** Writes many pixels that will be published next while the rest of the process goes on, and nothing where they are few. */
  prepare(pixels: Uint8Array): Promise<void>;
  /** @param done to be called when the pixels are not needed any more */
  publish(reply: Reply, pixels: Uint8Array | undefined, done?: () => void): void;
  /** Removes the answer that lies there, whoever asked for it. */
  withdrawAnswer(): void;
  /** Lets go of the command that was taken. */
  done(): void;
  poison(why: string): void;
  /** Publishes the last answer again if it was removed unread; true when it did. */
  republishIfLost(): boolean;
}

/** What this renderer can paint with. */
export interface Backends {
  /** Who paints when a command does not insist on anything; it changes when a GPU is lost or found again. */
  readonly standing: Standing;
  /**
   * The painter for a command's choice. The GPU's paints on the CPU by itself when the GPU fails it.
   *
   * @throws {HostFault} when a GPU is insisted on and none serves; `retryable` when it may come back by itself
   */
  painterFor(choice: BackendChoice): Painter;
}

export interface RendererDoors {
  readonly inbox: Inbox;
  readonly desk: Desk;
  readonly slot: Slot;
  readonly backends: Backends;
  /** Reads the files that commands name as inputs. */
  readonly readInput: ReadFile;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Lets other work have its turn. */
  breathe(): Promise<void>;
  pause(ms: number): Promise<void>;
}
