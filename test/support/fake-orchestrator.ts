/**
 * An orchestrator's daemon in a world without a disk and without time: the table is SQL in memory, the
 * doors are maps, and nothing moves but by `step`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { ANNOUNCE_GRACE_MS, PROBE_MS } from '../../orchestrator/config.ts';
import { OrchestratorDaemon } from '../../orchestrator/daemon.ts';
import type { Work } from '../../orchestrator/decide.ts';
import { Doorkeeper } from '../../orchestrator/doorkeeper.ts';
import type {
  LargeAnswer,
  OrchestratorOptions,
  Owners,
  Shelf,
  Spool,
  Table,
} from '../../orchestrator/doors.ts';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { OwnerTable } from '../../orchestrator/host/owner-table.ts';
import { PlanTable } from '../../orchestrator/host/plan-table.ts';
import { SlotLine } from '../../orchestrator/slot-line.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import type { Params } from '../../shared/params.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import { believe, type Unbelievable } from '../../shared/protocol/belief.ts';
import type { OkReply, Reply } from '../../shared/protocol/reply.ts';
import type { DoorChoice } from '../../shared/settings.ts';
import { FakeSlot, paintSeed } from './fake-slot.ts';

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
  readonly outbox: Map<string, { reply: Reply; pixels: Uint8Array | undefined }>;
  readonly cartridges: Map<string, Uint8Array>;
  readonly programs = new Map<string, Work>();
  readonly events: { event: string; fields: Record<string, unknown> }[] = [];
  alive: Announcement[] = [];
  monotonicMs = 0;
  wallMs = EPOCH;
  /** Whether replies name the params that were asked for, as a renderer of ours does. */
  saysParams = false;
  /** Whether pauses begin and do not end. */
  holdPauses = false;
  /** How many runs each transaction has closed. */
  readonly closes: number[] = [];
  readonly owner: string;
  /** Orchestrators whose processes have ended. */
  readonly gone: Set<string>;
  /** What the pressing of large answers waits for before it begins. */
  pressGate: Promise<void> = Promise.resolve();
  /** What `put` waits for before it answers. */
  putGate: Promise<void> = Promise.resolve();
  #version = 1;
  #ids: number;

  /** @param options `crashed`: one that was killed, and whose world this one finds */
  constructor(
    options: Partial<OrchestratorOptions> & {
      readonly door?: DoorChoice;
      readonly crashed?: FakeOrchestrator;
    } = {},
  ) {
    const { door = 'auto', crashed, ...rest } = options;
    this.sql = crashed?.sql ?? memoryDatabase();
    this.slot = crashed?.slot ?? new FakeSlot();
    this.inbox = crashed?.inbox ?? new Map();
    this.taken = crashed?.taken ?? new Map();
    this.outbox = crashed?.outbox ?? new Map();
    this.cartridges = crashed?.cartridges ?? new Map();
    this.owner = `o${crashed === undefined ? 1 : Number(crashed.owner.slice(1)) + 1}`;
    this.gone = new Set(crashed === undefined ? [] : [...crashed.gone, crashed.owner]);
    this.#ids = crashed === undefined ? 0 : crashed.#ids + 1;
    onTestFinished(() => {
      this.sql.close();
    });
    const newId = (): string => `00000000-0000-7000-8000-${String(this.#ids++).padStart(12, '0')}`;
    const line = new SlotLine(this.slot, { probeMs: PROBE_MS, answerMs: rest.timeoutMs ?? 10_000 }, newId);
    const alive = () => this.#act('alive', () => this.alive);
    const write = (event: string, fields: object = {}) => {
      this.events.push({ event, fields: fields as Record<string, unknown> });
    };
    this.daemon = new OrchestratorDaemon(
      {
        table: this.#table(),
        owners: this.#owners(),
        plans: new PlanTable(this.sql, this.owner),
        spool: this.#spool(),
        slot: this.slot,
        line,
        keeper: new Doorkeeper(door, line, alive, () => true, { graceMs: ANNOUNCE_GRACE_MS, nowMs: 0 }),
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

  /** A renderer announces itself. */
  serve(): this {
    this.alive = [{ renderer: 'r1' } as Announcement];
    return this;
  }

  /** What any SQLite client does. */
  write(sql: string, ...parameters: unknown[]): void {
    this.sql.prepare(sql).run(...parameters);
    this.#version++;
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

  #act<T>(act: Act, work: () => T): T {
    const fault = this.faults.get(act);
    if (fault !== undefined) throw fault;
    return work();
  }

  #table(): Table {
    const table = new JobTable(this.sql);
    return {
      dataVersion: () => this.#version,
      due: (limit) => this.#act('due', () => table.due(limit)),
      agenda: () => this.#act('due', () => table.agenda()),
      queued: (id) => this.#act('due', () => table.queued(id)),
      wake: (now) => table.wake(now),
      nextRetryAt: () => table.nextRetryAt(),
      cancelled: (owner) => table.cancelled(owner),
      claim: (batch, owner) => this.#act('claim', () => table.claim(batch, owner)),
      close: (batch) =>
        this.#act('close', () => {
          this.closes.push(batch.length);
          return table.close(batch);
        }),
      openRuns: (owner) => table.openRuns(owner),
      outcome: (id) => table.outcome(id),
      cartridgesByChecksum: (checksum) => table.cartridgesByChecksum(checksum),
      cartridgeFiles: (input) => table.cartridgeFiles(input),
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
      beat: () => table.beat(),
      others: () => table.others(),
      // A crashed one is known by what came after it.
      isGone: (id) => this.gone.has(id),
      forget: (id) => table.forget(id),
    };
  }

  #spool(): Spool {
    return {
      offer: (id, command) => this.#act('offer', () => this.inbox.set(id, command)),
      withdraw: (id) => this.#act('withdraw', () => this.inbox.delete(id)),
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

  async #press({ reply, pixelFile, inscription }: LargeAnswer): Promise<Uint8Array | Unbelievable> {
    await this.pressGate;
    const believed = believe(reply, this.outbox.get(pixelFile)?.pixels);
    if ('unbelievable' in believed) return believed;
    return this.#act('press', () => press({ ...inscription, pixels: believed.pixels ?? new Uint8Array(0) }));
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
        return bytes && { cartridge: openCartridge(bytes), bytes: bytes.length };
      },
      discard: (fileName) => {
        this.cartridges.delete(fileName);
      },
      program: (reference) =>
        this.#act('program', () => this.programs.get(reference) ?? 'Expected a cartridge, found none'),
      locate: (fileName) =>
        this.#act('program', () => (this.cartridges.has(fileName) ? `/shelf/${fileName}` : undefined)),
    };
  }
}

function okReply(command: string, pixels: Uint8Array, echoes: boolean): OkReply {
  const { width, height, params } = JSON.parse(command) as { width: number; height: number; params?: Params };
  return {
    status: 'ok',
    width,
    height,
    format: 'RGBA',
    ...(params === undefined || !echoes ? {} : { params }),
    bytes: pixels.length,
    sha256: sha256Hex(pixels),
    backend: 'cpu',
    adapter: 'fake',
    warnings: [],
    ignored: [],
  };
}

/** The tables as the migrations leave them, without the first program. */
function memoryDatabase(): BetterSqlite3.Database {
  const sql = new BetterSqlite3(':memory:');
  const folder = join(packageRoot(), 'db');
  for (const name of readdirSync(folder).sort()) {
    if (/^\d{6}-.*\.sql$/.test(name)) sql.exec(readFileSync(join(folder, name), 'utf8'));
  }
  sql.exec('DELETE FROM improvement_scripts');
  return sql;
}
