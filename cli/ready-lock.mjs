/**
 * The lock of the first-run preparation: one process at a time prepares a folder, and one killed with
 * -9 does not block the next. Plain JavaScript over Node's own modules, as in ready.mjs.
 *
 * The lock is a folder that holds one empty file per working process, named by its token (pid and start
 * time). It is taken by renaming a prepared folder onto it, which succeeds only when it is absent or
 * empty, and given up by removing the token. A dead process's token may be removed by anyone, twice or
 * late: tokens are not used again, so a live holder cannot be robbed, as it can be where a pid file is
 * read, judged and then removed. A child's token stands beside its parent's: when a preparation is
 * killed with -9 its npm works on, and the next preparation waits for that npm to end.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A compile that finds nothing to do holds the lock for 0.2 s: waiting for that is not worth a line. */
const SILENT_MS = 500;
const POLL_MS = 50;

/** Start time in clock ticks since boot; `0` where the system does not tell; `gone` for the dead. */
function startOf(pid) {
  if (process.platform !== 'linux') return '0';
  try {
    // The second field, the command in parentheses, may hold blanks and parentheses itself.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : fields[19];
  } catch {
    return 'gone';
  }
}

const tokenOf = (pid) => `${pid}.${startOf(pid)}`;

function isAlive(token) {
  const [pid, start] = token.split('.');
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: it lives and is someone else's.
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** Runs `action`; whether it succeeded rather than failed with one of the named system errors. */
function succeeds(action, ...codes) {
  try {
    action();
    return true;
  } catch (error) {
    if (!codes.includes(error.code)) throw error;
    return false;
  }
}

/** Removes what dead processes left in and beside the lock; gives the pid of one that lives, if any does. */
function findHolder(path) {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const token = name.startsWith(prefix) && /^\d+\.\w+$/.exec(name.slice(prefix.length))?.[0];
    if (token && !isAlive(token)) rmSync(join(dirname(path), name), { recursive: true, force: true });
  }
  let tokens = [];
  succeeds(() => {
    tokens = readdirSync(path);
  }, 'ENOENT');
  let holder;
  for (const token of tokens) {
    if (isAlive(token)) holder ??= token.split('.')[0];
    else succeeds(() => unlinkSync(join(path, token)), 'ENOENT');
  }
  return holder;
}

/**
 * Waits until this process alone holds the lock at `path`; calls `onWait(pid)` once when that takes
 * longer than a moment, and gives up, holding nothing, when `isStopped()` turns true.
 *
 * Gives `addChild(pid)`, which makes a child hold the lock too and gives a function that ends that,
 * and `release()`; undefined when it gave up.
 */
export async function takeLock(path, onWait, isStopped) {
  const token = tokenOf(process.pid);
  const prepared = `${path}.${token}`;
  if (!succeeds(() => mkdirSync(prepared), 'EACCES', 'EROFS', 'EPERM')) {
    // A read-only folder can be run when it is ready, and nobody changes it meanwhile.
    return { addChild: () => () => {}, release: () => {} };
  }
  writeFileSync(join(prepared, token), '');
  let told = false;
  for (
    let waitedMs = 0;
    !succeeds(() => renameSync(prepared, path), 'ENOTEMPTY', 'EEXIST');
    waitedMs += POLL_MS
  ) {
    if (isStopped()) {
      rmSync(prepared, { recursive: true, force: true });
      return undefined;
    }
    const holder = findHolder(path);
    if (holder === undefined) continue;
    if (!told && waitedMs >= SILENT_MS) {
      told = true;
      onWait(holder);
    }
    await sleep(POLL_MS);
  }
  return {
    addChild(pid) {
      const file = join(path, tokenOf(pid));
      writeFileSync(file, '');
      return () => rmSync(file, { force: true });
    },
    release() {
      rmSync(join(path, token), { force: true });
      succeeds(() => rmdirSync(path), 'ENOENT', 'ENOTEMPTY', 'EEXIST');
    },
  };
}
