/**
 * An orchestrator's daemon in a world without a disk and without time: the table is SQL in memory, the
 * doors are maps, and nothing moves but by `step`. Several may share a world; each has its own clocks.
 */
import type BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { ANNOUNCE_GRACE_MS, PROBE_MS } from '../../orchestrator/config.ts';
import { OrchestratorDaemon } from '../../orchestrator/daemon.ts';
import type { Work } from '../../orchestrator/decide.ts';
import { Doorkeeper } from '../../orchestrator/doorkeeper.ts';
import type {
  LargeAnswer,
  OrchestratorOptions,
  Owners,
  Pressed,
  Shelf,
  Spool,
  Table,
} from '../../orchestrator/doors.ts';
import { judgePicture } from '../../orchestrator/expect.ts';
import { rejectedFileName } from '../../orchestrator/file-name.ts';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { OwnerTable } from '../../orchestrator/host/owner-table.ts';
import { PlanTable } from '../../orchestrator/host/plan-table.ts';
import { SlotLine } from '../../orchestrator/slot-line.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import { believe, type Unbelievable } from '../../shared/protocol/belief.ts';
import type { Reply } from '../../shared/protocol/reply.ts';
import type { DoorChoice } from '../../shared/settings.ts';
import { type FakeSlot, paintSeed } from './fake-slot.ts';
import { type Answer, emptyWorld, type FakeWorld, okReply } from './fake-world.ts';

const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');

/** Acts that a test may make fail: `world.faults.set('close', error)` until it is deleted again. */
export type Act =
  | 'due'
  | 'claim'
  | 'close'
  | 'put'
  | 'press'
  | 'offer'
  | 'collect'
  | 'withdraw'
  | 'forget'
  | 'alive'
  | 'program';

export interface RunRow {
  readonly id: number;
  readonly name: string | null;
  readonly outcome: string | null;
  readonly stderr: string | null;
  readonly spool_id: string;
  readonly cartridge_path: string | null;
}

export class FakeOrchestrator {
  readonly sql: BetterSqlite3.Database;
  readonly daemon: OrchestratorDaemon;
  readonly slot: FakeSlot;
  readonly faults = new Map<Act, Error>();
  /** Commands offered, by id; in the renderer's hands; and answers, by id. */
  readonly inbox: Map<string, string>;
  readonly taken: Map<string, string>;
  /** Who has what is taken in hand, by id; r1 where nothing is said. */
  readonly holders = new Map<string, string>();
  readonly outbox: Map<string, Answer>;
  readonly cartridges: Map<string, Uint8Array>;
  readonly programs: Map<string, Work>;
  readonly events: { event: string; fields: Record<string, unknown> }[] = [];
  alive: Announcement[];
  monotonicMs = 0;
  wallMs = EPOCH;
  /** Whether replies name the params that were asked for, as a renderer of ours does. */
  saysParams = false;
  /** Whether pauses begin and do not end. */
  holdPauses = false;
  /** How many runs each transaction has closed. */
  readonly closes: number[] = [];
  readonly owner: string;
  /** What the pressing of large answers waits for before it begins. */
  pressGate: Promise<void> = Promise.resolve();
  /** What `put` waits for before it answers. */
  putGate: Promise<void> = Promise.resolve();
  /** What others share with it. */
  readonly world: FakeWorld;
  /** How many of the world's commits are this one's own. */
  #commits = 0;

  /**
   * @param options `crashed`: one that was killed, and whose world this one finds; `beside`: one that goes on, and
   *   shares its world with this one
   */
  constructor(
    options: Partial<OrchestratorOptions> & {
      readonly door?: DoorChoice;
      readonly crashed?: FakeOrchestrator;
      readonly beside?: FakeOrchestrator;
    } = {},
  ) {
    const { door = 'auto', crashed, beside, ...rest } = options;
    const world = (crashed ?? beside)?.world ?? emptyWorld();
    this.world = world;
    this.sql = world.sql;
    this.slot = world.slot;
    this.inbox = world.inbox;
    this.taken = world.taken;
    this.outbox = world.outbox;
    this.cartridges = world.cartridges;
    this.programs = world.programs;
    this.alive = beside?.alive ?? [];
    this.owner = `o${++world.orchestrators}`;
    crashed?.end();
    onTestFinished(() => {
      this.sql.close();
    });
    const newId = (): string => `00000000-0000-7000-8000-${String(world.ids++).padStart(12, '0')}`;
    const line = new SlotLine(this.slot, { probeMs: PROBE_MS, answerMs: rest.timeoutMs ?? 10_000 }, newId);
    const alive = () => this.#act('alive', () => this.alive);
    const write = (event: string, fields: object = {}) => {
      this.events.push({ event, fields: fields as Record<string, unknown> });
    };
    const owners = this.#owners();
    owners.beat();
    this.daemon = new OrchestratorDaemon(
      {
        table: this.#table(),
        owners,
        plans: new PlanTable(this.sql, this.owner),
        spool: this.#spool(),
        slot: this.slot,
        line,
        keeper: new Doorkeeper(door, line, alive, () => this.#hasTurn(), {
          graceMs: ANNOUNCE_GRACE_MS,
          nowMs: 0,
        }),
        shelf: this.#shelf(),
        presses: { press: (answer) => this.#press(answer) },
        clock: {
          now: () => this.wallMs,
          monotonic: () => this.monotonicMs,
          iso: () => new Date(this.wallMs).toISOString(),
        },
        journal: { debug: write, info: write, warn: write, error: write },
        newId,
        jitter: () => 0,
        breathe: () => Promise.resolve(),
        pause: async (ms) => {
          if (this.holdPauses) return new Promise(() => {});
          this.pass(ms);
          this.ring();
        },
      },
      { timeoutMs: 10_000, backend: 'auto', once: false, cartridges: 'cartridges', ...rest },
    );
  }

  /** A renderer announces itself, with what the language means to it, if it says so. */
  serve(semantics?: string): this {
    this.alive = [{ renderer: 'r1', ...(semantics === undefined ? {} : { semantics }) } as Announcement];
    return this;
  }

  /** What any SQLite client does. */
  write(sql: string, ...parameters: unknown[]): void {
    this.sql.prepare(sql).run(...parameters);
    this.world.commits++;
  }

  /** Its process has ended, and others can see that. */
  end(): void {
    this.world.gone.add(this.owner);
  }

  insert(name: string, code = `RECT 0 0 ${name.length} 1`, lang = 'pixel'): void {
    this.write('INSERT INTO improvement_scripts (name, lang, code) VALUES (?, ?, ?)', name, lang, code);
  }

  pass(ms: number): void {
    this.monotonicMs += ms;
    this.wallMs += ms;
  }

  /** The slow scan of every bell. */
  ring(): void {
    this.daemon.hearOutbox(undefined);
    this.daemon.hearSlot();
  }

  /** Lets time pass, rings, polls, and lets everything that follows from it happen. */
  async step(ms = 250): Promise<void> {
    this.pass(ms);
    this.ring();
    await new Promise((resolve) => setImmediate(resolve));
    this.daemon.poll();
    for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** A renderer takes all that is offered. */
  take(): void {
    for (const [id, command] of this.inbox) this.taken.set(id, command);
    this.inbox.clear();
  }

  /** A renderer takes and answers all that is offered. */
  renderAll(): void {
    this.take();
    for (const id of [...this.taken.keys()]) this.answer(id);
  }

  /** A renderer answers a question in its hands; with pixels and an `ok` reply unless told otherwise. */
  answer(id: string, reply?: Reply): void {
    const command = this.taken.get(id) ?? '';
    this.taken.delete(id);
    const pixels = reply === undefined ? paintSeed(command) : undefined;
    this.outbox.set(id, {
      reply: reply ?? okReply(command, pixels ?? new Uint8Array(0), this.saysParams),
      pixels,
    });
  }

  answerSlot(): void {
    this.slot.pixels = { bytes: paintSeed(this.slot.command ?? '') };
  }

  runs(): RunRow[] {
    return this.sql
      .prepare(
        `SELECT run.id, name, outcome, stderr, spool_id, cartridge_path
         FROM improvement_runs AS run LEFT JOIN improvement_scripts AS script ON script.id = script_id ORDER BY run.id`,
      )
      .all() as RunRow[];
  }

  /** Names and outcomes, in the order in which the runs were begun. */
  outcomes(): string[] {
    return this.runs().map(({ name, outcome }) => `${name} ${outcome ?? 'open'}`);
  }

  /** Names of the programs that are offered or in hand, in the order of their ids. */
  asked(): string[] {
    const names = new Map(this.runs().map(({ spool_id, name }) => [spool_id, name ?? '']));
    return [...this.inbox.keys(), ...this.taken.keys()].sort().map((id) => names.get(id) ?? id);
  }

  told(event: string): number {
    return this.events.filter((one) => one.event === event).length;
  }

  /** What the slot's lock decides: who asks there does so until it ends. */
  #hasTurn(): boolean {
    const { turn, gone } = this.world;
    if (turn === undefined || gone.has(turn)) this.world.turn = this.owner;
    return this.world.turn === this.owner;
  }

  /** A commit of its own, which `dataVersion` does not show it. */
  #commit<T>(work: () => T): T {
    const result = work();
    this.world.commits++;
    this.#commits++;
    return result;
  }

  #act<T>(act: Act, work: () => T): T {
    const fault = this.faults.get(act);
    if (fault !== undefined) throw fault;
    return work();
  }

  #table(): Table {
    const table = new JobTable(this.sql);
    return {
      dataVersion: () => this.world.commits - this.#commits,
      due: (limit, except) => this.#act('due', () => table.due(limit, except)),
      agenda: () => this.#act('due', () => table.agenda()),
      queued: (id) => this.#act('due', () => table.queued(id)),
      wake: (now) => this.#commit(() => table.wake(now)),
      nextRetryAt: () => table.nextRetryAt(),
      cancelled: (owner) => table.cancelled(owner),
      claim: (batch, owner) => this.#act('claim', () => this.#commit(() => table.claim(batch, owner))),
      close: (batch) =>
        this.#act('close', () => {
          this.closes.push(batch.length);
          return this.#commit(() => table.close(batch));
        }),
      openRuns: (owner) => table.openRuns(owner),
      alone: (work) => table.alone(work),
      outcome: (id) => table.outcome(id),
      isRegistered: (fileName) => table.isRegistered(fileName),
      cartridgesByChecksum: (checksum) => table.cartridgesByChecksum(checksum),
      cartridgeFiles: (input) => table.cartridgeFiles(input),
      known: (work, semantics) => table.known(work, semantics),
    };
  }

  #owners(): Owners {
    const table = new OwnerTable(this.sql, {
      id: this.owner,
      ...{ pid: 0, start_time: null, boot_id: null, pid_namespace: null },
      version: 'fake',
      started_at: new Date(this.wallMs).toISOString(),
    });
    return {
      id: table.id,
      beat: () => this.#commit(() => table.beat()),
      others: () => table.others(),
      isGone: (id) => this.world.gone.has(id),
      forget: (id) => this.#commit(() => table.forget(id)),
    };
  }

  #spool(): Spool {
    return {
      offer: (id, command) => this.#act('offer', () => this.inbox.set(id, command)),
      withdraw: (id) => this.#act('withdraw', () => this.inbox.delete(id)),
      hands: () => {
        const hands = new Map<string, Set<string>>();
        for (const id of this.taken.keys()) {
          const holder = this.holders.get(id) ?? 'r1';
          hands.set(holder, (hands.get(holder) ?? new Set()).add(id));
        }
        return hands;
      },
      offered: () => new Set(this.inbox.keys()),
      answered: () => [...this.outbox.keys()],
      collect: (id) =>
        this.#act('collect', () => {
          const answer = this.outbox.get(id);
          return answer?.reply.status === 'ok' ? believe(answer.reply, answer.pixels) : answer;
        }),
      look: (id) =>
        this.#act('collect', () => {
          const answer = this.outbox.get(id);
          return answer && { reply: answer.reply, pixelFile: id };
        }),
      forget: (id) => {
        this.#act('forget', () => this.outbox.delete(id));
      },
    };
  }

  async #press(answer: LargeAnswer): Promise<Pressed | Unbelievable> {
    const { reply, pixelFile, inscription, expectation } = answer;
    await this.pressGate;
    const believed = believe(reply, this.outbox.get(pixelFile)?.pixels);
    if ('unbelievable' in believed) return believed;
    const { pixels = new Uint8Array(0) } = believed;
    const bytes = this.#act('press', () => press({ ...inscription, pixels }));
    const evidence = expectation && judgePicture(expectation, pixels, reply.sha256);
    return { bytes, sha256: sha256Hex(bytes), ...(evidence === undefined ? {} : { evidence }) };
  }

  #shelf(): Shelf {
    return {
      put: async (cartridges) => {
        await this.putGate;
        const fault = this.faults.get('put');
        return cartridges.map(({ fileName, bytes }) => {
          if (fault === undefined) this.cartridges.set(fileName, bytes);
          return fault;
        });
      },
      whole: (fileName) => {
        const bytes = this.cartridges.get(fileName);
        if (bytes === undefined) return undefined;
        try {
          return { cartridge: openCartridge(bytes), bytes: bytes.length, sha256: sha256Hex(bytes) };
        } catch {
          return undefined;
        }
      },
      stamp: (fileName) => {
        const bytes = this.cartridges.get(fileName);
        return bytes && sha256Hex(bytes);
      },
      discard: (fileName) => {
        this.cartridges.delete(fileName);
        this.cartridges.delete(rejectedFileName(fileName));
      },
      program: (reference) =>
        this.#act('program', () => this.programs.get(reference) ?? 'Expected a cartridge, found none'),
      locate: (fileName) =>
        this.#act('program', () => (this.cartridges.has(fileName) ? `/shelf/${fileName}` : undefined)),
      has: (fileName, bytes) => this.cartridges.get(fileName)?.length === bytes,
    };
  }
}
