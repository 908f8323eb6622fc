/** What several fake orchestrators share: the tables, the doors, the shelf, and who of them has ended. */
import type BetterSqlite3 from 'better-sqlite3';
import type { Work } from '../../orchestrator/decide.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import type { Params } from '../../shared/params.ts';
import type { OkReply, Reply } from '../../shared/protocol/reply.ts';
import { FakeSlot } from './fake-slot.ts';
import { memoryDatabase } from './memory-database.ts';

export interface FakeWorld {
  readonly sql: BetterSqlite3.Database;
  readonly slot: FakeSlot;
  readonly inbox: Map<string, string>;
  readonly taken: Map<string, string>;
  readonly outbox: Map<string, Answer>;
  readonly cartridges: Map<string, Uint8Array>;
  readonly programs: Map<string, Work>;
  /** Orchestrators whose processes have ended. */
  readonly gone: Set<string>;
  /** Whose turn the slot is. */
  turn: string | undefined;
  orchestrators: number;
  ids: number;
  commits: number;
}

export interface Answer {
  readonly reply: Reply;
  readonly pixels: Uint8Array | undefined;
}

export function emptyWorld(): FakeWorld {
  return {
    sql: memoryDatabase(),
    slot: new FakeSlot(),
    ...{ inbox: new Map(), taken: new Map(), outbox: new Map(), cartridges: new Map(), programs: new Map() },
    gone: new Set(),
    turn: undefined,
    ...{ orchestrators: 0, ids: 0, commits: 0 },
  };
}

/** A renderer's reply to a command, with the pixels that go with it. @param saysParams whether it names the params */
export function okReply(command: string, pixels: Uint8Array, saysParams: boolean): OkReply {
  const { width, height, params } = JSON.parse(command) as { width: number; height: number; params?: Params };
  return {
    status: 'ok',
    width,
    height,
    format: 'RGBA',
    ...(params === undefined || !saysParams ? {} : { params }),
    bytes: pixels.length,
    sha256: sha256Hex(pixels),
    backend: 'cpu',
    renderer: 'r1',
    adapter: 'fake',
    warnings: [],
    ignored: [],
  };
}
