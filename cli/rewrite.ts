/** Rewriting a program's file for its author: the same file to whoever else knows it, and no save of theirs lost. */
import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../shared/faults.ts';
import { whileHeld } from './hold.ts';
import { typedPath } from './npm.ts';
import { cannotWrite, replaceFile } from './output.ts';
import { badInput, Refusal } from './refusal.ts';

/**
 * Refuses, before it is read, what is no file and cannot be rewritten: a FIFO would be waited for.
 *
 * @throws {Refusal}
 */
export function requireFile(path: string): void {
  const full = typedPath(path);
  let fact: Stats;
  try {
    fact = statSync(full);
  } catch {
    // Reading it says why.
    return;
  }
  if (fact.isFile()) return;
  throw badInput(
    `Expected a file to rewrite at ${full}, found ${fact.isDirectory() ? 'a folder' : 'a pipe or a device'}`,
  );
}

/**
 * Writes `bytes` where `was` was read, through a symlink if there is one. Owner and permissions stay. The file is
 * replaced whole by rename; one with other names, or whose owner or folder does not allow that, is written in place.
 *
 * @throws {Refusal} where it may not be written, or no longer holds `was`; then nothing has changed
 * @throws {HostFault} where the system fails; then nothing has changed either
 */
export function rewrite(path: string, was: Uint8Array, bytes: Uint8Array): void {
  let descriptor: number | undefined;
  try {
    const target = realpathSync(typedPath(path));
    // Asks the system whether it may be written, which a rename would not.
    descriptor = openSync(target, 'r+');
    const fact = fstatSync(descriptor);
    // To root the system allows it all the same.
    if ((fact.mode & 0o222) === 0) throw closed(path, PRINTED);
    const requireSame = (): void => {
      if (!Buffer.from(was).equals(readFileSync(target))) throw changed(path);
    };
    if (fact.nlink === 1 && replaced(target, fact, bytes, requireSame)) return;
    requireSame();
    writeInPlace(descriptor, was, bytes);
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof Refusal) throw error;
    if (descriptor === undefined && code !== undefined && CLOSED.has(code)) throw closed(path, PRINTED);
    throw code === 'ENOENT' ? changed(path) : cannotWrite(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const CLOSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * As `rewrite`, but always by rename: other names of the file, such as one in a store of what it held, keep `was`.
 *
 * @throws as `rewrite` does, and a Refusal where its folder takes no new file or its owner cannot be kept
 */
export function replaceRead(path: string, was: Uint8Array, bytes: Uint8Array): void {
  try {
    const target = realpathSync(typedPath(path));
    const fact = statSync(target);
    // To root the system allows it all the same.
    if ((fact.mode & 0o222) === 0) throw closed(path);
    accessSync(target, constants.W_OK);
    const requireSame = (): void => {
      if (!Buffer.from(was).equals(readFileSync(target))) throw changed(path);
    };
    if (!whileHeld(target, () => replaced(target, fact, bytes, requireSame))) throw closed(path);
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof Refusal) throw error;
    if (code !== undefined && CLOSED.has(code)) throw closed(path);
    throw code === 'ENOENT' ? changed(path) : cannotWrite(path, error);
  }
}

/** False where its owner cannot be kept, or its folder takes no new file. */
function replaced(target: string, { uid, gid, mode }: Stats, bytes: Uint8Array, ready: () => void): boolean {
  try {
    replaceFile(target, bytes, 0o600, (wet) => {
      const own = statSync(wet);
      if (own.uid !== uid || own.gid !== gid) chownSync(wet, uid, gid);
      chmodSync(wet, mode & 0o7777);
      ready();
    });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') return false;
    throw error;
  }
}

function writeInPlace(descriptor: number, was: Uint8Array, bytes: Uint8Array): void {
  try {
    // What needs more room goes first: a full disk refuses it while the rest is as it was.
    writeAt(descriptor, bytes.subarray(was.length), was.length);
    writeAt(descriptor, bytes.subarray(0, was.length), 0);
    ftruncateSync(descriptor, bytes.length);
  } catch (error) {
    ftruncateSync(descriptor, was.length);
    writeAt(descriptor, was, 0);
    throw error;
  }
}

function writeAt(descriptor: number, bytes: Uint8Array, place: number): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at, place + at);
}

/** What else a formatter does with a program. */
const PRINTED = 'without --write the canonical text is printed';

function closed(path: string, hint?: string): Refusal {
  return badInput(`Expected a file that may be written, found ${path}, which may only be read`, hint);
}

function changed(path: string): Refusal {
  return badInput(
    `Expected ${path} as it was read, found it changed meanwhile; nothing was written`,
    'run it again',
  );
}
