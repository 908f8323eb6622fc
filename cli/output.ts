/** Writing a picture where the command line says: whole or not at all. */
import { randomBytes } from 'node:crypto';
import {
  lstatSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { errorCode, HostFault } from '../shared/faults.ts';
import { typedPath } from './npm.ts';
import { badInput, Refusal, wrongUsage } from './refusal.ts';

/**
 * Refuses, before any work is done, an output that cannot be meant: a terminal, a folder, the input, a
 * file in no folder.
 *
 * @param what messages call the input
 * @throws {Refusal}
 * @throws {HostFault} where the system cannot even say what lies there
 */
export function requireOutput(path: string, input: string, what = 'the program'): void {
  if (path === '-') {
    if (isatty(1))
      throw wrongUsage(
        'Expected a file or a pipe as standard output, found a terminal',
        '-o OUT names a file',
      );
    return;
  }
  const full = typedPath(path);
  const folder = dirname(full);
  let fact: Stats | undefined;
  try {
    if (factOf(folder)?.isDirectory() !== true)
      throw badInput(`Expected a folder for ${path}, found no folder ${folder}`);
    fact = factOf(full);
  } catch (error) {
    throw error instanceof Refusal ? error : cannotWrite(path, error);
  }
  if (fact?.isDirectory()) throw wrongUsage(`Expected -o to name a file, found the folder ${path}`);
  if (fact?.isFile() && input !== '-' && isThat(fact, typedPath(input))) {
    throw wrongUsage(`Expected -o to name another file than ${what}, found ${path}`);
  }
}

/** Whether a path leads to that file; what leads nowhere is refused when it is read. */
function isThat({ ino, dev }: Stats, path: string): boolean {
  try {
    const other = statSync(path);
    return other.ino === ino && other.dev === dev;
  } catch {
    return false;
  }
}

/**
 * Writes `bytes`; `-` is standard output. A regular file appears by rename, through a symlink if there
 * is one, also one that leads to nothing yet; anything else (a FIFO, a device) is written to.
 *
 * @throws {HostFault}
 */
export function writeOutput(path: string, bytes: Uint8Array): void {
  if (path === '-') {
    process.stdout.write(bytes);
    return;
  }
  const full = typedPath(path);
  try {
    const fact = factOf(full);
    if (fact !== undefined && !fact.isFile()) writeFileSync(full, bytes);
    else if (fact === undefined) replaceFile(endOf(full), bytes, 0o666);
    else replaceFile(realpathSync(full), bytes, fact.mode & 0o777);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The path at which nothing lies, to which perhaps a symlink leads. */
function endOf(path: string): string {
  let end = path;
  // Never for ever: symlinks that lead in a circle were no nothing.
  while (lstatSync(end, { throwIfNoEntry: false })?.isSymbolicLink()) {
    end = resolve(realpathSync(dirname(end)), readlinkSync(end));
  }
  return end;
}

/**
 * Puts a file of these bytes where `target` lies, by rename: whoever looks sees the old file or the new one.
 *
 * @param target no symlink; need not be there
 * @param mode permission bits of the new file, before umask
 * @param ready is called when only the rename is left
 * @throws the system's error, or that of `ready`; then nothing has changed
 */
export function replaceFile(
  target: string,
  bytes: Uint8Array,
  mode: number,
  ready = (_wet: string) => {},
): void {
  const wet = join(dirname(target), wetName(basename(target)));
  try {
    writeFileSync(wet, bytes, { flag: 'wx', mode });
    ready(wet);
    renameSync(wet, target);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') removeIfThere(wet);
    throw error;
  }
}

/** Bytes of a name that stand in that of its wet file, which may have 255 in all. */
const KEPT_BYTES = 200;

/**
 * What a file is called until it is whole. A character that is cut through becomes a replacement character. In containers
 * every process may have the same number, and one that was killed leaves its file for the next.
 */
function wetName(name: string): string {
  return `.${Buffer.from(name).subarray(0, KEPT_BYTES)}.${process.pid}-${randomBytes(4).toString('hex')}.wet`;
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is said why the file could not be written; that its beginning stays says nothing more.
  }
}

/** @param path as it was typed */
export function cannotWrite(path: string, error: unknown): HostFault {
  // Node's message goes on with the call and its file, under a name that nobody has typed.
  const [reason] = (error as Error).message.split(', ');
  return new HostFault('write', path, `Could not write ${path}: ${reason}`, {
    retryable: true,
    cause: error,
  });
}

/** Undefined when there is nothing. */
function factOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
