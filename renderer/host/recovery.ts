/**
 * Recovery: what dead renderers left in a socket is given back, closed or cleared away. All living renderers look for it, so
 * each step is a rename or a removal that only one of them can win, and whatever one leaves half done the next one finishes.
 */
import { join } from 'node:path';
import { sha256Hex } from '../../shared/bytes.ts';
import { PeerFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import type { Presence } from '../../shared/host/presence.ts';
import { pidExists } from '../../shared/host/process-identity.ts';
import { LIMITS } from '../../shared/limits.ts';
import { decodeCommand } from '../../shared/protocol/command.ts';
import { interruptedReply } from '../../shared/protocol/reply.ts';
import {
  type JobName,
  MAX_RETURNS,
  offeredName,
  parseJobName,
  takenName,
} from '../../shared/protocol/spool.ts';
import type { Journal } from '../../shared/world.ts';
import { clearAway, quarantine } from './poison.ts';

/** What the slot's service keeps in its renderer's folder: left for whoever serves the slot next. */
const SLOT_FILES: ReadonlySet<string> = new Set(['slot.json', 'slot.out']);

/**
 * Removes what the dead had begun to write, before anything is written here: of a full disk it may have all the space. To be
 * called before the first file of one's own.
 */
export function clearUnfinished(files: Files, socketDir: string, presence: Pick<Presence, 'isDead'>): void {
  for (const name of files.list(join(socketDir, 'work'))) {
    if (presence.isDead(`${name}.json`)) clearUnfinishedIn(files, join(socketDir, 'work', name));
  }
}

/** The same for one folder. */
export function clearUnfinishedIn(files: Files, folder: string): void {
  if (files.fact(folder)?.kind !== 'folder') return;
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    if (isUnfinished(name) && files.fact(path)?.kind === 'file') files.remove(path);
  }
}

function isUnfinished(name: string): boolean {
  return name === 'slot.out' || name.endsWith('.wet');
}

export class Recovery {
  readonly #files: Files;
  readonly #socketDir: string;
  readonly #own: string;
  readonly #presence: Pick<Presence, 'isDead'>;
  readonly #journal: Journal;
  /** Jobs that this renderer has taken over to give them up, by their place: the world may let it do so later only. */
  readonly #givenUp = new Map<string, string>();

  /** @param own this renderer's name: its folder in `work/` is there, and its own */
  constructor(
    files: Files,
    socketDir: string,
    own: string,
    presence: Pick<Presence, 'isDead'>,
    journal: Journal,
  ) {
    this.#files = files;
    this.#socketDir = socketDir;
    this.#own = own;
    this.#presence = presence;
    this.#journal = journal;
  }

  /**
   * Looks for the dead once, and repairs what they left; docs/protocol.md's crash table says what happens to each file.
   *
   * @param servesSlot whether this renderer serves the slot: only then are a dead one's slot files cleared away
   * @throws {HostFault} the first that it met, once everything else is done
   */
  look(servesSlot: boolean): void {
    let fault: unknown;
    const attempt = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        fault ??= error;
      }
    };
    for (const [own, id] of this.#givenUp) attempt(() => this.#giveUp(own, id));
    for (const name of this.#others()) attempt(() => this.#bury(name, servesSlot));
    for (const name of this.#files.list(join(this.#socketDir, 'renderer'))) {
      attempt(() => this.#forget(name));
    }
    if (fault !== undefined) throw fault;
  }

  /**
   * Closes what others left in the slot. To be called when the slot's lock was taken and before it is served: nobody else
   * serves it then, whoever else lives.
   */
  closeSlots(): void {
    for (const name of this.#others()) {
      const folder = join(this.#socketDir, 'work', name);
      // What is no folder holds nothing, and is cleared away with the dead.
      if (this.#files.fact(folder)?.kind !== 'folder') continue;
      const path = join(folder, 'slot.json');
      if (this.#files.fact(path) !== undefined) this.#closeSlot(path);
    }
  }

  #others(): string[] {
    return this.#files.list(join(this.#socketDir, 'work')).filter((name) => name !== this.#own);
  }

  /** A folder is listed before its owner is looked for, who announced itself before it made the folder. */
  #bury(name: string, servesSlot: boolean): void {
    const folder = join(this.#socketDir, 'work', name);
    const kind = this.#files.fact(folder)?.kind;
    if (kind !== 'folder') {
      clearAway(this.#files, this.#socketDir, folder, name);
      return;
    }
    if (!this.#presence.isDead(`${name}.json`)) return;
    for (const left of this.#files.list(folder)) {
      if (SLOT_FILES.has(left) && !servesSlot) continue;
      const path = join(folder, left);
      const job = SLOT_FILES.has(left) ? undefined : parseJobName(left);
      if (job !== undefined) this.#giveBack(path, job);
      else clearAway(this.#files, this.#socketDir, path, left);
    }
    this.#files.removeFolder(folder);
  }

  /** Removes an announcement, or part of one, that speaks for nobody alive. An owner's goes after its folder. */
  #forget(name: string): void {
    const path = join(this.#socketDir, 'renderer', name);
    const [, part] = /^\.(.+)\.wet$/.exec(name) ?? [];
    const owner = part ?? name.replace(/\.json$/, '');
    if (owner === this.#own) return;
    if (part === undefined && this.#files.fact(join(this.#socketDir, 'work', owner)) !== undefined) return;
    const isLeft = part !== undefined && this.#wasLeft(part);
    if (isLeft || this.#presence.isDead(name)) clearAway(this.#files, this.#socketDir, path, name);
  }

  /** Whether half of an announcement was certainly left by a dead one; otherwise time will tell. */
  #wasLeft(owner: string): boolean {
    if (this.#files.fact(join(this.#socketDir, 'renderer', `${owner}.json`)) !== undefined) {
      return this.#presence.isDead(`${owner}.json`);
    }
    // Of one that is just starting there is no more than its name. One of another namespace writes it once more.
    const [, pid] = /^r(\d{1,10})-/.exec(owner) ?? [];
    return pid !== undefined && !pidExists(Number(pid));
  }

  #closeSlot(path: string): void {
    const files = this.#files;
    const socketDir = this.#socketDir;
    // Pixels that lie there may be those of the question before: killed between taking and clearing.
    clearAway(files, socketDir, join(socketDir, 'out.raw'), 'out.raw');
    clearAway(files, socketDir, join(socketDir, 'out.json'), 'out.json');
    if (files.fact(join(socketDir, 'cmd.json')) === undefined) {
      const why = interruptedReply('The renderer ended while it held this command.', true);
      this.#publish('slot.json', { ...this.#idOf(path), ...why }, join(socketDir, 'out.json'));
    }
    clearAway(files, socketDir, path, 'cmd.json');
  }

  #giveBack(path: string, { id, returns }: JobName): void {
    const files = this.#files;
    const reply = join(this.#socketDir, 'outbox', `${id}.json`);
    // In the hands of one that died while it gave the job up: the file is kept in any case.
    const isGivenUp = returns >= MAX_RETURNS;
    if (!isGivenUp && files.fact(reply) !== undefined) {
      files.remove(path);
      return;
    }
    const next = { id, returns: Math.min(returns + 1, MAX_RETURNS) };
    if (next.returns < MAX_RETURNS) {
      if (!files.rename(path, join(this.#socketDir, 'inbox', offeredName(next)))) return;
      this.#journal.warn('job:returned', { id, returns: next.returns });
      return;
    }
    // Of several who find it one has it from here on.
    const own = join(this.#socketDir, 'work', this.#own, takenName(next));
    if (!files.rename(path, own)) return;
    this.#givenUp.set(own, id);
    this.#giveUp(own, id);
  }

  #giveUp(own: string, id: string): void {
    const files = this.#files;
    const reply = join(this.#socketDir, 'outbox', `${id}.json`);
    const why = `${MAX_RETURNS} renderers ended with this job in hand; it is not tried again.`;
    if (files.fact(reply) === undefined) {
      const asked = this.#digestOf(own);
      this.#publish(`${id}.json`, { id, ...interruptedReply(why, false), ...asked }, reply);
    }
    quarantine(files, this.#socketDir, own, `${id}.json`, why);
    this.#givenUp.delete(own);
    this.#journal.error('job:poisoned', { id, returns: MAX_RETURNS });
  }

  /** Written among this renderer's own work: of several that write one reply each writes a file of its own. */
  #publish(name: string, reply: object, path: string): void {
    const wet = join(this.#socketDir, 'work', this.#own, `${name}.wet`);
    this.#files.write(wet, `${JSON.stringify(reply)}\n`);
    this.#files.rename(wet, path);
  }

  /** Lets the same question be known again; nothing when the command cannot be read. */
  #digestOf(path: string): { command_sha256?: string } {
    return this.#readTolerantly(path, (bytes) => ({ command_sha256: sha256Hex(bytes) }));
  }

  /** The id that a slot's command gave itself; nothing when it has none or cannot be read. */
  #idOf(path: string): { id?: string } {
    return this.#readTolerantly(path, (bytes) => {
      const { id } = decodeCommand(bytes);
      return id === undefined ? {} : { id };
    });
  }

  #readTolerantly<Part>(path: string, partOf: (bytes: Uint8Array) => Part): Part | Record<string, never> {
    try {
      const bytes = this.#files.read(path, LIMITS.commandBytes);
      return bytes === undefined ? {} : partOf(bytes);
    } catch (error) {
      if (error instanceof PeerFault) return {};
      throw error;
    }
  }
}
