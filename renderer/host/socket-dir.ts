/** The socket's directory: made private, and refused where somebody else could reach into it. */
import { dirname, join, resolve } from 'node:path';
import { HostFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { ROOMS } from '../../shared/protocol/spool.ts';

const STICKY = 0o1000;
const GROUP_OR_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

const KIND = {
  file: 'a file',
  folder: 'a directory',
  symlink: 'a symlink',
  other: 'something else',
} as const;

/**
 * Creates the socket and its rooms, 0700.
 *
 * @param uid the user that serves, or undefined where the system has no users
 * @throws {HostFault} not retryable, with the way out, when the path cannot be trusted
 */
export function prepareSocket(files: Files, socketDir: string, uid: number | undefined): void {
  const path = resolve(socketDir);
  const refuse = (what: string): never => {
    throw new HostFault('serve', path, `Cannot serve ${path}: ${what}`, {
      retryable: false,
      hint: 'Choose another path with --socket or GVPIE_SOCKET_DIR, such as "$XDG_RUNTIME_DIR/gvpie".',
    });
  };

  const before = files.fact(path);
  if (before !== undefined && before.kind !== 'folder') {
    refuse(`expected a directory, found ${KIND[before.kind]}`);
  }
  if (before === undefined) files.makeFolder(path);
  if (uid !== undefined) {
    const own = files.fact(path) ?? refuse('it was removed while it was made');
    if (own.kind !== 'folder') refuse('it was replaced while it was made');
    if (own.uid !== uid) refuse(`it belongs to user ${own.uid}, not to us (user ${uid})`);
    if ((own.mode & GROUP_OR_OTHERS) !== 0) {
      refuse(`it is open to others (mode ${octal(own.mode)}); 'chmod 700 ${path}' closes it`);
    }
    const parent = files.fact(dirname(path));
    if (parent !== undefined) {
      if (parent.uid !== uid && parent.uid !== 0) {
        refuse(`its parent belongs to user ${parent.uid}, who could replace it`);
      }
      // A symlink's own mode says nothing.
      if (
        parent.kind === 'folder' &&
        (parent.mode & WRITABLE_BY_OTHERS) !== 0 &&
        (parent.mode & STICKY) === 0
      ) {
        refuse(`its parent (mode ${octal(parent.mode)}) lets others rename it`);
      }
    }
  }
  makeRooms(files, path);
}

/** Makes the rooms that are not there, such as those that a cleaner of /tmp removed. */
export function makeRooms(files: Files, socketDir: string): void {
  for (const room of ROOMS) {
    const path = join(socketDir, room);
    const fact = files.fact(path);
    if (fact === undefined) files.makeFolder(path);
    else if (fact.kind !== 'folder') {
      throw new HostFault('serve', path, `Expected a directory at ${path}, found ${KIND[fact.kind]}`, {
        retryable: false,
        hint: 'Move it away.',
      });
    }
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, '0');
}
