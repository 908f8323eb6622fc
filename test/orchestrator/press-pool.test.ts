/** Threads that press: the same bytes as here, the loop left alone, and whatever becomes of a thread. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LargeAnswer, Pressed } from '../../orchestrator/doors.ts';
import { pressAnswer } from '../../orchestrator/host/press-answer.ts';
import { type PoolOptions, PressPool } from '../../orchestrator/host/press-pool.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { Hiring } from '../../shared/host/hiring.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import type { OkReply } from '../../shared/protocol/reply.ts';
import type { Journal } from '../../shared/world.ts';
import { pressing } from '../shared/cartridge/sample.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

const THREAD = pathToFileURL(join(packageRoot(), 'dist/orchestrator/host/press-thread.js'));

interface World {
  readonly pool: PressPool;
  /** What was pressed in this thread. */
  readonly here: LargeAnswer[];
  readonly warnings: string[];
}

function world({
  thread = THREAD,
  ...options
}: Partial<PoolOptions> & { readonly thread?: URL } = {}): World {
  const here: LargeAnswer[] = [];
  const warnings: string[] = [];
  const note = (event: string, fields: object = {}): void => {
    warnings.push(`${event} ${JSON.stringify(fields)}`);
  };
  const journal: Journal = { debug: note, info: note, warn: note, error: note };
  const pressHere = (answer: LargeAnswer) => {
    here.push(answer);
    return pressAnswer(diskFiles, answer);
  };
  const hiring = new Hiring({ thread: () => thread, work: 'press', journal: () => journal });
  const pool = new PressPool({ hiring, most: 1, idleMs: 60_000, pressHere, ...options });
  onTestFinished(() => pool.close());
  return { pool, here, warnings };
}

/** An answer in a folder of its own, and what it should become. Its rows are all alike unless `noisy`. */
function answer(canvas: Canvas, noisy = false): { readonly large: LargeAnswer; readonly pixels: Uint8Array } {
  const { width, height } = canvas;
  const pixels = new Uint8Array(4 * width * height).fill(255);
  for (let at = 0; at < (noisy ? pixels.length : 4 * width); at++)
    pixels[at] = Math.imul(at, 0x9e3779b1) >>> 13;
  const pixelFile = join(temporaryFolder(), 'a.raw');
  writeFileSync(pixelFile, pixels);
  const { label, run, createdAt } = pressing(canvas, pixels);
  const reply: OkReply = {
    status: 'ok',
    ...canvas,
    format: 'RGBA',
    bytes: pixels.length,
    sha256: label.checksum,
    backend: 'cpu',
    adapter: 'test',
    warnings: [],
    ignored: [],
  };
  return { large: { reply, pixelFile, inscription: { canvas, label, run, createdAt } }, pixels };
}

/** A module that is run as a thread. */
function threadOf(code: string): URL {
  const path = join(temporaryFolder(), 'thread.mjs');
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\n${code}\n`);
  return pathToFileURL(path);
}

describe('a thread', () => {
  it('gives the bytes that pressing here gives', async () => {
    const { pool, here } = world();
    for (const [canvas, noisy] of [
      [{ width: 600, height: 300 }, false],
      [{ width: 301, height: 77 }, true],
      [{ width: 8, height: 8 }, true],
    ] as const) {
      const { large, pixels } = answer(canvas, noisy);
      const { bytes: found, sha256 } = (await pool.press(large)) as Pressed;
      expect(sha256).toBe(sha256Hex(found));
      expect(Buffer.compare(found, press({ ...large.inscription, pixels }))).toBe(0);
      expect(Buffer.compare(openCartridge(found).pixels, pixels)).toBe(0);
    }
    expect([here.length, pool.threads]).toEqual([0, 1]);
  });

  it('says what cannot be believed, or read, or pressed, and goes on', async () => {
    const { pool, here, warnings } = world();
    const { large } = answer({ width: 30, height: 20 });
    const other = { ...large.reply, sha256: sha256Hex('other') };
    expect(await pool.press({ ...large, reply: other })).toMatchObject({ unbelievable: expect.any(String) });
    const gone = { ...large, pixelFile: `${large.pixelFile}.gone` };
    expect(await pool.press(gone)).toMatchObject({ unbelievable: expect.stringContaining('none') });
    const folder = { ...large, pixelFile: join(large.pixelFile, '..') };
    expect(await pool.press(folder)).toMatchObject({ unbelievable: expect.stringContaining('regular') });
    const { inscription } = large;
    const undated = { ...large, inscription: { ...inscription, createdAt: 'now' } };
    await expect(pool.press(undated)).rejects.toThrow('ISO 8601');
    expect(await pool.press(large)).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect([here.length, warnings, pool.threads]).toEqual([0, [], 1]);
  });

  it('says of a picture that is not as expected what was found, beside its cartridge', async () => {
    const { pool, here } = world();
    const { large, pixels } = answer({ width: 300, height: 200 });
    const found = await pool.press({ ...large, expectation: { blank: true, ink: [0, 1] } });
    const bytes = press({ ...large.inscription, pixels });
    expect(found).toMatchObject({
      evidence: { unmet: [expect.stringContaining('one colour')], checksum: large.reply.sha256, ink: 1 },
    });
    expect(Buffer.compare((found as Pressed).bytes, bytes)).toBe(0);
    expect(await pool.press({ ...large, expectation: { blank: false } })).toEqual({
      bytes: Uint8Array.from(bytes),
      sha256: sha256Hex(bytes),
    });
    expect(here).toEqual([]);
  });

  it('leaves the loop alone while it presses 4096², which pressing here does not', async () => {
    const { large } = answer({ width: 4096, height: 4096 });
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns++;
      if (counting) setImmediate(count);
    };
    onTestFinished(() => {
      counting = false;
    });
    count();
    const { pool, here } = world();
    await pool.press(answer({ width: 9, height: 9 }).large);
    // Turns are counted, not timed: on a machine that is busy with others any one of them may take long.
    const before = turns;
    expect(await pool.press(large)).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(turns - before).toBeGreaterThan(20);
    expect(here).toEqual([]);
    let meanwhile = Number.NaN;
    const broken = world({
      thread: new URL('file:///nowhere/thread.mjs'),
      pressHere: (given) => {
        const begun = turns;
        const found = pressAnswer(diskFiles, given);
        meanwhile = turns - begun;
        return found;
      },
    });
    expect(await broken.pool.press(large)).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(meanwhile).toBe(0);
  });
});

describe('the pool', () => {
  it('starts no more threads than allowed, and none before there is something to press', async () => {
    for (const most of [1, 2, 3]) {
      const { pool } = world({ most });
      expect(pool.threads).toBe(0);
      const all = Array.from({ length: 7 }, (_, n) => answer({ width: 10 + n, height: 10 }).large);
      const found = all.map((large) => pool.press(large));
      expect(pool.threads).toBe(most);
      const widths = (await Promise.all(found)).map(
        (file) => openCartridge((file as Pressed).bytes).canvas.width,
      );
      expect(widths).toEqual([10, 11, 12, 13, 14, 15, 16]);
      expect(pool.threads).toBe(most);
    }
  });

  it('ends a thread that has nothing to do, and starts another when there is', async () => {
    const { pool, warnings } = world({ idleMs: 20 });
    const { large } = answer({ width: 20, height: 20 });
    for (let round = 0; round < 3; round++) {
      expect(await pool.press(large)).toMatchObject({ bytes: expect.any(Uint8Array) });
      await waitUntil('the thread to be gone', () => pool.threads === 0);
    }
    expect(warnings).toEqual([]);
  });

  it('presses here what a thread ended over, and the next answer in a new thread', async () => {
    // Dies at the first answer of every even thread.
    const flag = join(temporaryFolder(), 'died');
    const thread = threadOf(`
      import { existsSync, writeFileSync } from 'node:fs';
      if (existsSync(${JSON.stringify(flag)})) await import(${JSON.stringify(THREAD.href)});
      else parentPort.on('message', () => { writeFileSync(${JSON.stringify(flag)}, ''); process.exit(3); });
    `);
    const { pool, here, warnings } = world({ thread });
    const one = answer({ width: 40, height: 40 });
    const two = answer({ width: 41, height: 40 });
    const found = await Promise.all([pool.press(one.large), pool.press(two.large)]);
    expect(found.map((file) => openCartridge((file as Pressed).bytes).canvas.width)).toEqual([40, 41]);
    expect(here).toEqual([one.large]);
    expect(warnings).toEqual([expect.stringMatching(/press:thread-lost.*exited with 3/)]);
  });

  it.each([
    ['throw', `parentPort.on('message', () => { throw new Error('gone mad'); });`, 'gone mad'],
    ['exit', `parentPort.on('message', () => process.exit(134));`, '134'],
    ['cannot be started', undefined, 'nowhere'],
  ])('presses everything here when threads %s, and starts three at most', async (_, code, why) => {
    const thread = code === undefined ? new URL('file:///nowhere/thread.mjs') : threadOf(code);
    const { pool, here, warnings } = world({ thread });
    const { large } = answer({ width: 40, height: 40 });
    for (let n = 0; n < 6; n++)
      expect(await pool.press(large)).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(here.length).toBe(6);
    expect(warnings.length).toBe(3);
    expect(warnings[0]).toContain(why);
    expect(pool.threads).toBe(0);
  });

  it('presses everything here where it is to start no threads, and says so once', async () => {
    const journalled: string[] = [];
    const note = (event: string): void => void journalled.push(event);
    const hiring = new Hiring({
      thread: () => {
        throw new Error('compiled anew');
      },
      work: 'press',
      journal: () => ({ debug: note, info: note, warn: note, error: note }),
    });
    const { pool, here } = world({ hiring, most: 3 });
    const all = [1, 2, 3, 4].map((n) => answer({ width: 10 + n, height: 10 }).large);
    const found = await Promise.all(all.map((large) => pool.press(large)));
    expect(found.map((file) => openCartridge((file as Pressed).bytes).canvas.width)).toEqual([
      11, 12, 13, 14,
    ]);
    expect([here.length, pool.threads, journalled]).toEqual([4, 0, ['press:no-threads']]);
  });

  it('passes on what pressing here throws', async () => {
    const { pool } = world({ thread: new URL('file:///nowhere/thread.mjs') });
    const { large } = answer({ width: 40, height: 40 });
    const undated = { ...large, inscription: { ...large.inscription, createdAt: 'now' } };
    await expect(pool.press(undated)).rejects.toThrow('ISO 8601');
  });

  it('closes with work in hand and in line: both are rejected, and no thread is left', async () => {
    const { pool, here } = world({ thread: threadOf(`parentPort.on('message', () => {});`) });
    const { large } = answer({ width: 40, height: 40 });
    const both = [pool.press(large), pool.press(large)].map((found) =>
      found.catch((error: Error) => error.message),
    );
    await pool.close();
    expect(await Promise.all(both)).toEqual(['the orchestrator was stopped', 'the orchestrator was stopped']);
    expect([pool.threads, here.length]).toEqual([0, 0]);
    await expect(pool.press(large)).rejects.toThrow('the orchestrator was stopped');
  });
});
