/** The lock of the slot among several renderers: one holds it, and the file of a living holder may be removed under it. */
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedSlot } from '../../../renderer/host/shared-slot.ts';
import { SeedSlot } from '../../../renderer/host/slot.ts';
import { SlotLock } from '../../../renderer/host/slot-lock.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import type { Announcement } from '../../../shared/protocol/announcement.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function scene() {
  const socket = temporaryFolder();
  let now = 0;
  let alive: readonly Partial<Announcement>[] = [];
  const clock = { monotonic: () => now, iso: () => '2026-01-01T00:00:00.000Z' };
  return {
    socket,
    path: join(socket, 'slot.lock'),
    lock: (renderer: string) =>
      new SlotLock(socket, renderer, { alive: () => alive as Announcement[] }, clock),
    announce(...announcements: Partial<Announcement>[]): void {
      alive = announcements;
    },
    pass(ms: number): void {
      now += ms;
    },
  };
}

describe('the lock of the slot', () => {
  it('has one holder, and the next one when that has let go', () => {
    const { lock, path } = scene();
    const [a, b] = [lock('a'), lock('b')];
    expect([a.look(), b.look(), a.look(), b.look()]).toEqual([true, false, true, false]);
    expect([a.isHeld, b.isHeld]).toEqual([true, false]);
    a.release();
    expect([a.isHeld, existsSync(`${path}.holder`)]).toEqual([false, false]);
    expect([b.look(), a.look()]).toEqual([true, false]);
    b.release();
  });

  it('is not waited for by one that looks: it would stand still each second', () => {
    const { lock } = scene();
    const [a, b] = [lock('a'), lock('b')];
    a.look();
    const begun = performance.now();
    for (let n = 0; n < 20; n++) b.look();
    // With patience it would be 200 ms for each look.
    expect(performance.now() - begun).toBeLessThan(2_000);
    a.release();
  });

  it('is taken anew by its holder where its file was removed', () => {
    const { lock, path } = scene();
    const a = lock('a');
    a.look();
    unlinkSync(path);
    expect(a.look()).toBe(true);
    expect(existsSync(path)).toBe(true);
    expect(lock('b').look()).toBe(false);
    expect(JSON.parse(readFileSync(`${path}.holder`, 'utf8'))).toMatchObject({ pid: process.pid });
    a.release();
  });

  it('is left for 3 s to whoever is alive and announces itself in the slot', () => {
    const { lock, path, announce, pass } = scene();
    const [a, b] = [lock('a'), lock('b')];
    a.look();
    announce({ renderer: 'a', slot: true }, { renderer: 'b', slot: false });
    unlinkSync(path);
    expect(b.look()).toBe(false);
    pass(2_999);
    expect(b.look()).toBe(false);
    pass(1);
    // Whoever was stopped for so long has lost it.
    expect([b.look(), a.look(), a.isHeld]).toEqual([true, false, false]);
    b.release();
  });

  it('is counted anew for each time that it is free so strangely', () => {
    const { lock, path, announce, pass } = scene();
    const [a, b] = [lock('a'), lock('b')];
    a.look();
    announce({ renderer: 'a', slot: true });
    for (let n = 0; n < 3; n++) {
      unlinkSync(path);
      expect(b.look()).toBe(false);
      pass(2_000);
      expect(a.look()).toBe(true);
      expect(b.look()).toBe(false);
      pass(2_000);
    }
    a.release();
  });

  it('is taken at once where those who announce themselves serve the spool alone', () => {
    const { lock, announce } = scene();
    announce({ renderer: 'a', slot: false }, { renderer: 'b', slot: true });
    const b = lock('b');
    expect(b.look()).toBe(true);
    b.release();
  });
});

describe('the slot of one of several', () => {
  function slots() {
    const socket = temporaryFolder();
    mkdirSync(join(socket, 'work', 'own'), { recursive: true });
    const slot = new SharedSlot();
    const open = () => slot.open(new SeedSlot(diskFiles, socket, 'own', () => 0));
    return { slot, open, command: join(socket, 'cmd.json'), taken: join(socket, 'work', 'own', 'slot.json') };
  }

  it('holds nothing, takes nothing and publishes nothing while another serves it', () => {
    const { slot, command } = slots();
    writeFileSync(command, '{}');
    let isDone = false;
    slot.publish({ status: 'ok' } as never, Buffer.from('pixels'), () => {
      isDone = true;
    });
    slot.done();
    slot.withdrawAnswer();
    expect([slot.waits(), slot.take(), slot.holds(), slot.republishIfLost(), isDone]).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(existsSync(command)).toBe(true);
  });

  it('gives the command in hand back when it is lost, to be taken by the other', () => {
    const { slot, open, command, taken } = slots();
    open();
    writeFileSync(command, 'asked');
    expect([slot.take(), slot.holds()]).toEqual([true, true]);
    slot.leave();
    expect([slot.isOpen, slot.holds(), existsSync(taken)]).toEqual([false, false, false]);
    expect(readFileSync(command, 'utf8')).toBe('asked');
  });

  it('drops the command in hand when it is lost and a newer one waits', () => {
    const { slot, open, command, taken } = slots();
    open();
    writeFileSync(command, 'asked');
    slot.take();
    writeFileSync(command, 'newer');
    slot.leave();
    expect(existsSync(taken)).toBe(false);
    expect(readFileSync(command, 'utf8')).toBe('newer');
  });
});
