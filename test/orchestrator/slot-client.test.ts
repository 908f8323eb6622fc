import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SlotClient } from '../../orchestrator/host/slot-client.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const pixels = new Uint8Array(8).fill(3);
const ok = {
  id: 'q1',
  status: 'ok',
  width: 2,
  height: 1,
  format: 'RGBA',
  bytes: 8,
  sha256: sha256Hex(pixels),
  backend: 'cpu',
  adapter: 'cpu',
};

function slotIn(folder = temporaryFolder()) {
  const put = (name: string, data: Uint8Array | object) => {
    writeFileSync(join(folder, name), data instanceof Uint8Array ? data : JSON.stringify(data));
  };
  return { folder, put, slot: new SlotClient(diskFiles, folder) };
}

describe('a question at the slot', () => {
  it('appears whole, after every older answer has gone', () => {
    const { folder, put, slot } = slotIn();
    put('out.raw', pixels);
    put('out.json', ok);
    slot.offer('{"a":1}');
    expect(readdirSync(folder)).toEqual(['cmd.json']);
    expect(readFileSync(join(folder, 'cmd.json'), 'utf8')).toBe('{"a":1}');
  });

  it('is taken back while it lies there, and never another’s', () => {
    const { folder, put, slot } = slotIn();
    slot.offer('{"a":1}');
    slot.withdraw();
    expect(existsSync(join(folder, 'cmd.json'))).toBe(false);
    slot.offer('{"a":1}');
    put('cmd.json', { somebody: 'else' });
    slot.withdraw();
    expect(existsSync(join(folder, 'cmd.json'))).toBe(true);
  });

  it('that a crash left half-written is tidied away', () => {
    const { folder, slot } = slotIn();
    writeFileSync(join(folder, '.cmd.json.wet'), '{"op":"ren');
    slot.tidy();
    slot.tidy();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an answer at the slot', () => {
  it('without a reply is believed by its length alone, from a renderer that writes none', () => {
    const { put, slot } = slotIn();
    expect(slot.collect('q1', 8, false)).toBeUndefined();
    put('out.raw', pixels.subarray(0, 7));
    expect(slot.collect('q1', 8, false)).toBeUndefined();
    put('out.raw', pixels);
    expect(slot.collect('q1', 8, false)).toEqual(Buffer.from(pixels));
    expect(slot.collect('q1', 9, false)).toBeUndefined();
    expect(slot.collect('q1', 8, true)).toBeUndefined();
  });

  it('with a reply is believed by id, length and digest', () => {
    const { put, slot } = slotIn();
    put('out.raw', pixels);
    put('out.json', ok);
    expect(slot.collect('q1', 8, true)).toMatchObject({ reply: ok, pixels: Buffer.from(pixels) });
    expect(slot.collect('q2', 8, true)).toBeUndefined();
    put('out.raw', new Uint8Array(8));
    expect(slot.collect('q1', 8, true)).toHaveProperty('unbelievable');
    put('out.json', { id: 'q1', status: 'refused', error: { code: 'x', message: 'y' }, errors: [] });
    expect(slot.collect('q1', 8, true)).toMatchObject({ reply: { status: 'refused' }, pixels: undefined });
  });

  it.each(['out.raw', 'out.json'])('is not there while %s is a folder, a symlink or no JSON', (name) => {
    for (const make of [
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync('/etc/hostname', path),
      (path: string) => writeFileSync(path, '{"id":'),
    ]) {
      const { folder, slot } = slotIn();
      make(join(folder, name));
      expect(slot.collect('q1', 4_096, false)).toBeUndefined();
      expect(slot.collect('q1', 4_096, true)).toBeUndefined();
    }
  });
});
