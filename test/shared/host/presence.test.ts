import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../../shared/host/files.ts';
import { Presence } from '../../../shared/host/presence.ts';
import type { Announcement } from '../../../shared/protocol/announcement.ts';
import { ownerFile } from '../../support/owner-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function scene() {
  const socket = temporaryFolder();
  mkdirSync(join(socket, 'renderer'));
  let now = 0;
  const presence = new Presence(diskFiles, socket, () => now);
  return {
    folder: join(socket, 'renderer'),
    announce(fields: Partial<Announcement> = {}) {
      const renderer = fields.renderer ?? 'r';
      writeFileSync(join(socket, 'renderer', `${renderer}.json`), ownerFile(renderer, fields));
    },
    isDead: (name: string) => presence.isDead(name),
    pass(ms: number) {
      now += ms;
    },
    alive: () => presence.alive().map((one) => one.renderer),
  };
}

describe('presence', () => {
  it('is nobody where nobody announced, or where there is no socket', () => {
    expect(scene().alive()).toEqual([]);
    expect(new Presence(diskFiles, '/nowhere', () => 0).alive()).toEqual([]);
  });

  it('is decided by the process where processes can be compared, however old the heartbeat', () => {
    const { announce, alive, pass } = scene();
    announce();
    announce({ renderer: 'dead', start_time: 1 });
    expect(alive()).toEqual(['r']);
    pass(60_000);
    expect(alive()).toEqual(['r']);
  });

  it('is decided by the heartbeat otherwise: silent for 10 s of the observer’s clock is dead', () => {
    const { announce, alive, pass } = scene();
    announce({ boot_id: 'another', heartbeat: 5 });
    expect(alive()).toEqual(['r']);
    pass(9_999);
    expect(alive()).toEqual(['r']);
    pass(1);
    expect(alive()).toEqual([]);
    announce({ boot_id: 'another', heartbeat: 6 });
    expect(alive()).toEqual(['r']);
    pass(9_999);
    expect(alive()).toEqual(['r']);
  });

  it('knows two foreign renderers apart', () => {
    const { announce, alive, pass } = scene();
    announce({ renderer: 'a', boot_id: 'another' });
    announce({ renderer: 'b', boot_id: 'another' });
    expect(alive().sort()).toEqual(['a', 'b']);
    pass(6_000);
    announce({ renderer: 'b', boot_id: 'another', heartbeat: 1 });
    alive();
    pass(6_000);
    expect(alive()).toEqual(['b']);
  });

  it('passes over whatever else lies among the announcements', () => {
    const { folder, announce, alive } = scene();
    writeFileSync(join(folder, 'half.json'), '{"renderer":');
    writeFileSync(join(folder, '.r.wet'), '{}');
    mkdirSync(join(folder, 'folder.json'));
    symlinkSync('r.json', join(folder, 'link.json'));
    execFileSync('mkfifo', [join(folder, 'fifo.json')]);
    announce();
    expect(alive()).toEqual(['r']);
  });
});

describe('the death of one of them', () => {
  const FOREIGN = { boot_id: 'another' };

  it('is certain where nothing speaks for it, and where its process is gone', () => {
    const { announce, isDead } = scene();
    expect(isDead('r.json')).toBe(true);
    announce();
    expect(isDead('r.json')).toBe(false);
    announce({ start_time: 1 });
    expect(isDead('r.json')).toBe(true);
  });

  it('is not told by an observer who did not look: one that was stopped for 10 s counts anew', () => {
    const { announce, isDead, pass } = scene();
    announce(FOREIGN);
    expect(isDead('r.json')).toBe(false);
    pass(10_000);
    expect(isDead('r.json')).toBe(false);
    pass(9_999);
    expect(isDead('r.json')).toBe(false);
    pass(1);
    expect(isDead('r.json')).toBe(true);
  });

  it('is not told by a heartbeat that jumps back: any change is a sign of life', () => {
    const { announce, isDead, pass } = scene();
    announce({ ...FOREIGN, heartbeat: 9 });
    isDead('r.json');
    pass(9_000);
    announce({ ...FOREIGN, heartbeat: 3 });
    expect(isDead('r.json')).toBe(false);
    pass(9_000);
    expect(isDead('r.json')).toBe(false);
  });

  /** What may lie in the place of an owner file. */
  const SPOILERS: readonly (readonly [string, (path: string) => void])[] = [
    ['is half-written', (path) => truncateSync(path, 20)],
    ['is empty', (path) => truncateSync(path, 0)],
    ['is huge', (path) => truncateSync(path, 2 ** 33)],
    ['is of another name', (path) => writeFileSync(path, ownerFile('other', { start_time: 1 }))],
    ['is a symlink', (path) => replace(path, () => symlinkSync('/dev/zero', path))],
    ['is a symlink to nowhere', (path) => replace(path, () => symlinkSync('/nowhere', path))],
    ['is a FIFO', (path) => replace(path, () => execFileSync('mkfifo', [path]))],
    ['is a folder', (path) => replace(path, () => mkdirSync(path))],
  ];

  it.each(SPOILERS)('is not told by a file that %s: what was known of it counts', (_, spoil) => {
    const { folder, announce, alive, isDead, pass } = scene();
    const path = join(folder, 'r.json');
    announce();
    expect(isDead('r.json')).toBe(false);
    spoil(path);
    pass(60_000);
    // Its process is there, whatever became of the file.
    expect([isDead('r.json'), alive()]).toEqual([false, ['r']]);
    rmSync(path, { recursive: true });
    expect(isDead('r.json')).toBe(true);
  });

  it.each(SPOILERS)('is told after 10 s of a foreign one whose file %s', (_, spoil) => {
    const { folder, announce, isDead, pass } = scene();
    const path = join(folder, 'r.json');
    announce(FOREIGN);
    isDead('r.json');
    pass(5_000);
    spoil(path);
    expect(isDead('r.json')).toBe(false);
    pass(4_999);
    expect(isDead('r.json')).toBe(false);
    pass(1);
    expect(isDead('r.json')).toBe(true);
  });

  it('is told after 10 s of what never was an announcement', () => {
    const { folder, isDead, pass } = scene();
    writeFileSync(join(folder, 'r.json'), '{}');
    expect(isDead('r.json')).toBe(false);
    pass(9_999);
    expect(isDead('r.json')).toBe(false);
    pass(1);
    expect(isDead('r.json')).toBe(true);
  });

  it('is not told by a folder that cannot be read just now', () => {
    const { folder, announce, isDead, alive } = scene();
    announce();
    isDead('r.json');
    renameSync(folder, `${folder}-away`);
    writeFileSync(folder, '');
    expect(() => isDead('r.json')).toThrow('ENOTDIR');
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
    expect([isDead('r.json'), alive()]).toEqual([false, ['r']]);
  });
});

function replace(path: string, make: () => void): void {
  rmSync(path);
  make();
}
