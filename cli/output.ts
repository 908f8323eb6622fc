/** Writing a picture where the command line says: whole or not at all. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isatty } from 'node:tty';
import { errorCode, HostFault } from '../shared/faults.ts';
import { wrongUsage } from './refusal.ts';

/**
 * Refuses, before any work is done, an output that cannot be meant: a terminal, a folder, the input.
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
  const fact = statSync(path, { throwIfNoEntry: false });
  if (fact?.isDirectory()) throw wrongUsage(`Expected -o to name a file, found the folder ${path}`);
  const program = input === '-' ? undefined : statSync(input, { throwIfNoEntry: false });
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
  let wet: string | undefined;
  try {
    const fact = statSync(path, { throwIfNoEntry: false });
    if (fact !== undefined && !fact.isFile()) {
      writeFileSync(path, bytes);
      return;
    }
    const target = fact === undefined ? resolve(path) : realpathSync(path);
    wet = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.wet`);
    writeFileSync(wet, bytes, { flag: 'wx', mode: fact === undefined ? 0o666 : fact.mode & 0o777 });
    renameSync(wet, target);
  } catch (error) {
    if (wet !== undefined && errorCode(error) !== 'EEXIST') rmSync(wet, { force: true });
    throw new HostFault('write', path, `Could not write ${path}: ${(error as Error).message}`, {
      retryable: true,
      cause: error,
    });
  }
}
