/** The slot's files, with a clock moved by hand: who takes, who publishes, and whose deletion is undone. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SeedSlot } from '../../../renderer/host/slot.ts';
import { makeRooms } from '../../../renderer/host/socket-dir.ts';
import { diskFiles, LONG_BYTES } from '../../../shared/host/files.ts';
import { refusedReply } from '../../../shared/protocol/reply.ts';
import { namesIn } from '../../support/renderer-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const REPLY = refusedReply([{ code: 'X', message: 'x' }]);
const PIXELS = Buffer.from('pixels');

function scene() {
  const socket = temporaryFolder();
  makeRooms(diskFiles, socket);
  diskFiles.makeFolder(join(socket, 'work', 'own'));
  let now = 0;
  const slot = new SeedSlot(diskFiles, socket, 'own', () => now);
  onTestFinished(() => slot.close());
  return {
    slot,
    socket,
    out: join(socket, 'out.raw'),
    files: () => namesIn(socket).filter((name) => name.includes('.')),
    own: () => namesIn(socket, 'work', 'own'),
    pass(ms: number) {
      now += ms;
    },
  };
}

describe('the slot', () => {
  it('takes a command once, and clears the old answer away', () => {
    const { slot, socket, files, own } = scene();
    expect(slot.take()).toBe(false);
    for (const name of ['cmd.json', 'out.raw', 'out.json']) writeFileSync(join(socket, name), name);
    expect(slot.waits()).toBe(true);
    expect(slot.take()).toBe(true);
    expect([files(), own()]).toEqual([[], ['slot.json']]);
    expect(Buffer.from(slot.read()!).toString()).toBe('cmd.json');
    expect([slot.waits(), slot.take()]).toEqual([false, false]);
    slot.done();
    expect(own()).toEqual([]);
    expect(slot.read()).toBeUndefined();
  });

  it('leaves an old answer alone while no command is there', () => {
    const { slot, socket, files } = scene();
    writeFileSync(join(socket, 'out.raw'), 'old');
    slot.take();
    expect(files()).toEqual(['out.raw']);
  });

  it('publishes many pixels that were written beforehand, and others in their place', async () => {
    const { slot, out, own } = scene();
    const many = Buffer.alloc(LONG_BYTES, 'many');
    await slot.prepare(PIXELS);
    expect(own()).toEqual([]);
    await slot.prepare(many);
    expect(own()).toEqual(['slot.out']);
    slot.publish(REPLY, many);
    expect(readFileSync(out).equals(many)).toBe(true);
    await slot.prepare(many);
    slot.publish(REPLY, PIXELS);
    expect([readFileSync(out).equals(PIXELS), own()]).toEqual([true, []]);
  });

  it('leaves nothing behind of pixels that were written for nobody', async () => {
    const { slot, own } = scene();
    await slot.prepare(Buffer.alloc(LONG_BYTES));
    expect(own()).toEqual(['slot.out']);
    slot.close();
    expect(own()).toEqual([]);
  });

  it('lets go of pixels that nobody has read in time', () => {
    const { slot, pass } = scene();
    let isLetGo = false;
    slot.publish(REPLY, PIXELS, () => {
      isLetGo = true;
    });
    pass(2_000);
    expect([slot.republishIfLost(), isLetGo]).toEqual([false, false]);
    pass(1);
    expect([slot.republishIfLost(), isLetGo]).toEqual([false, true]);
  });

  it('publishes by rename, privately, and withdraws', () => {
    const { slot, out, files, own } = scene();
    slot.publish(REPLY, PIXELS);
    expect([files(), own()]).toEqual([['out.json', 'out.raw'], []]);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    slot.withdrawAnswer();
    expect(files()).toEqual([]);
    expect(slot.republishIfLost()).toBe(false);
    slot.publish(REPLY, undefined);
    expect(files()).toEqual(['out.json']);
  });

  it('says when the pixels are not needed any more: when their answer cannot be lost any more, and once', () => {
    const { slot, out, pass } = scene();
    const done: string[] = [];
    const publish = (name: string) => slot.publish(REPLY, PIXELS, () => done.push(name));
    publish('withdrawn');
    expect(done).toEqual([]);
    slot.withdrawAnswer();
    expect(done).toEqual(['withdrawn']);
    publish('lost');
    rmSync(out);
    expect([slot.republishIfLost(), done.length]).toEqual([true, 1]);
    pass(2_001);
    rmSync(out);
    expect([slot.republishIfLost(), done.length]).toEqual([false, 2]);
    publish('read');
    readFileSync(out);
    slot.republishIfLost();
    slot.publish(REPLY, undefined, () => done.push('none'));
    publish('replaced');
    publish('closed');
    slot.close();
    slot.close();
    expect(done).toEqual(['withdrawn', 'lost', 'read', 'none', 'replaced', 'closed']);
  });

  it('sees here which answers were read', () => {
    expect(scene().slot.seesUnreadRemovals).toBe(true);
  });
});

describe('an answer that is removed', () => {
  it('unread is published again, as often as it happens', () => {
    const { slot, out } = scene();
    slot.publish(REPLY, PIXELS);
    expect(slot.republishIfLost()).toBe(false);
    for (let n = 0; n < 3; n++) {
      rmSync(out);
      expect(slot.republishIfLost()).toBe(true);
    }
    expect(readFileSync(out, 'utf8')).toBe('pixels');
    rmSync(out);
    expect(slot.republishIfLost()).toBe(false);
  });

  it('after it was read stays removed', () => {
    const { slot, out } = scene();
    slot.publish(REPLY, PIXELS);
    readFileSync(out);
    rmSync(out);
    expect(slot.republishIfLost()).toBe(false);
    expect(existsSync(out)).toBe(false);
  });

  it('is not read by being looked at', () => {
    const { slot, out } = scene();
    slot.publish(REPLY, PIXELS);
    statSync(out);
    rmSync(out);
    expect(slot.republishIfLost()).toBe(true);
  });

  it('unread 2 s later is published again, but not after that: its client has gone', () => {
    const { slot, out, pass } = scene();
    slot.publish(REPLY, PIXELS);
    pass(2_000);
    rmSync(out);
    expect(slot.republishIfLost()).toBe(true);
    pass(2_001);
    rmSync(out);
    expect(slot.republishIfLost()).toBe(false);
    expect(existsSync(out)).toBe(false);
  });

  it('unread stays removed when a newer command is there, or was taken', () => {
    const { slot, socket, out } = scene();
    slot.publish(REPLY, PIXELS);
    writeFileSync(join(socket, 'cmd.json'), '{}');
    rmSync(out);
    expect(slot.republishIfLost()).toBe(false);
    slot.publish(REPLY, PIXELS);
    slot.take();
    expect(slot.republishIfLost()).toBe(false);
    expect(existsSync(out)).toBe(false);
  });
});
