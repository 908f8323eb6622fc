/** Intake: claims due scripts and offers them, as long as there is a door and room in flight. */
import { canvasBytes } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import { WINDOW, WINDOW_BYTES } from './config.ts';
import { commandFor, describe, describeRefusal, readScript, type Work } from './decide.ts';
import type { OpenDoor } from './doorkeeper.ts';
import type { Flight, OrchestratorDoors, OrchestratorOptions } from './doors.ts';
import { cartridgeFileName } from './file-name.ts';
import type { Ledger, Result } from './ledger.ts';
import type { DueScript, Outcome } from './script.ts';

/** A due script and what is to be done with it: offered, or closed at once. */
interface Task {
  readonly script: DueScript;
  readonly spoolId: string;
  readonly work: Work;
  readonly command: string;
  /** How its run ends without anybody being asked. */
  readonly ending: { readonly outcome: Outcome; readonly result: Result } | undefined;
}

/** What a script that is never offered carries. */
const NO_WORK: Work = { program: '', canvas: { width: 1, height: 1 } };

export class Intake {
  readonly #doors: OrchestratorDoors;
  readonly #options: OrchestratorOptions;
  readonly #ledger: Ledger;
  #nextRetryAt: string | null = null;

  constructor(doors: OrchestratorDoors, options: OrchestratorOptions, ledger: Ledger) {
    this.#doors = doors;
    this.#options = options;
    this.#ledger = ledger;
  }

  /** When a failed script wants its next attempt, as far as known; ISO 8601 UTC. */
  get nextRetryAt(): string | null {
    return this.#nextRetryAt;
  }

  /**
   * Takes in what fits; false when nothing is left, or nothing more fits.
   *
   * @param agenda what is to be taken instead of what is due; what was taken is removed from it
   * @throws {HostFault} when the database refuses; then nothing was taken
   */
  take(agenda: DueScript[] | undefined): boolean {
    const { table, clock, keeper } = this.#doors;
    const door = keeper.open;
    const limit = this.#room(door);
    if (door === undefined || limit === 0) return false;
    const due = agenda?.slice(0, limit) ?? table.due(clock.iso(), limit);
    const tasks = this.#fitting(due.map((script) => this.#prepare(script)));
    if (tasks.length > 0) this.#begin(tasks, door);
    agenda?.splice(0, tasks.length);
    // What does not fit is next once there is room.
    if (tasks.length < due.length) return false;
    if (due.length === limit) return true;
    this.#nextRetryAt = table.nextRetryAt();
    return false;
  }

  /** Puts a question again that was withdrawn, under the same name. */
  offer(flight: Flight): void {
    const { spool, line } = this.#doors;
    try {
      if (flight.door === 'spool') spool.offer(flight.spoolId, flight.command);
      else line.put(flight.command);
    } catch (error) {
      this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E005', (error as Error).message) });
    }
  }

  #room(door: OpenDoor | undefined): number {
    if (door === 'slot') return this.#ledger.size === 0 ? 1 : 0;
    return Math.max(0, WINDOW - this.#ledger.size);
  }

  /** The first tasks whose pixels fit into the window together; one always fits into an empty one. */
  #fitting(tasks: readonly Task[]): readonly Task[] {
    let bytes = this.#ledger.bytes;
    const first = tasks.findIndex(({ work }) => {
      bytes += canvasBytes(work.canvas);
      return bytes > WINDOW_BYTES;
    });
    if (first < 0) return tasks;
    return tasks.slice(0, this.#ledger.size === 0 ? Math.max(1, first) : first);
  }

  /** Claims scripts in one transaction, then offers each: the row names the job before it exists. */
  #begin(tasks: readonly Task[], door: OpenDoor): void {
    const { table, clock } = this.#doors;
    const startedAt = clock.iso();
    const claims = tasks.map(({ script, spoolId }) => {
      const cartridgeName = cartridgeFileName(script.name, startedAt, spoolId);
      return { scriptId: script.id, revision: script.revision, spoolId, cartridgeName, startedAt };
    });
    const runIds = table.claim(claims);
    const startedMs = clock.monotonic();
    for (const [index, { script, spoolId, work, command, ending }] of tasks.entries()) {
      const runId = runIds[index];
      const cartridgeName = claims[index]?.cartridgeName;
      // Null: the script changed or went away since it was seen; the next look sees it as it is now.
      if (runId == null || cartridgeName === undefined) continue;
      const flight = { runId, script, work, spoolId, cartridgeName, startedMs, door, command };
      this.#ledger.add(flight);
      if (ending === undefined) this.offer(flight);
      else this.#ledger.end(flight, ending.outcome, ending.result);
    }
  }

  #prepare(script: DueScript): Task {
    const spoolId = this.#doors.newId();
    const closed = (outcome: Outcome, stderr: string): Task => {
      return { script, spoolId, work: NO_WORK, command: '', ending: { outcome, result: { stderr } } };
    };
    try {
      const read = this.#read(script, spoolId);
      if ('complaint' in read) return closed('refused', describeRefusal(read.complaint));
      return { script, spoolId, ...read, ending: undefined };
    } catch (error) {
      return closed('failed', describe('RUN-E005', (error as Error).message));
    }
  }

  /** @throws {HostFault} when the cartridge that a script names cannot be looked at */
  #read(script: DueScript, id: string): { work: Work; command: string } | { complaint: Complaint } {
    const reading = readScript(script);
    if (reading.kind === 'refused') return reading;
    const work = reading.kind === 'work' ? reading.work : this.#embedded(reading.reference);
    if (typeof work === 'string') {
      const hint = 'A cartridge is named by its file name or by its checksum; gvpie inspect shows both.';
      return { complaint: { code: 'ROW-E006', message: work, hint } };
    }
    const { backend } = this.#options;
    const sent = commandFor(work, id, backend === 'auto' ? undefined : backend);
    return 'command' in sent ? { work, command: sent.command } : sent;
  }

  /** The program inside a cartridge on the shelf, or why it cannot be had. */
  #embedded(reference: string): Work | string {
    const isChecksum = /^[0-9a-f]{64}$/i.test(reference);
    const row = isChecksum ? this.#doors.table.cartridgeByChecksum(reference) : undefined;
    return this.#doors.shelf.program(row?.fileName ?? reference);
  }
}
