import { describe, expect, it } from 'vitest';
import type { Flight } from '../../orchestrator/doors.ts';
import { pressRun } from '../../orchestrator/press-run.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import type { OkReply } from '../../shared/protocol/reply.ts';

const NOW = '2026-11-20T12:34:56.789Z';
const pixels = new Uint8Array(8 * 4 * 4).map((_, n) => n % 256);
const flight: Flight = {
  runId: 7,
  script: {
    id: 1,
    name: 'mine',
    lang: 'pixel',
    code: Buffer.from('HALT'),
    codeBytes: 4,
    codeType: 'text',
    width: 8,
    height: 4,
    params: null,
    paramsType: 'null',
    revision: 3,
    attempts: 0,
    jobId: 1,
    slot: 'r1',
    rank: 1,
    point: null,
    forced: 0,
    expect: null,
    parents: null,
  },
  work: { program: 'HALT', canvas: { width: 8, height: 4 }, params: {} },
  spoolId: 'job-1',
  cartridgeName: 'mine_1.png',
  startedMs: 0,
  door: 'spool',
  command: '',
};
const reply: OkReply = {
  status: 'ok',
  width: 8,
  height: 4,
  format: 'RGBA',
  bytes: pixels.length,
  sha256: sha256Hex(pixels),
  backend: 'gpu',
  adapter: 'a card',
  renderer: 'r1',
  version: '9.8.7',
  used: { canvas: 1, blend: {}, opcodes: { HALT: 1 }, glyphs: {} },
  steps: 1,
  shapes: 0,
  pixels_written: 0,
  timings_ms: { paint: 0.5 },
  warnings: [{ code: 'PXL-W001', message: 'nothing drawn' }],
  ignored: [],
};

describe('a run’s cartridge', () => {
  it('says all that its answer said, and what the row says of it', () => {
    const { bytes, cartridge, stdout, backend, fileName } = pressRun(flight, { reply, pixels }, NOW, 'out');
    const opened = openCartridge(bytes);
    expect(judgeFile(opened)).toBeUndefined();
    expect(Buffer.compare(opened.pixels, pixels)).toBe(0);
    expect(opened.label).toMatchObject({
      program: 'HALT',
      canvas: { width: 8, height: 4 },
      checksum: sha256Hex(pixels),
      script: { name: 'mine', revision: 3 },
      price: { steps: 1, shapes: 0, pixels_written: 0, bytes: pixels.length },
      used: reply.used,
    });
    expect(opened.run).toEqual({
      id: 'job-1',
      backend: 'gpu',
      adapter: 'a card',
      renderer: '9.8.7',
      timings_ms: { paint: 0.5 },
    });
    expect(opened.text.created_at).toBe(NOW);
    expect([fileName, backend]).toEqual(['mine_1.png', 'gpu']);
    expect(cartridge).toEqual({
      fileName: 'mine_1.png',
      checksum: sha256Hex(pixels),
      width: 8,
      height: 4,
      bytes: bytes.length,
      createdAt: NOW,
      inputs: [],
      parents: [],
      fileSha256: sha256Hex(bytes),
    });
    expect(JSON.parse(stdout)).toEqual({
      cartridge: 'out/mine_1.png',
      checksum: sha256Hex(pixels),
      warnings: reply.warnings,
    });
  });

  it('says what SHADEs took where one ran', () => {
    const { bytes } = pressRun(flight, { reply: { ...reply, shade: 0 }, pixels }, NOW, 'out');
    const price = { steps: 1, shapes: 0, pixels_written: 0, bytes: pixels.length };
    expect(openCartridge(bytes).label.price).toEqual({ ...price, shade: 0 });
    const without = pressRun(flight, { reply, pixels }, NOW, 'out');
    expect(openCartridge(without.bytes).label.price).toEqual(price);
  });

  it('of a renderer that says nothing claims nothing: no uses, no price, no backend', () => {
    const { bytes, backend } = pressRun(flight, { reply: undefined, pixels }, NOW, 'out');
    const opened = openCartridge(bytes);
    expect(judgeFile(opened)).toBeUndefined();
    expect(opened.label).not.toHaveProperty('uses');
    expect(opened.label).not.toHaveProperty('used');
    expect(opened.label).not.toHaveProperty('price');
    expect(opened.run).toEqual({
      id: 'job-1',
      backend: 'unknown',
      adapter: 'unknown',
      renderer: 'unknown',
    });
    expect(backend).toBeNull();
  });

  it('says what each PARAM stood for: the reply knows it, and without one what was asked for', () => {
    const asked = { ...flight, work: { ...flight.work, params: { count: 3 } } };
    const paramsOf = (given: Parameters<typeof pressRun>[1]) =>
      openCartridge(pressRun(asked, given, NOW, 'out').bytes).label.params;
    const params = { count: 3, size: 9 };
    expect(paramsOf({ reply: { ...reply, params }, pixels })).toEqual(params);
    expect(paramsOf({ reply: undefined, pixels })).toEqual({ count: 3 });
    const plain = pressRun(flight, { reply, pixels }, NOW, 'out');
    expect(openCartridge(plain.bytes).label).not.toHaveProperty('params');
  });

  it('can be opened whatever the script is called', () => {
    for (const name of ['', '\0', '../x', '🎨'.repeat(400), 'x'.repeat(12_000_000)]) {
      const named = { ...flight, script: { ...flight.script, name } };
      const { bytes } = pressRun(named, { reply, pixels }, NOW, 'out');
      const written = openCartridge(bytes).label.script?.name ?? 'none';
      expect(name.startsWith(written)).toBe(true);
      expect(Array.from(written).length).toBe(Math.min(1_000, Array.from(name).length));
    }
  });

  it('is never pressed from pixels that are not what the reply says: the bytes decide', () => {
    const flipped = pixels.slice();
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(() => pressRun(flight, { reply, pixels: flipped }, NOW, 'out')).toThrow('invariant');
  });
});
