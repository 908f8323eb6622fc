/** SQLite's errors as HostFaults that say whether waiting helps and what a person can do. */
import { errorCode, HELD_CODE, HostFault } from '../../shared/faults.ts';

/** Runs `work`; whatever the database throws comes out as a HostFault about `path`. */
export function attempt<Result>(op: string, path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof HostFault) throw error;
    const code = errorCode(error);
    // Without a code it is a defect of ours (a RangeError, an invariant), not the world's doing.
    if (code === undefined || !(error instanceof Error)) throw error;
    const { retryable, hint } = advice(code);
    const said = HELD_CODE.test(code) ? HELD_WORDS : (brokenRule(error) ?? error.message);
    throw new HostFault(op, path, `Cannot ${op} the database ${path}: ${said}`, {
      retryable,
      hint,
      cause: error,
    });
  }
}

const HELD_WORDS = 'another program has begun to write there and does not end';

/** How a trigger says what it has put together, as RAISE cannot: as what json_extract cannot use as a path. */
const PUT_TOGETHER = /^bad JSON path: '(.*)'$/s;

/** What a trigger of ours, or of the database's owner, has to say against a statement; undefined for any other error. */
export function brokenRule(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const said = PUT_TOGETHER.exec(error.message)?.[1]?.replaceAll("''", "'");
  if (said?.startsWith('Expected ')) return said;
  return errorCode(error) === 'SQLITE_CONSTRAINT_TRIGGER' ? error.message : undefined;
}

function advice(code: string): { retryable: boolean; hint: string } {
  if (HELD_CODE.test(code)) {
    return {
      retryable: true,
      hint: 'end its transaction, such as that of a shell after BEGIN, and try again',
    };
  }
  if (/^(SQLITE_FULL|ENOSPC)/.test(code)) return { retryable: true, hint: 'free some space on the disk' };
  if (/^SQLITE_CONSTRAINT/.test(code)) return { retryable: false, hint: 'a rule of the tables refused it' };
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) {
    return { retryable: false, hint: 'restore a copy, or choose another file with GVPIE_DB' };
  }
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/.test(code)) {
    return {
      retryable: false,
      hint: 'make the file and its folder writable, or choose another with GVPIE_DB',
    };
  }
  if (/^SQLITE_(IOERR|NOMEM)/.test(code))
    return {
      retryable: true,
      hint: 'look at the disk, the memory, and whether its files may still be written',
    };
  return { retryable: false, hint: 'nothing was changed' };
}
