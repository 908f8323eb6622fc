/** Writing a picture where the command line says: whole or not at all. */
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { errorCode, HostFault } from '../shared/faults.ts';
import { typedPath } from './npm.ts';
import { badInput, wrongUsage } from './refusal.ts';

/**
 * Refuses, before any work is done, an output that cannot be meant: a terminal, a folder, the input, a
 * file in no folder.
 *
 * @throws {Refusal}
 */
export function requireOutput(path: string, input: string): void {
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
  if (factOf(folder)?.isDirectory() !== true)
    throw badInput(`Expected a folder for ${path}, found no folder ${folder}`);
  const fact = factOf(full);
  if (fact?.isDirectory()) throw wrongUsage(`Expected -o to name a file, found the folder ${path}`);
  const program = input === '-' ? undefined : factOf(typedPath(input));
  if (fact?.isFile() && program?.ino === fact.ino && program.dev === fact.dev) {
    throw wrongUsage(`Expected -o to name another file than the program, found ${path}`);
  }
}

/**
 * Writes `bytes`; `-` is standard output. A regular file appears by rename, through a symlink if there
 * is one; anything else (a FIFO, a device) is written to.
 *
 * @throws {HostFault}
 */
export function writeOutput(path: string, bytes: Uint8Array): void {
  if (path === '-') {
    process.stdout.write(bytes);
    return;
  }
  const full = typedPath(path);
  let wet: string | undefined;
  try {
    const fact = factOf(full);
    if (fact !== undefined && !fact.isFile()) {
      writeFileSync(full, bytes);
      return;
    }
    const target = fact === undefined ? full : realpathSync(full);
    wet = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.wet`);
    writeFileSync(wet, bytes, { flag: 'wx', mode: fact === undefined ? 0o666 : fact.mode & 0o777 });
    renameSync(wet, target);
  } catch (error) {
    if (wet !== undefined && errorCode(error) !== 'EEXIST') rmSync(wet, { force: true });
    // Node's message goes on with the call and its file, under a name that nobody has typed.
    const [reason] = (error as Error).message.split(', ');
    throw new HostFault('write', path, `Could not write ${path}: ${reason}`, {
      retryable: true,
      cause: error,
    });
  }
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
