import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles } from '../../../shared/host/files.ts';
import { Presence } from '../../../shared/host/presence.ts';
import { ownIdentity } from '../../../shared/host/process-identity.ts';
import type { Announcement } from '../../../shared/protocol/announcement.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function scene() {
  const socket = temporaryFolder();
  mkdirSync(join(socket, 'renderer'));
  let now = 0;
  const presence = new Presence(diskFiles, socket, () => now);
  return {
    folder: join(socket, 'renderer'),
    announce(fields: Partial<Announcement> = {}) {
      const announcement = {
        ...ownIdentity(),
        renderer: 'r',
        version: '0.1.0',
        backend: 'cpu',
        adapter: 'a',
        reason: '',
        started_at: '2026-01-01T00:00:00.000Z',
        heartbeat: 0,
        ...fields,
      };
      writeFileSync(join(socket, 'renderer', `${announcement.renderer}.json`), JSON.stringify(announcement));
    },
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
