/** Scripts, jobs, runs and cartridges as the database's records: what the tables hold, as plain data. */
import type { CatchUp } from './catch-up.ts';

/** The languages that a script may be written in; `python` is known and refused for now. */
export const LANGS = ['pixel', 'gvpie', 'cartridge', 'python'] as const;
export type Lang = (typeof LANGS)[number];

/** What a person can pause or bound: all, or one lang; `other` is whatever stood there before gvpie came. */
export const SCOPES = ['engine', ...LANGS, 'other'] as const;
export type Scope = (typeof SCOPES)[number];

/** How a job may have ended; life.ts has the moves. */
export const JOB_ENDS = ['done', 'refused', 'rejected', 'dead', 'cancelled', 'skipped'] as const;
/** Waiting for its turn; being rendered; and the ends. */
export const JOB_STATES = ['queued', 'running', ...JOB_ENDS] as const;
export type JobState = (typeof JOB_STATES)[number];

/**
 * A job that is due and its script, as any SQLite client may have written it: nothing here has been judged. Times
 * everywhere are ISO 8601 UTC, except in rows that the seed wrote.
 */
export interface DueJob {
  readonly jobId: number;
  /** What the job is due for, unique within its script; see life.ts. */
  readonly slot: string;
  /** Lower is taken first. */
  readonly rank: number;
  /** A JSON object of params that go over the script's: a point of its matrix; null for none. */
  readonly point: string | null;
  /** 1: rendered even when its picture is known. */
  readonly forced: 0 | 1;
  /** What the picture has to be like, in JSON; null for anything. */
  readonly expect: string | null;
  /** A JSON array of checksums of cartridges, as the table's rules have it; null for none. */
  readonly parents: string | null;
  /** The script's. */
  readonly id: number;
  readonly name: string;
  /** One of LANGS, except in a row that was there before gvpie adopted the database. */
  readonly lang: string;
  /** The first LIMITS.sourceBytes + 1 bytes as stored, of whatever type: enough to refuse a longer one. */
  readonly code: Uint8Array;
  /** All of the code's bytes. */
  readonly codeBytes: number;
  /** SQLite's `typeof(code)`: `text`, or `blob`. */
  readonly codeType: string;
  /** Canvas width; 128 unless somebody wrote anything else, a text or -5 included. */
  readonly width: unknown;
  /** Canvas height; 64 unless somebody wrote anything else. */
  readonly height: unknown;
  /** The first LIMITS.sourceBytes + 1 bytes of the params as stored, of whatever type; null where there are none. */
  readonly params: Uint8Array | null;
  /** SQLite's `typeof(params)`: `text` or `blob`, and `null` where there are none. */
  readonly paramsType: string;
  /** Counts the changes of lang, code, canvas and params, from 1. */
  readonly revision: number;
  /** Faults of the world in a row, for this job. */
  readonly attempts: number;
}

/** A run about to be opened: it names its job and its cartridge before either exists. */
export interface Claim {
  readonly jobId: number;
  readonly scriptId: number;
  /** The revision that was seen; another one means that the script changed since. */
  readonly revision: number;
  readonly spoolId: string;
  readonly cartridgeName: string;
  readonly startedAt: string;
}

/**
 * How a run ended: `success`; `refused` (the author's fault, not tried again until the script changes); `rejected` (a
 * picture that is not what the script expects); `failed` (the world's fault, tried again later); `interrupted` (a crash
 * or a stop, due again at once); `cancelled`.
 */
export type Outcome = 'success' | 'refused' | 'rejected' | 'failed' | 'interrupted' | 'cancelled';

/** A cartridge file on the shelf. */
export interface CartridgeRecord {
  readonly fileName: string;
  /** SHA-256 of the raw RGBA bytes, lower-case hex. */
  readonly checksum: string;
  readonly width: number;
  readonly height: number;
  /** Size of the file. */
  readonly bytes: number;
  readonly createdAt: string;
  /** The key of its work, and what the language meant then; absent where it is not to be found by them. */
  readonly work?: string;
  readonly semantics?: string;
  /** Checksums of the canvases that it was drawn with; absent where only its label says. */
  readonly inputs?: readonly string[];
  /** Checksums of the cartridges that its label names as parents. */
  readonly parents?: readonly string[];
  /** SHA-256 of the file, hex; absent where nobody has computed it. */
  readonly fileSha256?: string;
}

/** A picture that need not be rendered again. */
export interface KnownPicture {
  readonly fileName: string;
  readonly checksum: string;
  /** Size of the file. */
  readonly bytes: number;
}

/** A run's end. */
export interface RunClose {
  readonly runId: number;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly backend: string | null;
  /** Of a failed run: when to try again; null means at once. */
  readonly retryAt: string | null;
  /** Whether it counts as one of the job's attempts: what failed does, and what died with its orchestrator. */
  readonly charged: 0 | 1;
  /** Of a run that put something on the shelf: what. */
  readonly cartridge: CartridgeRecord | null;
  /** Of a run whose picture was known: the file of its cartridge. */
  readonly known?: string;
}

/** A run of ours that has not ended: in flight, or cut off by a crash. */
export interface OpenRun {
  readonly runId: number;
  /** Null once the script was deleted. */
  readonly scriptId: number | null;
  readonly scriptName: string | null;
  readonly revision: number;
  readonly spoolId: string;
  readonly cartridgeName: string;
  readonly startedAt: string;
  /** The orchestrator that began it; null from before there could be several. */
  readonly owner: string | null;
}

/** What a person may write of a script; a new one takes the defaults of the table. */
export interface ScriptContent {
  readonly lang?: Lang;
  readonly code?: string | Uint8Array;
  readonly width?: number;
  readonly height?: number;
  /** The JSON text of an object; null for none. */
  readonly params?: string | null;
  /** When and how its jobs are run: the columns of these names, which db/000006-jobs.sql describes. */
  readonly schedule?: string | null;
  readonly timeZone?: string | null;
  readonly catchUp?: CatchUp;
  readonly priority?: number;
  readonly needs?: string | null;
  readonly matrix?: string | null;
  readonly batch?: string | null;
  readonly expect?: string | null;
  readonly maxAttempts?: number;
  readonly concurrency?: number | null;
  readonly submitKey?: string | null;
  readonly force?: 0 | 1;
  /** A JSON array of checksums of cartridges; null for none. */
  readonly parents?: string | null;
}

/** A script as `list` and `show` print it. */
export interface ScriptRow {
  readonly id: number;
  readonly name: string;
  readonly lang: string;
  readonly enabled: boolean;
  readonly width: unknown;
  readonly height: unknown;
  readonly codeBytes: number;
  /** As stored; null where there are none. */
  readonly params: string | null;
  /** A JSON array of the checksums of cartridges; null where there are none. */
  readonly parents: string | null;
  readonly revision: number;
  /** Of its newest job; null when it has none yet. */
  readonly state: JobState | null;
  readonly attempts: number;
  readonly retryAt: string | null;
  readonly createdAt: string | null;
  readonly lastRunAt: string | null;
  readonly runCount: number;
  readonly successCount: number;
  /** Of the latest run; null when it is open, is the seed's, or is not there. */
  readonly lastOutcome: Outcome | null;
}

/** A script with its code. */
export interface ScriptDetail extends ScriptRow {
  readonly code: Uint8Array;
  readonly codeType: string;
}

/** A run as `runs` prints it. */
export interface RunRow {
  readonly id: number;
  /** Null once the script was deleted. */
  readonly scriptId: number | null;
  readonly scriptName: string | null;
  readonly revision: number | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** 1, 0, or null while open. */
  readonly success: number | null;
  /** Null while open, and in the seed's history. */
  readonly outcome: Outcome | null;
  readonly durationMs: number | null;
  readonly backend: string | null;
  readonly cartridgeName: string | null;
  /** When its cartridge was swept; null while it is kept, and where there is none. */
  readonly cartridgeSweptAt: string | null;
  /** 1 where the picture was known, and nothing was rendered. */
  readonly known: 0 | 1;
  readonly spoolId: string | null;
  readonly stdout: string | null;
  readonly stderr: string | null;
}

/** A cartridge in the registry. */
export interface CartridgeRow extends CartridgeRecord {
  readonly scriptId: number | null;
  readonly runId: number | null;
}

/** The database in numbers. */
export interface Counts {
  readonly scripts: number;
  readonly enabled: number;
  /** Enabled scripts whose present revision was neither rendered nor refused, in flight ones included. */
  readonly due: number;
  /** Of the due ones, those that wait for a later attempt. */
  readonly waiting: number;
  readonly runs: number;
  /** Runs of ours that have not ended. */
  readonly open: number;
  readonly cartridges: number;
}
