/** Intake: claims due scripts and offers them, as long as there is a door and room in flight. */
import { canvasBytes } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import { checksumIn, scanInputs } from '../shared/inputs.ts';
import { NO_PARAMS } from '../shared/params.ts';
import { BATCH, TURN_BYTES, WINDOW, WINDOW_BYTES } from './config.ts';
import {
  type CartridgeReading,
  commandFor,
  describe,
  describeRefusal,
  readScript,
  type Work,
} from './decide.ts';
import type { OpenDoor } from './doorkeeper.ts';
import type { Flight, OrchestratorDoors, OrchestratorOptions } from './doors.ts';
import { type Expectation, readExpect } from './expect.ts';
import { cartridgeFileName } from './file-name.ts';
import { isForbidden, type Ledger, type Result } from './ledger.ts';
import { knownEnding, Memory, type Recollection } from './memory.ts';
import { placeInputs } from './place-inputs.ts';
import { isRetryDue } from './retry.ts';
import type { Claim, DueJob, Outcome } from './script.ts';

/** A due script and what is to be done with it: offered, or closed at once. */
interface Task {
  readonly script: DueJob;
  readonly spoolId: string;
  readonly work: Work;
  readonly command: string;
  readonly key?: string;
  readonly expectation?: Expectation;
  /** Bytes of pixels that were looked at. */
  readonly looked?: number;
  /** How its run ends without anybody being asked. */
  readonly ending: { readonly outcome: Outcome; readonly result: Result } | undefined;
}

/** What a row comes to: a question, a picture that is known, a complaint, or the key of equal work to be waited for. */
type Read =
  | Pick<Task, 'work' | 'command' | 'key' | 'expectation'>
  | { readonly known: Recollection }
  | { readonly complaint: Complaint }
  | { readonly equal: string };

/** What a script that is never offered carries. */
const NO_WORK: Work = { program: '', canvas: { width: 1, height: 1 }, params: NO_PARAMS };

export class Intake {
  readonly #doors: OrchestratorDoors;
  readonly #options: OrchestratorOptions;
  readonly #ledger: Ledger;
  readonly #memory: Memory;
  #nextRetryAt: string | null = null;

  constructor(doors: OrchestratorDoors, options: OrchestratorOptions, ledger: Ledger) {
    this.#doors = doors;
    this.#options = options;
    this.#ledger = ledger;
    this.#memory = new Memory(doors, ledger);
  }

  /** When a failed script wants its next attempt, as far as known; ISO 8601 UTC. */
  get nextRetryAt(): string | null {
    return this.#nextRetryAt;
  }

  /**
   * Takes in what fits; false when nothing is left, or nothing more fits.
   *
   * @param agenda ids of the scripts to take instead of whatever is due; what was taken is removed from it
   * @throws {HostFault} when the database cannot be written now; then nothing was taken
   */
  take(agenda: number[] | undefined): boolean {
    const { table, clock, keeper } = this.#doors;
    const door = keeper.open;
    const limit = this.#room(door);
    if (door === undefined || limit === 0) return false;
    if (agenda !== undefined) return this.#takeFrom(agenda, limit, door);
    if (isRetryDue(this.#nextRetryAt, clock.now())) {
      table.wake(clock.iso());
      this.#nextRetryAt = table.nextRetryAt();
    }
    const due = table.due(limit, this.#memory.waiting());
    const { tasks, putOff, rest } = this.#fitting(due);
    const begun = tasks.length > 0 ? this.#begin(tasks, door) : 0;
    // What does not fit is next once there is room, or those that ended at once are closed.
    if (rest > 0) return false;
    // Where none of so many could be claimed or put off, looking again at once would find the same.
    if (due.length === limit && (begun > 0 || putOff.some((jobId) => this.#memory.isWaiting(jobId))))
      return true;
    this.#nextRetryAt = table.nextRetryAt();
    return false;
  }

  /** Those of an agenda that wait for others of it stay on it; whatever is taken, or no longer due, is removed. */
  #takeFrom(agenda: number[], limit: number, door: OpenDoor): boolean {
    const { table } = this.#doors;
    const due: DueJob[] = [];
    const waiting: number[] = [];
    let looked = 0;
    for (; looked < agenda.length && due.length < limit; looked++) {
      const jobId = agenda[looked] as number;
      const job = this.#memory.isWaiting(jobId) ? undefined : table.queued(jobId);
      if (this.#memory.isWaiting(jobId)) waiting.push(jobId);
      else if (job?.waits === true) waiting.push(job.jobId);
      else if (job !== undefined) due.push(job);
    }
    const { tasks, putOff, rest } = this.#fitting(due);
    if (tasks.length > 0) this.#begin(tasks, door);
    waiting.push(...putOff);
    const unfit = due.slice(due.length - rest).map(({ jobId }) => jobId);
    agenda.splice(0, looked, ...waiting, ...unfit);
    // What waits for something that does not come in this round.
    if (due.length === 0 && this.#ledger.size === 0) agenda.splice(0, waiting.length);
    return unfit.length === 0 && looked > waiting.length && agenda.length > 0;
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
    return Math.min(BATCH, Math.max(0, WINDOW - this.#ledger.size));
  }

  /**
   * The first scripts whose pixels fit into the window together; one always fits into an empty one. No more pixels of
   * known pictures are looked at than fit into a turn, or one picture's. Besides, the ids of those that are left in the
   * queue until equal work has ended, and how many at the end of `due` do not fit.
   */
  #fitting(due: readonly DueJob[]): { tasks: readonly Task[]; putOff: readonly number[]; rest: number } {
    const tasks: Task[] = [];
    const putOff: number[] = [];
    const keys = new Set<string>();
    let bytes = this.#ledger.bytes;
    let looked = 0;
    for (const script of due) {
      if (bytes >= WINDOW_BYTES || looked >= TURN_BYTES) break;
      const task = this.#prepare(script, keys);
      if (task === undefined) {
        putOff.push(script.jobId);
        continue;
      }
      bytes += canvasBytes(task.work.canvas);
      if (bytes > WINDOW_BYTES && this.#ledger.size + tasks.length > 0) break;
      looked += task.looked ?? 0;
      if (task.key !== undefined) keys.add(task.key);
      tasks.push(task);
    }
    return { tasks, putOff, rest: due.length - tasks.length - putOff.length };
  }

  /**
   * Claims scripts in one transaction, then offers each: the row names the job before it exists.
   *
   * @returns how many could be claimed
   */
  #begin(tasks: readonly Task[], door: OpenDoor): number {
    const { clock } = this.#doors;
    const startedAt = clock.iso();
    const claims = tasks.map(({ script, spoolId }) => {
      const cartridgeName = cartridgeFileName(script.name, startedAt, spoolId);
      return {
        jobId: script.jobId,
        scriptId: script.id,
        revision: script.revision,
        spoolId,
        cartridgeName,
        startedAt,
      };
    });
    const runIds = this.#claim(claims);
    const startedMs = clock.monotonic();
    for (const [index, { ending, ...task }] of tasks.entries()) {
      const runId = runIds[index];
      const cartridgeName = claims[index]?.cartridgeName;
      // Null: the script changed or went away since it was seen; the next look sees it as it is now.
      if (runId == null || cartridgeName === undefined) {
        this.#memory.notClaimed(task.key);
        continue;
      }
      const flight = { ...task, runId, cartridgeName, startedMs, door };
      this.#ledger.add(flight);
      if (ending === undefined) this.offer(flight);
      else this.#ledger.end(flight, ending.outcome, ending.result);
    }
    return runIds.filter((runId) => runId != null).length;
  }

  #claim(claims: readonly Claim[]): (number | null)[] {
    const { table, owners, journal } = this.#doors;
    try {
      return table.claim(claims, owners.id);
    } catch (error) {
      if (!isForbidden(error)) throw error;
    }
    // The database's owner forbids one of them: it must not hold up the others.
    return claims.map((claim) => {
      try {
        return table.claim([claim], owners.id)[0] ?? null;
      } catch (error) {
        if (!isForbidden(error)) throw error;
        journal.error('run:unclaimable', { script: claim.scriptId, message: (error as Error).message });
        return null;
      }
    });
  }

  /** @param keys of tasks that are not in the ledger yet @returns undefined where equal work is to be waited for */
  #prepare(script: DueJob, keys: ReadonlySet<string>): Task | undefined {
    const spoolId = this.#doors.newId();
    const closed = (outcome: Outcome, stderr: string): Task => {
      return { script, spoolId, work: NO_WORK, command: '', ending: { outcome, result: { stderr } } };
    };
    try {
      const read = this.#read(script, spoolId, keys);
      if ('complaint' in read) return closed('refused', describeRefusal(read.complaint));
      if ('work' in read) return { script, spoolId, ...read, ending: undefined };
      if ('known' in read) {
        const ending = knownEnding(read.known, this.#options.cartridges);
        return { script, spoolId, work: NO_WORK, command: '', ending, looked: read.known.pixelBytes };
      }
      this.#memory.putOff(script.jobId, read.equal);
      return undefined;
    } catch (error) {
      return closed('failed', describe('RUN-E005', (error as Error).message));
    }
  }

  /** @throws {HostFault} when the cartridge that a script names cannot be looked at, or the shelf */
  #read(script: DueJob, id: string, keys: ReadonlySet<string>): Read {
    const reading = readScript(script);
    if (reading.kind === 'refused') return reading;
    const expectation = script.expect === null ? undefined : readExpect(script.expect);
    if (expectation !== undefined && 'code' in expectation) return { complaint: expectation };
    const work = reading.kind === 'work' ? reading.work : this.#embedded(reading);
    if (typeof work === 'string') {
      const hint = 'A cartridge is named by its file name or by its checksum; gvpie inspect shows both.';
      return { complaint: { code: 'ROW-E006', message: work, hint } };
    }
    const scanned = scanInputs(work.program);
    const key = this.#memory.keyOf(work, scanned);
    if (key !== undefined && script.forced !== 1) {
      const known = this.#memory.recall(key, canvasBytes(work.canvas), expectation);
      if (known !== undefined) return { known };
      if (this.#memory.isToCome(key, keys)) return { equal: key };
    }
    const inputs = placeInputs(scanned, script.attempts, this.#doors);
    if ('complaint' in inputs) return inputs;
    const whole = inputs.length > 0 ? { ...work, inputs } : work;
    const { backend } = this.#options;
    const sent = commandFor(whole, id, backend === 'auto' ? undefined : backend);
    if ('complaint' in sent) return sent;
    return {
      ...{ work: whole, command: sent.command },
      ...(key === undefined ? {} : { key }),
      ...(expectation === undefined ? {} : { expectation }),
    };
  }

  /** The program inside a cartridge on the shelf, with the row's params over the cartridge's; or why it cannot be had. */
  #embedded({ reference, params }: CartridgeReading): Work | string {
    const checksum = checksumIn(reference);
    const rows = checksum === undefined ? [] : this.#doors.table.cartridgesByChecksum(checksum);
    const names = rows.length > 0 ? rows.map(({ fileName }) => fileName) : [reference];
    let found: Work | string = '';
    for (const name of names) {
      found = this.#doors.shelf.program(name);
      if (typeof found !== 'string') break;
    }
    return typeof found === 'string' ? found : { ...found, params: { ...found.params, ...params } };
  }
}
