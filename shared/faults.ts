/**
 * Faults say whose fault it is, so that the daemons need no list of special cases:
 * the author of a program (recorded, never retried), the other side's file (quarantined),
 * the world (retried when `retryable`), or us (an invariant).
 */

/** A place in a program's source. `line` and `column` count from 1; columns count code points. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a program, in words and numbers for its author. */
export interface Complaint extends Partial<SourcePlace> {
  /** Stable code such as `PXL-E003`; see docs/language.md. */
  readonly code: string;
  /** "Expected …, found …" in one sentence. */
  readonly message: string;
  /** The offending line with a caret line under it. */
  readonly excerpt?: string;
  /** What to write instead. */
  readonly hint?: string;
  /** Of a refusal inside a DEF: where each CALL stands and what it called, innermost first. */
  readonly calls?: readonly { readonly line: number; readonly name: string }[];
  /** Calls beyond those that are listed. */
  readonly more_calls?: number;
}

/** At least one. */
export type FewComplaints = readonly [Complaint, ...Complaint[]];

/** The script is wrong: refused, recorded, never retried. Carries 1 to 20 complaints. */
export class AuthorFault extends Error {
  override readonly name = 'AuthorFault';
  readonly complaints: FewComplaints;

  constructor(complaints: FewComplaints) {
    super(complaints[0].message);
    this.complaints = complaints;
  }
}

/** The other side's file or message cannot be used: quarantined with this reason. */
export class PeerFault extends Error {
  override readonly name = 'PeerFault';
  /** Stable code such as `CMD-E002`; see docs/protocol.md. */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The world refused: a file, a database, a device. */
export class HostFault extends Error {
  override readonly name = 'HostFault';
  readonly op: string;
  readonly path: string;
  /** Whether the same attempt may succeed later with nothing changed by a person. */
  readonly retryable: boolean;
  readonly hint: string | undefined;

  constructor(
    op: string,
    path: string,
    message: string,
    options: { retryable: boolean; hint?: string; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.op = op;
    this.path = path;
    this.retryable = options.retryable;
    this.hint = options.hint;
  }
}

/**
 * A fault of ours: the condition can only be false through a defect in gvpie.
 *
 * @throws {Error} when `condition` is false
 */
export function invariant(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${what}`);
}

/** The `code` of a Node system error (`ENOENT`, `EEXIST`, …), or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const NO_SPACE: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether something was too large for where it was to be written: something smaller may fit. */
export function isForSpace(error: unknown): boolean {
  return error instanceof HostFault && NO_SPACE.has(errorCode(error.cause));
}

/** SQLite's codes for a database that another program holds. */
export const HELD_CODE = /^SQLITE_(BUSY|LOCKED)/;

/** Whether another program holds the database, so that it cannot be written, or opened, now. */
export function isHeld(error: unknown): boolean {
  return error instanceof HostFault && HELD_CODE.test(errorCode(error.cause) ?? '');
}
