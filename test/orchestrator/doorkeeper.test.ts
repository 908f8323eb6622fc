import { describe, expect, it } from 'vitest';
import { Doorkeeper } from '../../orchestrator/doorkeeper.ts';
import { SlotLine } from '../../orchestrator/slot-line.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';
import type { DoorChoice } from '../../shared/settings.ts';
import { FakeSlot, paintSeed } from '../support/fake-slot.ts';

const SOMEBODY = { renderer: 'r1' } as Announcement;
const GRACE_MS = 1_500;

function at(setting: DoorChoice) {
  const slot = new FakeSlot();
  let n = 0;
  const line = new SlotLine(slot, { probeMs: 2_000, answerMs: 10_000 }, () => `id-${n++}`);
  const world = { alive: [] as Announcement[] };
  const keeper = new Doorkeeper(
    setting,
    line,
    () => world.alive,
    () => true,
    { graceMs: GRACE_MS, nowMs: 0 },
  );
  const answer = (): void => {
    slot.pixels = { bytes: paintSeed(slot.command ?? '') };
  };
  return { slot, line, world, keeper, answer };
}

describe('the doorkeeper, left to choose', () => {
  it('opens the spool as soon as a renderer announces itself', () => {
    const { keeper, world, slot } = at('auto');
    keeper.advance(0);
    expect([keeper.open, keeper.announced]).toEqual([undefined, false]);
    world.alive = [SOMEBODY];
    keeper.advance(250);
    expect([keeper.open, keeper.announced, slot.puts]).toEqual(['spool', true, 0]);
  });

  it('waits a while for an announcement before it asks at the slot', () => {
    const { keeper, slot, answer } = at('auto');
    keeper.advance(GRACE_MS - 1);
    expect(slot.puts).toBe(0);
    keeper.advance(GRACE_MS);
    expect(slot.puts).toBe(1);
    expect(keeper.open).toBeUndefined();
    answer();
    keeper.advance(GRACE_MS + 50);
    expect(keeper.open).toBe('slot');
  });

  it('prefers the spool when its renderer announced itself while it answered at the slot', () => {
    const slot = new FakeSlot();
    const line = new SlotLine(slot, { probeMs: 2_000, answerMs: 10_000 }, () => 'id');
    const looks = [[], [], [SOMEBODY]];
    const keeper = new Doorkeeper(
      'auto',
      line,
      () => looks.shift() ?? [],
      () => true,
      {
        graceMs: 0,
        nowMs: 0,
      },
    );
    keeper.advance(0);
    slot.pixels = { bytes: paintSeed(slot.command ?? '') };
    keeper.advance(50);
    expect([keeper.open, keeper.announced]).toEqual(['spool', true]);
  });

  it('takes its probe back when a renderer announces itself', () => {
    const { keeper, world, slot } = at('auto');
    keeper.advance(GRACE_MS);
    expect(slot.command).toBeDefined();
    world.alive = [SOMEBODY];
    keeper.advance(GRACE_MS + 250);
    expect(slot.command).toBeUndefined();
  });

  it('goes back to waiting, and then to the slot, when the spool’s renderer is gone', () => {
    const { keeper, world, slot } = at('auto');
    world.alive = [SOMEBODY];
    keeper.advance(0);
    keeper.advance(10_000);
    world.alive = [];
    keeper.advance(10_250);
    expect([keeper.open, slot.puts]).toEqual([undefined, 0]);
    keeper.advance(10_000 + GRACE_MS);
    expect(slot.puts).toBe(1);
  });

  it('keeps the slot open while its one question is under way, and shuts it on a time-out', () => {
    const { keeper, line, answer } = at('auto');
    keeper.advance(GRACE_MS);
    answer();
    keeper.advance(GRACE_MS + 50);
    line.put('{}');
    for (const now of [2_000, 4_000, 9_000]) {
      keeper.advance(now);
      expect([keeper.open, keeper.absentMs(now)]).toEqual(['slot', 0]);
    }
    line.timedOut();
    expect(keeper.open).toBeUndefined();
  });
});

describe('the doorkeeper, told to use one door', () => {
  it('never asks at the slot when it is told to use the spool', () => {
    const { keeper, world, slot } = at('spool');
    for (const now of [0, 2_000, 100_000]) keeper.advance(now);
    expect([keeper.open, slot.puts]).toEqual([undefined, 0]);
    world.alive = [SOMEBODY];
    keeper.advance(100_250);
    expect(keeper.open).toBe('spool');
  });

  it('asks at the slot at once when it is told to use it', () => {
    const { keeper, slot, answer } = at('slot');
    keeper.advance(0);
    expect(slot.puts).toBe(1);
    answer();
    keeper.advance(50);
    expect(keeper.open).toBe('slot');
  });

  it('uses the slot of a renderer that announces itself without asking', () => {
    const { keeper, world, slot } = at('slot');
    world.alive = [SOMEBODY];
    keeper.advance(0);
    expect([keeper.open, keeper.announced, slot.puts]).toEqual(['slot', true, 0]);
  });
});

describe('absence', () => {
  it('counts from the start, and from when somebody was last known to serve', () => {
    const { keeper, world } = at('spool');
    keeper.advance(0);
    expect(keeper.absentMs(5_001)).toBe(5_001);
    world.alive = [SOMEBODY];
    keeper.advance(6_000);
    expect(keeper.absentMs(6_000)).toBe(0);
    keeper.advance(7_000);
    world.alive = [];
    keeper.advance(7_250);
    expect(keeper.absentMs(7_500)).toBe(500);
  });

  it('is over when a slow renderer answers one of several probes', () => {
    const { keeper, answer } = at('slot');
    keeper.advance(0);
    keeper.advance(2_000);
    answer();
    keeper.advance(3_000);
    expect([keeper.open, keeper.absentMs(3_000)]).toEqual([undefined, 0]);
    keeper.advance(9_000);
    expect(keeper.absentMs(9_000)).toBe(0);
  });

  it('goes on when looking itself fails, with no door open', () => {
    const { line } = at('spool');
    let broken = false;
    const look = () => {
      if (broken) throw new Error('EIO');
      return [SOMEBODY];
    };
    const keeper = new Doorkeeper('spool', line, look, () => true, { graceMs: GRACE_MS, nowMs: 0 });
    keeper.advance(0);
    broken = true;
    expect(() => keeper.advance(1_000)).toThrow('EIO');
    expect([keeper.open, keeper.absentMs(1_000)]).toEqual([undefined, 1_000]);
  });
});
