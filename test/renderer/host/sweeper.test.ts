/** The sweeper of a socket's rooms, with a clock in the test's hands. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRooms } from '../../../renderer/host/socket-dir.ts';
import { Sweeper } from '../../../renderer/host/sweeper.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('the sweeper', () => {
  /** Sweeps at these moments of the observer's clock, and says what was gone by each. */
  function scene() {
    const socket = temporaryFolder();
    makeRooms(diskFiles, socket);
    let now = 0;
    const sweeper = new Sweeper(diskFiles, socket, () => now);
    return {
      socket,
      put: (path: string) => writeFileSync(join(socket, path), 'x'),
      sweepAt(ms: number): number {
        now = ms;
        return sweeper.sweep();
      },
      has: (path: string) => existsSync(join(socket, path)),
    };
  }

  it('removes a half-written command when it has lain for 60 s, not before', () => {
    const { put, sweepAt, has } = scene();
    put('tmp/a.json');
    expect(sweepAt(1_000)).toBe(0);
    expect(sweepAt(60_999)).toBe(0);
    expect(has('tmp/a.json')).toBe(true);
    expect(sweepAt(61_000)).toBe(1);
    expect(has('tmp/a.json')).toBe(false);
  });

  it('removes an answer that nobody fetched when it has lain for 10 min, not before', () => {
    const { put, sweepAt, has } = scene();
    put('outbox/a.raw');
    put('outbox/a.json');
    sweepAt(0);
    expect(sweepAt(599_999)).toBe(0);
    expect(sweepAt(600_000)).toBe(2);
    expect(has('outbox/a.raw') || has('outbox/a.json')).toBe(false);
  });

  it('counts from when it first saw a file, and anew for a new file of the same name', () => {
    const { socket, put, sweepAt, has } = scene();
    put('tmp/a.json');
    sweepAt(0);
    // Held by another name, so that the new file cannot get the old one's inode.
    diskFiles.rename(join(socket, 'tmp/a.json'), join(socket, 'kept'));
    put('tmp/a.json');
    expect(sweepAt(60_000)).toBe(0);
    expect(sweepAt(119_999)).toBe(0);
    expect(has('tmp/a.json')).toBe(true);
    expect(sweepAt(120_000)).toBe(1);
  });

  it('sweeps FIFOs and symlinks too, and leaves folders and every other room', () => {
    const { socket, put, sweepAt, has } = scene();
    execFileSync('mkfifo', [join(socket, 'tmp', 'fifo')]);
    execFileSync('ln', ['-s', '/', join(socket, 'tmp', 'link')]);
    mkdirSync(join(socket, 'tmp', 'folder'));
    for (const path of ['inbox/a.json', 'poison/a', 'renderer/own.json', 'cmd.json']) put(path);
    sweepAt(0);
    expect(sweepAt(1e9)).toBe(2);
    for (const path of ['tmp/folder', 'inbox/a.json', 'poison/a', 'renderer/own.json', 'cmd.json']) {
      expect(has(path), path).toBe(true);
    }
  });
});
