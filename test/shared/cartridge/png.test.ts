/** The forms in which pixels are written, each read back by ourselves and by pngjs, which knows nothing of ours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { cpuPainter } from '../../../renderer/raster/cpu-painter.ts';
import { render } from '../../../renderer/render.ts';
import { type Canvas, canvasBytes } from '../../../shared/canvas.ts';
import { readChunks } from '../../../shared/cartridge/chunk.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { writePng } from '../../../shared/cartridge/png.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { parts, png, pressing } from './sample.ts';

const SEED = 6_2026;

/** A picture of `count` colours, or as many as the canvas has pixels, all at `alpha`. */
function colored(canvas: Canvas, count: number, alpha = 255): Uint8Array {
  const random = seededBetween(SEED + count);
  const pixels = new Uint8Array(canvasBytes(canvas));
  for (let at = 0; at < pixels.length / 4; at++) {
    // In stretches, as flat art is, after each colour has come once.
    const color = at < count || random(0, 3) === 0 ? at % count : (pixels[4 * at - 4] ?? 0) % count;
    pixels.set([color, color >> 8, (color * 7) & 255, alpha], 4 * at);
  }
  return pixels;
}

function noise(canvas: Canvas): Uint8Array {
  const random = seededBetween(SEED);
  return new Uint8Array(canvasBytes(canvas)).map(() => random(0, 256));
}

/** What IHDR says: bits and colour type. */
function formOf(file: Uint8Array): string {
  const [chunk] = readChunks(file);
  return `${chunk?.data[8]} bits, type ${chunk?.data[9]}`;
}

/** The pixels as pngjs reads them and as we do; the same, or it says so. */
function readBack(file: Uint8Array, canvas: Canvas, pixels: Uint8Array): void {
  const theirs = PNG.sync.read(Buffer.from(file));
  expect([theirs.width, theirs.height]).toEqual([canvas.width, canvas.height]);
  expect(Buffer.compare(theirs.data, pixels)).toBe(0);
  expect(Buffer.compare(ours(file, canvas, pixels), pixels)).toBe(0);
}

/** Opens the file with the texts of a cartridge put in. */
function ours(file: Uint8Array, canvas: Canvas, pixels: Uint8Array): Uint8Array {
  const { cartridge_type, checksum, created_at, gvpie } = parts(pressing(canvas, pixels));
  const [header = new Uint8Array(0), ...rest] = chunksOf(file);
  return openCartridge(png([header, cartridge_type, checksum, created_at, gvpie, ...rest])).pixels;
}

function chunksOf(file: Uint8Array): Uint8Array[] {
  return readChunks(file).map(({ offset, data }) => file.subarray(offset, offset + data.length + 12));
}

function roundTrip(canvas: Canvas, pixels: Uint8Array): string {
  const file = writePng(pixels, canvas);
  readBack(file, canvas, pixels);
  return formOf(file);
}

describe('the form of a file', () => {
  it.each([
    [1, '1 bits, type 3'],
    [2, '1 bits, type 3'],
    [3, '2 bits, type 3'],
    [4, '2 bits, type 3'],
    [5, '4 bits, type 3'],
    [16, '4 bits, type 3'],
    [17, '8 bits, type 3'],
    [256, '8 bits, type 3'],
    [257, '8 bits, type 6'],
  ])('with %i colours is %s, whatever the width', (count, form) => {
    for (const width of [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 64]) {
      const canvas = { width, height: Math.ceil(600 / width) };
      expect(roundTrip(canvas, colored(canvas, count))).toBe(form);
    }
  });

  it('is RGBA as soon as one pixel is not opaque, be it the first, the last or a transparent black', () => {
    const canvas = { width: 9, height: 5 };
    for (const count of [1, 2, 3, 200]) {
      for (const at of [0, 17, 44]) {
        for (const alpha of [254, 0]) {
          const pixels = colored(canvas, count);
          expect(roundTrip(canvas, pixels)).toMatch('type 3');
          pixels[4 * at + 3] = alpha;
          expect(roundTrip(canvas, pixels)).toBe('8 bits, type 6');
          pixels.fill(0, 4 * at, 4 * at + 4);
          expect(roundTrip(canvas, pixels)).toBe('8 bits, type 6');
        }
      }
    }
    expect(roundTrip(canvas, new Uint8Array(canvasBytes(canvas)))).toBe('8 bits, type 6');
  });

  it('finds the 257th colour, the 17th, the fifth and the third where no probe looks', () => {
    const canvas = { width: 128, height: 128 };
    for (const [count, before, after] of [
      [256, '8 bits, type 3', '8 bits, type 6'],
      [16, '4 bits, type 3', '8 bits, type 3'],
      [4, '2 bits, type 3', '4 bits, type 3'],
      [2, '1 bits, type 3', '2 bits, type 3'],
    ] as const) {
      const pixels = colored(canvas, count);
      expect(roundTrip(canvas, pixels)).toBe(before);
      for (const at of [1, 300, 128 * 128 - 1]) {
        const other = pixels.slice();
        other.set([1, 2, 3], 4 * at);
        other.set(pixels.subarray(4 * at, 4 * at + 4), 4 * 129);
        expect(roundTrip(canvas, other)).toBe(after);
      }
    }
  });

  it('is not known by the shape: one pixel, one row, one column', () => {
    expect(roundTrip({ width: 1, height: 1 }, Uint8Array.of(1, 2, 3, 255))).toBe('1 bits, type 3');
    expect(roundTrip({ width: 1, height: 1 }, Uint8Array.of(1, 2, 3, 4))).toBe('8 bits, type 6');
    for (const canvas of [
      { width: LIMITS.canvasSide, height: 1 },
      { width: 1, height: LIMITS.canvasSide },
      { width: LIMITS.canvasSide, height: 3 },
    ]) {
      for (const count of [1, 2, 4, 16, 256, 257]) roundTrip(canvas, colored(canvas, count));
      roundTrip(canvas, noise(canvas));
    }
  });
});

describe('the bytes of a file', () => {
  it('are the same wherever in memory the pixels lie', () => {
    const canvas = { width: 34, height: 21 };
    for (const pixels of [colored(canvas, 2), colored(canvas, 100), colored(canvas, 300), noise(canvas)]) {
      const file = writePng(pixels, canvas);
      for (const offset of [1, 2, 3, 4, 8, 12]) {
        const moved = new Uint8Array(offset + pixels.length + 5).fill(77);
        moved.set(pixels, offset);
        const again = writePng(moved.subarray(offset, offset + pixels.length), canvas);
        expect(Buffer.compare(file, again)).toBe(0);
      }
    }
  });

  it('are for flat art less than half of those that the best of deflate needs without a filter', async () => {
    const program =
      'FOR i 0 600\nCOLOR (i*53)%251 (i*97)%241 i%7\nRECT (i*53)%600 (i*31)%380 20 10+i%9\nEND\nTXT 5 5 Rows';
    const canvas = { width: 640, height: 400 };
    const { pixels } = await render(Buffer.from(program), canvas, cpuPainter, () => 0);
    const theirs = PNG.sync.write(Object.assign(new PNG(canvas), { data: Buffer.from(pixels) }), {
      filterType: 0,
      deflateLevel: 9,
    });
    expect(roundTrip(canvas, pixels)).toBe('8 bits, type 6');
    expect(writePng(pixels, canvas).length).toBeLessThan(theirs.length / 2);
  });
});

describe('the stream of differences', () => {
  /** Not opaque, so that no palette fits. */
  const base = (canvas: Canvas): Uint8Array => new Uint8Array(canvasBytes(canvas)).fill(1);

  it('holds stretches of every length, equal ones and changed ones, around the longest match', () => {
    for (let width = 1; width <= 210; width++) {
      const canvas = { width, height: 6 };
      const pixels = base(canvas);
      const row = (y: number): Uint8Array => pixels.subarray(4 * width * y, 4 * width * (y + 1));
      row(1).fill(200);
      row(2).fill(200, 0, 4 * Math.floor(width / 2));
      row(3).fill(9, 4 * (width - 1));
      row(4).set(noise({ width, height: 1 }));
      roundTrip(canvas, pixels);
    }
  });

  it('goes on over blocks, of which each begins where in a byte the one before ended', () => {
    const canvas = { width: 333, height: 301 };
    const pixels = noise(canvas);
    roundTrip(canvas, pixels);
    const stream = readChunks(writePng(pixels, canvas)).find(({ type }) => type === 'IDAT');
    expect(inflateSync(stream?.data ?? new Uint8Array(0)).length).toBe(301 * (4 * 333 + 1));
    // Of noise it is hardly longer than the pixels.
    expect(stream?.data.length).toBeLessThan(1.02 * pixels.length);
  });

  it('is noticed to be wrong when one byte of it is another', () => {
    const canvas = { width: 40, height: 10 };
    const pixels = colored(canvas, 300);
    const file = Buffer.from(writePng(pixels, canvas));
    const { offset = 0, data } = readChunks(file).find(({ type }) => type === 'IDAT') ?? {};
    const stream = Buffer.from(data ?? []);
    expect(() => inflateSync(stream)).not.toThrow();
    stream[stream.length - 1] = (stream.at(-1) ?? 0) ^ 1;
    expect(() => inflateSync(stream)).toThrow('incorrect data check');
    file[offset + 20] = (file[offset + 20] ?? 0) ^ 1;
    expect(() => PNG.sync.read(file)).toThrow();
  });

  it('comes through pictures by chance, of all sizes', () => {
    const random = seededBetween(SEED);
    for (let n = 0; n < 150; n++) {
      const canvas = { width: random(1, 90), height: random(1, 60) };
      const pixels = colored(canvas, random(1, 700), random(0, 4) === 0 ? 128 : 255);
      for (let change = random(0, 20); change > 0; change--) {
        const from = random(0, pixels.length);
        pixels.copyWithin(from, random(0, pixels.length), random(0, pixels.length));
      }
      roundTrip(canvas, pixels);
    }
  });
});

describe('other programs', () => {
  const files = [1, 3, 12, 200, 300].map((count) => {
    const canvas = { width: 61, height: 23 };
    return { count, pixels: colored(canvas, count), file: writePng(colored(canvas, count), canvas) };
  });

  it('pngcheck finds no fault in any form', (context) => {
    if (spawnSync(PNGCHECK, ['-h']).error) skipLoudly(context, 'pngcheck is not installed');
    const check = (file: Uint8Array): string =>
      inFile(file, (path) => spawnSync(PNGCHECK, ['-v', path], { encoding: 'utf8' }).stdout);
    for (const { file } of files) expect(check(file)).toContain('No errors detected');
    const damaged = Buffer.from(files[0]?.file ?? []);
    damaged[30] = (damaged[30] ?? 0) ^ 1;
    expect(check(damaged)).not.toContain('No errors detected');
  });

  it('Pillow shows the same pixels, whatever the form', (context) => {
    if (spawnSync('python3', ['-c', 'import PIL']).status !== 0)
      skipLoudly(context, 'python3 with Pillow is not installed');
    const script =
      'import sys; from PIL import Image; sys.stdout.buffer.write(Image.open(sys.argv[1]).convert("RGBA").tobytes())';
    for (const { file, pixels } of files) {
      const { stdout } = inFile(file, (path) => spawnSync('python3', ['-c', script, path]));
      expect(Buffer.compare(stdout, pixels)).toBe(0);
    }
  });
});

const PNGCHECK = 'pngcheck';

function skipLoudly(context: { skip: (note: string) => void }, why: string): void {
  console.warn(`SKIPPED: ${why}`);
  context.skip(why);
}

function inFile<T>(bytes: Uint8Array, action: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'gvpie-png-'));
  try {
    const path = join(folder, 'picture.png');
    writeFileSync(path, bytes);
    return action(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
