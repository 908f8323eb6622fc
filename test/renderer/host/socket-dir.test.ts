import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRooms, prepareSocket } from '../../../renderer/host/socket-dir.ts';
import { HostFault } from '../../../shared/faults.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { ROOMS } from '../../../shared/protocol/spool.ts';
import { faultOf } from '../../support/fault-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const UID = process.getuid?.();
const SOMEBODY = 12_345;

/** Why the socket is refused; undefined when it is accepted. */
function refusal(path: string, uid = UID): string | undefined {
  try {
    prepareSocket(diskFiles, path, uid);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(HostFault);
    expect((error as HostFault).retryable).toBe(false);
    expect((error as HostFault).hint).toBeDefined();
    return (error as HostFault).message;
  }
}

describe('preparing a socket', () => {
  it('makes it, its rooms and missing parents, closed to others', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'socket');
    expect(refusal(path)).toBeUndefined();
    for (const folder of [path, ...ROOMS.map((room) => join(path, room)), join(path, '..')]) {
      expect(statSync(folder).mode & 0o777, folder).toBe(0o700);
    }
  });

  it('accepts one that is there, and leaves what lies in it', () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'inbox'));
    writeFileSync(join(path, 'inbox', 'a.json'), 'x');
    expect(refusal(path)).toBeUndefined();
    expect(refusal(`${path}/`)).toBeUndefined();
    expect(existsSync(join(path, 'inbox', 'a.json'))).toBe(true);
  });

  it('refuses a symlink, even to a good folder', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'good'), 0o700);
    symlinkSync('good', join(folder, 'link'));
    expect(refusal(join(folder, 'good'))).toBeUndefined();
    expect(refusal(join(folder, 'link'))).toMatch(/expected a directory, found a symlink$/);
    expect(refusal(`${join(folder, 'link')}/`)).toMatch(/found a symlink$/);
  });

  it('refuses a file and a FIFO', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect(refusal(join(folder, 'file'))).toMatch(/found a file$/);
    expect(refusal(join(folder, 'fifo'))).toMatch(/found something else$/);
  });

  it.each([0o701, 0o710, 0o720, 0o750, 0o777, 0o1777])(
    'refuses mode %o, and says how to close it',
    (mode) => {
      const path = temporaryFolder();
      chmodSync(path, mode);
      expect(refusal(path)).toContain(`it is open to others (mode ${mode.toString(8)})`);
      expect(refusal(path)).toContain(`chmod 700 ${path}`);
      chmodSync(path, 0o700);
      expect(refusal(path)).toBeUndefined();
    },
  );

  it('refuses to serve a folder that is not its own', () => {
    expect(refusal(temporaryFolder(), SOMEBODY)).toContain(
      `it belongs to user ${UID}, not to us (user ${SOMEBODY})`,
    );
  });

  it.runIf(UID === 0)('refuses a folder that belongs to another user', () => {
    const path = temporaryFolder();
    chownSync(path, SOMEBODY, SOMEBODY);
    expect(refusal(path)).toContain(`it belongs to user ${SOMEBODY}, not to us (user 0)`);
  });

  it.runIf(UID === 0)('refuses a parent of another user, a folder or a symlink', () => {
    const folder = temporaryFolder();
    const parent = join(folder, 'parent');
    mkdirSync(parent, 0o700);
    symlinkSync('parent', join(folder, 'link'));
    expect(refusal(join(parent, 'socket'))).toBeUndefined();
    expect(refusal(join(folder, 'link', 'socket'))).toBeUndefined();
    execFileSync('chown', ['-h', `${SOMEBODY}`, join(folder, 'link')]);
    expect(refusal(join(folder, 'link', 'socket'))).toContain(`its parent belongs to user ${SOMEBODY}`);
    chownSync(parent, SOMEBODY, SOMEBODY);
    expect(refusal(join(parent, 'socket'))).toContain(`its parent belongs to user ${SOMEBODY}`);
  });

  it('refuses a parent in which others may rename it, unless it is sticky', () => {
    const parent = temporaryFolder();
    const path = join(parent, 'socket');
    for (const mode of [0o777, 0o770, 0o722, 0o702]) {
      chmodSync(parent, mode);
      expect(refusal(path), mode.toString(8)).toContain('lets others rename it');
    }
    for (const mode of [0o1777, 0o755, 0o700]) {
      chmodSync(parent, mode);
      expect(refusal(path), mode.toString(8)).toBeUndefined();
    }
  });

  it('asks nothing of users where the system has none', () => {
    const path = temporaryFolder();
    chmodSync(path, 0o777);
    expect(() => prepareSocket(diskFiles, path, undefined)).not.toThrow();
  });
});

describe('the rooms of a socket', () => {
  it('are made again when a cleaner removed them', () => {
    const path = temporaryFolder();
    makeRooms(diskFiles, path);
    expect(diskFiles.removeFolder(join(path, 'outbox'))).toBe(true);
    makeRooms(diskFiles, path);
    expect(diskFiles.list(path).sort()).toEqual([...ROOMS].sort());
  });

  it.each(ROOMS)('are refused when something else lies at %s', (room) => {
    const path = temporaryFolder();
    symlinkSync('/', join(path, room));
    const fault = faultOf(() => makeRooms(diskFiles, path));
    expect(fault).toBeInstanceOf(HostFault);
    expect(fault.message).toBe(`Expected a directory at ${join(path, room)}, found a symlink`);
  });
});
