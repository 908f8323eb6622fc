/** Holding a file against others who would rewrite it at the same moment: of two that compare and rename, one would be lost. */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';

/** How long the same holder is waited for, ms; then it was killed. */
const PATIENCE_MS = 10_000;
/** Between two looks, ms. */
const LOOK_MS = 5;
/** Bytes of a name that stand in that of its holder, which may have 255 in all. */
const KEPT_BYTES = 200;

/**
 * Does `work` while nobody else of gvpie's does such work on the file. A mark beside it says so.
 *
 * @param target no symlink
 * @throws the system's error where its folder takes no mark, or that of `work`
 */
export function whileHeld<Result>(target: string, work: () => Result, patienceMs = PATIENCE_MS): Result {
  const mark = join(dirname(target), `.${Buffer.from(basename(target)).subarray(0, KEPT_BYTES)}.held`);
  let holder = '';
  let since = 0;
  while (!isTaken(mark)) {
    const now = systemClock.monotonic();
    const found = identityOf(mark);
    if (found !== holder) [holder, since] = [found, now];
    // By this clock, as another may have jumped.
    if (now - since >= patienceMs) rmSync(mark, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  const own = identityOf(mark);
  try {
    return work();
  } finally {
    // Whoever is stopped for longer than others wait finds theirs.
    if (identityOf(mark) === own) rmSync(mark, { force: true });
  }
}

function isTaken(mark: string): boolean {
  try {
    writeFileSync(mark, '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function identityOf(mark: string): string {
  const fact = statSync(mark, { throwIfNoEntry: false });
  return fact === undefined ? '' : `${fact.ino} ${fact.ctimeMs}`;
}
