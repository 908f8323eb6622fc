import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { readChunks } from '../../../shared/cartridge/chunk.ts';
import { labelOf } from '../../../shared/cartridge/label.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { keywordOf } from '../../../shared/cartridge/text-chunk.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { pressing, RUN, ramp, USED, withPixelsOf } from './sample.ts';

const SEED = 4_2026;

const text = fc.string({ unit: 'binary', maxLength: 60 });
const side = fc.integer({ min: 1, max: 33 });
const pressings = fc
  .record({
    width: side,
    height: side,
    fill: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    program: text,
    name: text,
    adapter: text,
    time: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  })
  .map(({ width, height, fill, program, name, adapter, time }) => {
    const canvas = { width, height };
    const pixels = Uint8Array.from({ length: width * height * 4 }, (_, i) => fill[i % fill.length] ?? 0);
    const label = labelOf({
      program,
      canvas,
      used: USED,
      checksum: sha256Hex(pixels),
      script: { name, revision: 7 },
      price: { steps: 1, shapes: 2, pixels_written: 3, bytes: 4 },
    });
    return {
      pixels,
      canvas,
      label,
      run: { ...RUN, adapter, timings_ms: { paint: 0.25 } },
      createdAt: time.toISOString(),
    };
  });

describe('press', () => {
  it('is undone by openCartridge, for any canvas, pixels and text', () => {
    fc.assert(
      fc.property(pressings, (given) => {
        const read = openCartridge(press(given));
        expect(Buffer.compare(read.pixels, given.pixels)).toBe(0);
        expect(read).toMatchObject({
          canvas: given.canvas,
          label: given.label,
          run: given.run,
          newer: undefined,
          text: { cartridge_type: 'pixel', checksum: sha256Hex(given.pixels), created_at: given.createdAt },
        });
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('gives the same bytes for the same input, and other bytes for one other pixel bit', () => {
    const canvas = { width: 17, height: 5 };
    const once = press(pressing(canvas));
    expect(Buffer.compare(press(pressing(canvas)), once)).toBe(0);
    const flipped = ramp(canvas);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    expect(Buffer.compare(press(pressing(canvas, flipped)), once)).not.toBe(0);
  });

  it('writes its chunks in the order of docs/cartridge.md', () => {
    const names = readChunks(press(pressing())).map((chunk) => [chunk.type, keywordOf(chunk)]);
    expect(names).toEqual([
      ['IHDR', undefined],
      ['tEXt', 'cartridge_type'],
      ['tEXt', 'checksum'],
      ['tEXt', 'created_at'],
      ['iTXt', 'gvpie'],
      ['iTXt', 'gvpie_run'],
      ['IDAT', undefined],
      ['IEND', undefined],
    ]);
  });

  it('presses what opens even when the program is as long and its glyphs are as many as can be', () => {
    const worst = (program: string, used = USED): number => {
      const given = pressing();
      const label = labelOf({ program, canvas: given.canvas, used, checksum: given.label.checksum });
      const file = press({ ...given, label });
      expect(openCartridge(file).label.program.length).toBe(program.length);
      return file.length;
    };
    expect(worst('\u0001'.repeat(LIMITS.sourceBytes))).toBeGreaterThan(6 * LIMITS.sourceBytes);

    const points: number[] = [];
    let bytes = 0;
    for (let point = 0x20; bytes < LIMITS.sourceBytes - 4; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      points.push(point);
      bytes += Buffer.byteLength(String.fromCodePoint(point));
    }
    const name = (point: number): string => point.toString(16).toUpperCase().padStart(4, '0');
    const glyphs = Object.fromEntries(points.map((point) => [name(point), '050700000000000000']));
    expect(
      worst(points.map((point) => String.fromCodePoint(point)).join(''), { ...USED, glyphs }),
    ).toBeGreaterThan(8 * LIMITS.sourceBytes);
  });

  it('refuses to make a cartridge that lies', () => {
    const good = pressing();
    const elsewhere = { ...good.label, canvas: { width: 2, height: 3 } };
    expect(() => press(good)).not.toThrow();
    expect(() => press({ ...good, pixels: good.pixels.subarray(1) })).toThrow('invariant');
    expect(() => press({ ...good, pixels: good.pixels.map((byte) => byte ^ 1) })).toThrow('invariant');
    expect(() => press({ ...good, label: elsewhere })).toThrow('invariant');
    expect(() => press({ ...good, createdAt: '2026-01-02 03:04:05' })).toThrow('invariant');
    expect(() => press({ ...good, label: { ...good.label, program: '\ud800' } })).toThrow('surrogate');
  });
});

describe('other programs', () => {
  const canvas = { width: 61, height: 23 };
  const given = pressing(canvas);
  const file = press(given);

  it('sharp reads the pixels and the texts', async () => {
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ ...canvas, channels: 4 });
    expect(Buffer.compare(data, given.pixels)).toBe(0);
    const { comments } = await sharp(file).metadata();
    expect(comments).toContainEqual({ keyword: 'cartridge_type', text: 'pixel' });
    expect(comments).toContainEqual({ keyword: 'checksum', text: given.label.checksum });
  });

  it('the comparison with sharp objects to one flipped bit', async () => {
    const data = await sharp(file).raw().toBuffer();
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    expect(Buffer.compare(data, given.pixels)).not.toBe(0);
  });

  it('a picture that sharp filtered and compressed anew opens with the same pixels', async () => {
    const filtered = await sharp(given.pixels, { raw: { ...canvas, channels: 4 } })
      .png({ adaptiveFiltering: true, compressionLevel: 9 })
      .toBuffer();
    const read = openCartridge(withPixelsOf(file, filtered));
    expect(Buffer.compare(read.pixels, given.pixels)).toBe(0);
  });

  it('pngcheck finds no fault', (context) => {
    if (pngcheck('-h').error) skipLoudly(context, 'pngcheck is not installed');
    const found = inFile(file, (path) => pngcheck('-v', path));
    expect(found.stdout).toContain('No errors detected');
    const damaged = Buffer.from(file);
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    expect(inFile(damaged, (path) => pngcheck('-v', path)).status).not.toBe(0);
  });

  it('Pillow shows the texts in Image.info and the same pixels', (context) => {
    if (spawnSync('python3', ['-c', 'import PIL']).status !== 0)
      skipLoudly(context, 'python3 with Pillow is not installed');
    const script = [
      'import hashlib, json, sys',
      'from PIL import Image',
      'image = Image.open(sys.argv[1]); image.load()',
      'print(json.dumps([dict(image.info), image.mode, hashlib.sha256(image.tobytes()).hexdigest()]))',
    ].join('\n');
    const { stdout } = inFile(file, (path) =>
      spawnSync('python3', ['-c', script, path], { encoding: 'utf8' }),
    );
    const [info, mode, checksum] = JSON.parse(stdout);
    expect(info).toMatchObject({
      cartridge_type: 'pixel',
      checksum: given.label.checksum,
      created_at: given.createdAt,
    });
    expect(JSON.parse(info.gvpie)).toEqual(given.label);
    expect(mode).toBe('RGBA');
    expect(checksum).toBe(given.label.checksum);
  });
});

const PNGCHECK = 'pngcheck';

function pngcheck(...args: string[]): { error?: Error; status: number | null; stdout: string } {
  return spawnSync(PNGCHECK, args, { encoding: 'utf8' });
}

function skipLoudly(context: { skip: (note: string) => void }, why: string): void {
  console.warn(`SKIPPED: ${why}`);
  context.skip(why);
}

function inFile<T>(bytes: Uint8Array, action: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'gvpie-cartridge-'));
  try {
    const path = join(folder, 'cartridge.png');
    writeFileSync(path, bytes);
    return action(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
