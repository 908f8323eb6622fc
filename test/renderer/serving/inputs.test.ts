/** Inputs at both doors of a live renderer: files of every kind, and a good job served meanwhile. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePng } from '../../../shared/cartridge/png.ts';
import { startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { type PlainAnswer, SpoolHand, sha256 } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CANVAS = { width: 5, height: 3 };
const PIXELS = Buffer.from(Array.from({ length: 60 }, (_, at) => (at % 4 === 3 ? 255 : (at * 29) & 0xff)));
const SUM = sha256(PIXELS);
const PNG = Buffer.from(writePng(PIXELS, CANVAS));
const CODE = `IMAGE a 5 3 ${SUM}\nBLIT a 1 0`;
const SIZE = { width: 8, height: 3 };
const OTHER = Buffer.from(PIXELS.map((byte, at) => (at === 21 ? byte ^ 1 : byte)));

/** The canvas at (1, 0) of a black one; made without the product. */
const EXPECTED = Buffer.alloc(8 * 3 * 4, Buffer.of(0, 0, 0, 255));
for (let y = 0; y < 3; y++) PIXELS.copy(EXPECTED, (y * 8 + 1) * 4, y * 20, (y + 1) * 20);

let folder: string;
let spool: SpoolHand;
let slot: SlotHand;
let jobs = 0;
const cleanUps: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  folder = temporaryFolder((cleanUp) => cleanUps.unshift(cleanUp));
  const socket = join(folder, 'socket');
  mkdirSync(socket, { mode: 0o700 });
  await startRenderer(socket, (cleanUp) => cleanUps.unshift(cleanUp));
  spool = new SpoolHand(socket);
  slot = new SlotHand(socket);
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

/** What both doors answer to the same question; they agree. */
async function ask(inputs: unknown, code = CODE): Promise<PlainAnswer> {
  const id = `job-${jobs++}`;
  spool.offer(id, code, { ...SIZE, inputs });
  const spooled = await spool.answer(id, 5_000);
  slot.send({ op: 'render_program', id, code, ...SIZE, inputs });
  const reply = await slot.takeReply(5_000);
  const told = ({ status, error, retryable }: PlainAnswer['reply']) => ({ status, error, retryable });
  expect(told(reply)).toEqual(told(spooled.reply));
  if (reply.status === 'ok') expect((await slot.takePixels()).equals(spooled.pixels as Buffer)).toBe(true);
  return spooled;
}

const at = (name: string): string => join(folder, name);
const put = (name: string, content: Uint8Array): void => writeFileSync(at(name), content);

describe('an input of a command', () => {
  it.each([
    ['a PNG', PNG],
    ['raw RGBA', PIXELS],
  ])('is drawn from %s', async (name, content) => {
    put(name, content);
    const { reply, pixels } = await ask({ [SUM]: at(name) });
    expect(reply).toMatchObject({ status: 'ok', inputs: [SUM], ignored: [] });
    expect(pixels?.equals(EXPECTED)).toBe(true);
  });

  it('is drawn from a PNG that somebody else wrote, indexed and interlaced', async () => {
    const raw = sharp(PIXELS, { raw: { ...CANVAS, channels: 4 } });
    put('indexed.png', await raw.png({ palette: true, progressive: true }).toBuffer());
    expect((await ask({ [SUM]: at('indexed.png') })).pixels?.equals(EXPECTED)).toBe(true);
  });

  const deep = (): Promise<Buffer> =>
    sharp(PIXELS, { raw: { ...CANVAS, channels: 4 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();

  it.each<[string, (path: string) => unknown, string]>([
    ['is not there', () => {}, 'found no file'],
    ['is a symlink to the right one', (path) => symlinkSync(at('right.png'), path), 'a regular file'],
    ['is a FIFO', (path) => execFileSync('mkfifo', [path]), 'a regular file'],
    ['is a folder', (path) => mkdirSync(path), 'a regular file'],
    ['has one other pixel', (path) => writeFileSync(path, writePng(OTHER, CANVAS)), 'found other pixels'],
    ['has one other pixel, raw', (path) => writeFileSync(path, OTHER), 'found other pixels'],
    ['is torn', (path) => writeFileSync(path, PNG.subarray(0, 60)), 'a PNG that cannot be read'],
    ['is of another size', (path) => writeFileSync(path, writePng(PIXELS, { width: 3, height: 5 })), '3×5'],
    [
      'has 16 bits a sample',
      async (path) => writeFileSync(path, await deep()),
      '8 bits per sample, found 16',
    ],
    [
      'is 100 MB of nothing',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 100_000_000);
      },
      'at most 67108864 bytes, found 100000000',
    ],
    ['is empty', (path) => writeFileSync(path, ''), 'no PNG, and 0 bytes'],
    [
      'may not be read',
      (path) => {
        writeFileSync(path, PNG);
        chmodSync(path, 0);
      },
      // To root the system allows it all the same.
      process.getuid?.() === 0 ? '' : 'closed to us',
    ],
  ])('that %s makes an error to be tried again, and no picture', async (title, make, words) => {
    put('right.png', PNG);
    const path = at(title);
    await make(path);
    const { reply, pixels } = await ask({ [SUM]: path });
    if (words === '') return;
    expect(pixels).toBeUndefined();
    expect(reply).toMatchObject({ status: 'error', retryable: true, error: { code: 'RUN-E008' } });
    expect(reply.error?.message).toContain(words);
    expect(reply.error?.message).toContain(`Expected 5×3 pixels of checksum ${SUM} at ${path}, found `);
    // Mended, the same question is answered.
    expect((await ask({ [SUM]: at('right.png') })).pixels?.equals(EXPECTED)).toBe(true);
  });

  it('that the command names wrongly, or not, is refused', async () => {
    put('right.png', PNG);
    for (const [inputs, code] of [
      [{ [SUM]: 'right.png' }, 'CMD-E005'],
      [{ [SUM.toUpperCase()]: at('right.png') }, 'CMD-E005'],
      [[at('right.png')], 'CMD-E005'],
      [{}, 'CMD-E013'],
      [undefined, 'CMD-E013'],
    ] as const) {
      const { reply } = await ask(inputs);
      expect(reply).toMatchObject({ status: 'refused', error: { code } });
    }
    expect((await ask({ [SUM]: at('right.png') })).reply.status).toBe('ok');
  });

  it('that is larger than its IMAGE asks for is refused before it is inflated', async () => {
    const side = 4_096;
    put('bomb.png', writePng(new Uint8Array(side * side * 4), { width: side, height: side }));
    const begun = performance.now();
    expect((await ask({ [SUM]: at('bomb.png') })).reply.error?.message).toContain('found a PNG of 4096×4096');
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
