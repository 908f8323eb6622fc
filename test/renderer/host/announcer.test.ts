import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { announce } from '../../../renderer/host/announcer.ts';
import type { Standing } from '../../../renderer/raster/painter.ts';
import { diskFiles, type Files } from '../../../shared/host/files.ts';
import { decodeAnnouncement } from '../../../shared/protocol/announcement.ts';
import { namesIn } from '../../support/renderer-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const WHO = {
  renderer: 'r1-00',
  pid: 1,
  start_time: 12,
  boot_id: 'b',
  pid_namespace: 'pid:[1]',
  version: '0.1.0',
  started_at: '2026-01-01T00:00:00.000Z',
};
const GPU: Standing = { backend: 'gpu', adapter: 'a card', reason: 'a real GPU', health: 'ok' };
const LOST: Standing = { backend: 'cpu', adapter: 'cpu', reason: 'the device was lost', health: 'degraded' };

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function scene(files: Files = diskFiles) {
  const socket = temporaryFolder();
  const room = join(socket, 'renderer');
  mkdirSync(room);
  const announcer = announce(files, socket, WHO, GPU, false);
  const path = join(room, 'r1-00.json');
  return {
    ...announcer,
    room,
    path,
    names: () => namesIn(room),
    read: () => decodeAnnouncement(readFileSync(path, 'utf8')),
  };
}

describe('an announcement', () => {
  it('is there at once, whole and alone, and its heart beats every 2 s', () => {
    const { read, names } = scene();
    expect(read()).toEqual({ ...WHO, ...GPU, slot: false, heartbeat: 0 });
    expect(names()).toEqual(['r1-00.json']);
    vi.advanceTimersByTime(1_999);
    expect(read()?.heartbeat).toBe(0);
    vi.advanceTimersByTime(1);
    expect(read()).toEqual({ ...WHO, ...GPU, slot: false, heartbeat: 1 });
  });

  it('says at once when another paints, and goes on beating', () => {
    const { read, update } = scene();
    update(LOST);
    expect(read()).toEqual({ ...WHO, ...LOST, slot: false, heartbeat: 1 });
    vi.advanceTimersByTime(2_000);
    expect(read()).toEqual({ ...WHO, ...LOST, slot: false, heartbeat: 2 });
    update(GPU);
    expect(read()).toEqual({ ...WHO, ...GPU, slot: false, heartbeat: 3 });
  });

  it('that cannot be written when another paints says so with the next beat', () => {
    const { room, path, read, update } = scene();
    rmSync(room, { recursive: true });
    update(LOST);
    expect(existsSync(path)).toBe(false);
    mkdirSync(room);
    vi.advanceTimersByTime(2_000);
    expect(read()).toMatchObject(LOST);
  });

  it('says at once when the slot is served too, or no more', () => {
    const { read, serveSlot } = scene();
    serveSlot(true);
    expect(read()).toMatchObject({ slot: true, heartbeat: 1 });
    serveSlot(false);
    expect(read()).toMatchObject({ slot: false, heartbeat: 2 });
  });

  it('says with each beat what is in hand then, without a beat more, and nothing before it was told whom to ask', () => {
    const { read, showHand } = scene();
    const since = '2026-01-01T00:00:00.000Z';
    let done = 0;
    showHand(() => [{ id: 'a', since, phase: 'painting', done: done++, of: 9 }]);
    expect(read()).toEqual({ ...WHO, ...GPU, slot: false, heartbeat: 0 });
    vi.advanceTimersByTime(1_999);
    expect(done).toBe(0);
    vi.advanceTimersByTime(1);
    expect(read()).toMatchObject({ heartbeat: 1, in_hand: [{ id: 'a', done: 0, of: 9 }] });
    vi.advanceTimersByTime(2_000);
    expect(read()).toMatchObject({ heartbeat: 2, in_hand: [{ id: 'a', done: 1, of: 9 }] });
  });

  it('is made anew where somebody removed it, and only there', () => {
    const { path, read, keep } = scene();
    keep();
    expect(read()?.heartbeat).toBe(0);
    rmSync(path);
    keep();
    expect(read()?.heartbeat).toBe(1);
    rmSync(path);
    mkdirSync(path);
    writeFileSync(join(path, 'inner'), '');
    keep();
    expect(read()?.heartbeat).toBe(2);
  });

  it('is written once more where half of it passed for a dead one’s and was removed', () => {
    let removals = 2;
    const files: Files = {
      ...diskFiles,
      rename(from, to) {
        if (from.endsWith('.wet') && removals-- > 0) rmSync(from);
        return diskFiles.rename(from, to);
      },
    };
    const { read } = scene(files);
    expect(read()?.heartbeat).toBe(0);
    removals = 3;
    expect(() => scene(files)).toThrow('somebody removed it');
  });

  it('is taken back for good', () => {
    const { names, update, stop } = scene();
    stop();
    expect(names()).toEqual([]);
    update(LOST);
    vi.advanceTimersByTime(10_000);
    expect(names()).toEqual([]);
  });
});
