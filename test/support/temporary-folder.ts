/** Folders for tests, removed when the test that asked for them has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Registers what is to be done in the end: last registered, first done. */
export type Later = (cleanUp: () => void | Promise<void>) => void;

/** A new empty folder, 0700. */
export function temporaryFolder(later: Later = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'gvpie-test-'));
  later(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}
