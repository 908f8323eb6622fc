/** The fast machine, held to the definition: the same stream, to the byte, whatever the picture. */
import { inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Canvas } from '../../../shared/canvas.ts';
import { BLOCK_RUNS, PlainRuns } from '../../../shared/cartridge/difference-runs.ts';
import { fastRuns } from '../../../shared/cartridge/fast-runs.ts';
import { deflateRuns } from '../../../shared/cartridge/row-difference.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { moduleOf, repeatWhile, WasmFunction } from '../../../shared/wasm/assembler.ts';
import { add, get, i32, isBelow, load, set, store } from '../../../shared/wasm/instructions.ts';

const SEED = 7_2026;

declare const WebAssembly: {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { readonly exports: object };
  Memory: { readonly prototype: { grow(pages: number): number } };
};

/** Both streams, which are the same; and whether they say what PNG's filter Up makes of the pixels. */
function streamOf(words: Int32Array, canvas: Canvas): Buffer {
  const fast = fastRuns(words, canvas.width);
  if (fast === undefined) throw new Error('Expected WebAssembly with vectors, found none');
  const stream = Buffer.concat(deflateRuns(fast, canvas));
  const plain = Buffer.concat(deflateRuns(new PlainRuns(words, canvas.width), canvas));
  if (Buffer.compare(stream, plain) !== 0)
    throw new Error(`Expected the same stream of ${JSON.stringify(canvas)}`);
  return stream;
}

function filtered(words: Int32Array, { width, height }: Canvas): Buffer {
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const stride = 4 * width + 1;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    rows[y * stride] = 2;
    for (let i = 0; i < 4 * width; i++) {
      const at = 4 * width * y + i;
      rows[y * stride + 1 + i] = (bytes[at] ?? 0) - (y === 0 ? 0 : (bytes[at - 4 * width] ?? 0));
    }
  }
  return rows;
}

/** Flat shapes on a ground, some of them noise, some translucent. */
function picture(canvas: Canvas, seed: number): Int32Array {
  const { width, height } = canvas;
  const random = seededBetween(seed);
  const words = new Int32Array(width * height).fill(random(0, 2) === 0 ? 0 : -16_777_216);
  for (let shapes = random(0, 30); shapes > 0; shapes--) {
    const [x, y] = [random(0, width), random(0, height)];
    const [right, below] = [random(x, width) + 1, random(y, height) + 1];
    const color = random(0, 0x1_0000_0000) | (random(0, 3) === 0 ? 0 : 0xff000000);
    const isNoise = random(0, 8) === 0;
    for (let row = y; row < below; row++) {
      for (let column = x; column < right; column++) {
        words[row * width + column] = isNoise ? random(0, 0x1_0000_0000) : color;
      }
    }
  }
  return words;
}

describe('the fast machine', () => {
  it('gives the stream of the definition for pictures by chance of all widths', () => {
    for (let n = 0; n < 400; n++) {
      const random = seededBetween(SEED + n);
      const canvas = { width: 1 + (n % 200), height: random(1, 40) };
      const words = picture(canvas, SEED + n);
      expect(Buffer.compare(inflateSync(streamOf(words, canvas)), filtered(words, canvas))).toBe(0);
    }
  });

  it('gives it for the widest canvas, the narrowest, and matches of all lengths around the longest', () => {
    for (const canvas of [
      { width: LIMITS.canvasSide, height: 9 },
      { width: 1, height: LIMITS.canvasSide },
    ]) {
      for (const seed of [1, 2, 3]) streamOf(picture(canvas, seed), canvas);
    }
    for (let width = 60; width < 200; width++) {
      const canvas = { width, height: 4 };
      const words = new Int32Array(4 * width);
      words.fill(-1, width, 2 * width);
      words.fill(0x01020304, 3 * width - 2, 4 * width - 1);
      expect(Buffer.compare(inflateSync(streamOf(words, canvas)), filtered(words, canvas))).toBe(0);
    }
  });

  it('gives it over several blocks, and for more bytes than its memory began with', () => {
    const canvas = { width: 512, height: 700 };
    const random = seededBetween(SEED);
    const words = new Int32Array(canvas.width * canvas.height).map(() => random(0, 0x1_0000_0000));
    expect(words.length).toBeGreaterThan(4 * BLOCK_RUNS);
    expect(Buffer.compare(inflateSync(streamOf(words, canvas)), filtered(words, canvas))).toBe(0);
  });

  it('begins every picture anew, whatever became of the one before', () => {
    const canvas = { width: 33, height: 20 };
    const words = picture(canvas, SEED);
    const before = streamOf(words, canvas);
    const other = fastRuns(picture({ width: 500, height: 30 }, 5), 500);
    for (let y = 0; y < 7; y++) other?.gather();
    expect(Buffer.compare(streamOf(words, canvas), before)).toBe(0);
  });

  it('is not given the same stream for one flipped bit: the comparison can fail', () => {
    const canvas = { width: 70, height: 20 };
    const words = picture(canvas, SEED);
    const before = streamOf(words, canvas);
    words[777] = (words[777] ?? 0) ^ 0x8000;
    expect(Buffer.compare(streamOf(words, canvas), before)).not.toBe(0);
  });
});

describe('a machine that gets no memory', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  // Rows so long that a block of them has more bytes than the machine has room for at first.
  const canvas = { width: 16_382, height: 5 };
  const fault = new RangeError('Out of memory: Cannot allocate Wasm memory');

  /** By modules that have made no machine yet. */
  async function stream(words: Int32Array): Promise<Buffer> {
    vi.resetModules();
    const { deflateDifferences } = await import('../../../shared/cartridge/row-difference.ts');
    return Buffer.concat(deflateDifferences(words, canvas));
  }

  function instanceThat(fails: Error) {
    return class {
      readonly exports = {};

      constructor() {
        throw fails;
      }
    };
  }

  it.each([
    ['to begin with', () => vi.spyOn(WebAssembly, 'Instance').mockImplementation(instanceThat(fault))],
    ['for more', () => vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockThrowOnce(fault)],
  ])('%s leaves the picture to the definition', async (_, deny) => {
    const random = seededBetween(SEED);
    const words = Int32Array.from({ length: canvas.width * canvas.height }, () => random(0, 0x1_0000_0000));
    const before = await stream(words);
    const denied = deny();
    expect(Buffer.compare(await stream(words), before)).toBe(0);
    expect(denied).toHaveBeenCalled();
  });

  it('is told from one that is broken', async () => {
    vi.spyOn(WebAssembly, 'Instance').mockImplementation(instanceThat(new TypeError('broken')));
    await expect(stream(new Int32Array(canvas.width * canvas.height))).rejects.toThrow('broken');
  });
});

describe('the assembler', () => {
  it('makes functions that compute, from nested instructions', () => {
    const f = new WasmFunction('sumTo', 2, true);
    const [from, to] = [0, 1];
    const sum = f.i32();
    f.body(
      repeatWhile(
        isBelow(get(from), get(to)),
        set(sum, add(get(sum), get(from))),
        set(from, add(get(from), i32(1))),
      ),
      store(i32(64), get(sum), 300),
      load(i32(0), 364),
    );
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(1, [f])));
    const { sumTo, memory } = exports as {
      sumTo(from: number, to: number): number;
      memory: { buffer: ArrayBuffer };
    };
    expect([sumTo(0, 1), sumTo(3, 6), sumTo(0, 1000)]).toEqual([0, 12, 499_500]);
    expect(new DataView(memory.buffer).getInt32(364, true)).toBe(499_500);
  });

  it('writes numbers of any size, signed and unsigned', () => {
    for (const value of [0, 1, 63, 64, 127, 128, 300, 65_535, 2 ** 31 - 1, -1, -64, -65, -(2 ** 31)]) {
      const f = new WasmFunction('f', 0, true);
      f.body(i32(value));
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(200, [f])));
      expect((exports as { f(): number }).f()).toBe(value);
    }
  });
});
