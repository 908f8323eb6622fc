/** Whether a file that is not on the shelf was swept: asked by whoever has only its name. */
import { HostFault } from '../../shared/faults.ts';
import { openToRead } from './open-to-read.ts';

/** When it was, ISO 8601 UTC; undefined where nothing is known of that, or there is no such database. */
export function whenSwept(database: string, fileName: string): string | undefined {
  try {
    const opened = openToRead(database);
    try {
      const row = opened
        ?.prepare<[string], { at: string }>(
          'SELECT swept_at AS at FROM cartridges WHERE file_name = ? AND swept_at IS NOT NULL',
        )
        .get(fileName);
      return row?.at;
    } finally {
      opened?.close();
    }
  } catch (error) {
    // Of another program, or of an older gvpie, which swept nothing.
    if (error instanceof HostFault || (error as { code?: unknown }).code === 'SQLITE_ERROR') return undefined;
    throw error;
  }
}
