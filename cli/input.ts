/** Reading what the command line names: programs from files, pipes and terminals; cartridges from files. */
import { createReadStream, realpathSync } from 'node:fs';
import { isatty } from 'node:tty';
import { visible } from '../renderer/language/caret.ts';
import { errorCode, HostFault, PeerFault } from '../shared/faults.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LIMITS } from '../shared/limits.ts';
import { typedPath } from './npm.ts';
import { complain } from './print.ts';
import { badInput } from './refusal.ts';

/** How long nothing may come before it is said what is awaited, ms. */
const SILENCE_MS = 1_000;

/** What every PNG begins with; no program does, as it is not UTF-8. */
const PNG_BEGINS = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What messages call a program: its file, or `stdin`. */
export function programName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/**
 * The bytes of a program; `-` is standard input. Reading stops one byte over the limit on sources, so
 * that an endless file is refused, not read.
 *
 * @throws {Refusal} when there is no such file, or it is a PNG
 */
export async function readProgram(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const terminal = path === '-' && isatty(0);
  if (terminal) complain('reading the program from the terminal; end with Ctrl-D');
  const from = path === '-' ? 'standard input' : path;
  const silence = setTimeout(() => {
    if (!terminal) complain(`waiting for the program from ${visible(from)}; Ctrl-C gives up`);
  }, SILENCE_MS);
  try {
    const stream = path === '-' ? process.stdin : createReadStream(typedPath(path));
    for await (const chunk of stream) {
      clearTimeout(silence);
      chunks.push(chunk);
      length += chunk.length;
      if (length > LIMITS.sourceBytes) break;
    }
  } catch (error) {
    throw unreadable(`a program at ${path === '-' ? from : typedPath(path)}`, error);
  } finally {
    clearTimeout(silence);
  }
  const program = Buffer.concat(chunks).subarray(0, LIMITS.sourceBytes + 1);
  if (program.subarray(0, PNG_BEGINS.length).equals(PNG_BEGINS)) {
    const file = path === '-' ? 'FILE' : path;
    throw badInput(
      `Expected a program at ${from}, found a PNG`,
      `of a cartridge, gvpie inspect ${file} --program prints the program, and gvpie verify ${file} draws it again`,
    );
  }
  return program;
}

/**
 * The bytes of a cartridge's file.
 *
 * @throws {Refusal} when it is not there, not a regular file, or over the limit
 */
export function readCartridge(path: string): Uint8Array {
  return readFileOf(typedPath(path), 'a cartridge', LIMITS.cartridgeBytes);
}

/**
 * The bytes of a regular file, through a symlink if there is one.
 *
 * @param full absolute
 * @param what messages call it, with its article
 * @throws {Refusal} when it is not there, not a regular file, or over the limit
 */
export function readFileOf(full: string, what: string, maxBytes: number): Uint8Array {
  try {
    const bytes = diskFiles.read(realpathSync(full), maxBytes);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    if (error instanceof PeerFault) throw badInput(error.message);
    throw unreadable(`${what} at ${full}`, error);
  }
  throw badInput(`Expected ${what} at ${full}, found no file`);
}

/**
 * Where a path leads, through symlinks.
 *
 * @param full absolute
 * @param what as for `readFileOf`
 * @throws {Refusal} when nothing is there
 */
export function realPathOf(full: string, what: string): string {
  try {
    return realpathSync(full);
  } catch (error) {
    throw unreadable(`${what} at ${full}`, error);
  }
}

/** What the system found at a path, by its code for that. */
const FOUND: Readonly<Record<string, string>> = {
  ENOENT: 'no file',
  ENOTDIR: 'no file',
  EISDIR: 'a folder',
  EACCES: 'a file that may not be read',
  EPERM: 'a file that may not be read',
  ELOOP: 'a symlink that leads to itself',
  ENAMETOOLONG: 'a name that is too long',
  ENXIO: 'a socket or a device that cannot be read',
};

/** Why `expected` cannot be read: a refusal where the system found something else there, otherwise a fault of the world. */
function unreadable(expected: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const found = FOUND[code];
  if (found !== undefined) return badInput(`Expected ${expected}, found ${found}`);
  const message = `Could not read ${expected}: ${(error as Error).message}`;
  return new HostFault('read', expected, message, { retryable: true, cause: error });
}
