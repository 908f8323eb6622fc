/** Faults of the file system, in words. */
import { errorCode, HostFault } from '../faults.ts';

const HINTS: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space, nothing was lost.',
  EDQUOT: 'The disk quota is used up: free some space, nothing was lost.',
  EROFS: 'The file system is read-only.',
  EACCES: 'Check the owner and the permissions.',
  EPERM: 'Check the owner and the permissions.',
  EFBIG: 'The largest file that is allowed is smaller: raise the limit (ulimit -f).',
  EMFILE: 'Too many open files: raise the limit (ulimit -n).',
};

/** What an effect on a file failed with, and what helps where that is known. */
export function hostFault(op: string, path: string, error: unknown): HostFault {
  const code = errorCode(error) ?? 'unknown';
  const hint = HINTS[code];
  return new HostFault(op, path, `Could not ${op} ${path}: ${(error as Error).message}`, {
    retryable: true,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
