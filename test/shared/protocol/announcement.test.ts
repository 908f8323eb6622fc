import { describe, expect, it } from 'vitest';
import { decodeAnnouncement } from '../../../shared/protocol/announcement.ts';

const GOOD = {
  renderer: 'r1-00',
  pid: 1,
  start_time: 12,
  boot_id: 'b',
  pid_namespace: 'pid:[1]',
  version: '0.1.0',
  backend: 'cpu',
  adapter: 'a',
  reason: 'asked for',
  health: 'ok',
  slot: true,
  started_at: '2026-01-01T00:00:00.000Z',
  heartbeat: 3,
};

describe('decodeAnnouncement', () => {
  it('reads an announcement, with nulls where the system does not say', () => {
    expect(decodeAnnouncement(JSON.stringify(GOOD))).toEqual(GOOD);
    const silent = { ...GOOD, start_time: null, boot_id: null, pid_namespace: null };
    expect(decodeAnnouncement(JSON.stringify(silent))).toEqual(silent);
  });

  it('needs no reason', () => {
    const { reason: _, ...rest } = GOOD;
    expect(decodeAnnouncement(JSON.stringify(rest))?.reason).toBe('');
  });

  it('takes who says nothing of its health for well, and believes who says that it is not', () => {
    const { health: _, ...rest } = GOOD;
    expect(decodeAnnouncement(JSON.stringify(rest))).toEqual(GOOD);
    expect(decodeAnnouncement(JSON.stringify({ ...GOOD, health: 'degraded' }))?.health).toBe('degraded');
    expect(decodeAnnouncement(JSON.stringify({ ...GOOD, health: 'fine' }))).toBeUndefined();
  });

  it('takes who says nothing of the slot for one that serves it, as one did who was alone', () => {
    const { slot: _, ...rest } = GOOD;
    expect(decodeAnnouncement(JSON.stringify(rest))).toEqual(GOOD);
    expect(decodeAnnouncement(JSON.stringify({ ...GOOD, slot: false }))?.slot).toBe(false);
    expect(decodeAnnouncement(JSON.stringify({ ...GOOD, slot: 1 }))).toBeUndefined();
  });

  it('takes what the language means from who says it, and nothing else for it', () => {
    const semantics = 'a'.repeat(64);
    expect(decodeAnnouncement(JSON.stringify({ ...GOOD, semantics }))?.semantics).toBe(semantics);
    expect(decodeAnnouncement(JSON.stringify(GOOD))?.semantics).toBeUndefined();
    for (const odd of ['a'.repeat(63), 'A'.repeat(64), 7, null]) {
      expect(decodeAnnouncement(JSON.stringify({ ...GOOD, semantics: odd }))).toEqual(GOOD);
    }
  });

  it('takes what is in hand as it is said, phases of a later version too, and nothing where it is no list of that', () => {
    const since = '2026-01-01T00:00:00.000Z';
    const held = [
      { id: 'a', since, phase: 'painting', done: 3, of: 4 },
      { id: null, since, phase: 'dreaming' },
    ];
    const decode = (in_hand: unknown) => decodeAnnouncement(JSON.stringify({ ...GOOD, in_hand }));
    expect(decode(held)?.in_hand).toEqual(held);
    expect(decode([])?.in_hand).toEqual([]);
    const [one] = held;
    for (const odd of [7, {}, ['a'], [{ ...one, of: 0 }], [{ ...one, done: -1 }], [{ ...one, done: 0.5 }]]) {
      expect(decode(odd)).toEqual(GOOD);
    }
  });

  const optional = ['reason', 'health', 'slot'];
  it.each(Object.keys(GOOD).filter((name) => !optional.includes(name)))(
    'gives nothing without "%s"',
    (name) => {
      const { [name as keyof typeof GOOD]: _, ...rest } = GOOD;
      expect(decodeAnnouncement(JSON.stringify(rest))).toBeUndefined();
    },
  );

  it.each(['', '{', 'null', '[]', '"r1"'])('gives nothing for %j', (text) => {
    expect(decodeAnnouncement(text)).toBeUndefined();
  });
});
