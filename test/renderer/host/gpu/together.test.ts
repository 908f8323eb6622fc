/** Many canvases in one submission: each is as if it were alone, whatever its neighbours are and whatever fails. */
import { afterEach, expect, it } from 'vitest';
import type { EncodedList } from '../../../../renderer/display/builder.ts';
import { encode } from '../../../../renderer/display/encode.ts';
import { Engine, type EngineOptions } from '../../../../renderer/host/gpu/engine.ts';
import { GpuPainter } from '../../../../renderer/host/gpu/gpu-painter.ts';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { batchOf, fits, NO_LOAD, type Piece, pieceOf, together } from '../../../../renderer/raster/batch.ts';
import { randomList } from '../../../../renderer/raster/conformance/random-list.ts';
import { rawImageCases } from '../../../../renderer/raster/conformance/raw-images.ts';
import { hostileCases, rawCases } from '../../../../renderer/raster/conformance/raw-words.ts';
import { spansCases } from '../../../../renderer/raster/conformance/spans.ts';
import { paintedOnCpu, paintOnCpu } from '../../../../renderer/raster/cpu-painter.ts';
import { GPU_BOUNDS } from '../../../../renderer/raster/gpu-bounds.ts';
import type { Painted } from '../../../../renderer/raster/painter.ts';
import { encodeProgram } from '../../../../renderer/timing/pictures.ts';
import { type Hand, openFaulty } from '../../../support/faulty-gpu.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';

const LISTS_SEED = 7_000;

async function engineOn(hand: Hand, options: EngineOptions = {}) {
  const gpu = await openFaulty(hand);
  return {
    ...gpu,
    trials: [],
    engine: await Engine.on(gpu.device, readShader(), { isSoftware: gpu.isSoftware, ...options }),
  };
}

const painters: GpuPainter[] = [];
afterEach(async () => {
  for (const painter of painters.splice(0)) await painter.close();
});

/** A painter, and the calls of its device from now on. */
async function scene(options: EngineOptions = {}) {
  const hand: Hand = {};
  const steps: string[] = [];
  const rests: number[] = [];
  const painter = new GpuPainter(await engineOn(hand, options), {
    reopen: async () => ({ absent: 'gone', hint: '' }),
    standIn: (list, why) => paintedOnCpu(paintOnCpu(list), why),
    reason: 'asked for',
    monotonic: () => 0,
    later(ms) {
      rests.push(ms);
      return () => {};
    },
  });
  painters.push(painter);
  const paintAll = (lists: readonly EncodedList[]): Promise<Painted[]> =>
    Promise.all(lists.map(async (list) => painter.paint(list)));
  // Compiled, for both kinds of lists: from now on what is submitted is submitted at once.
  await paintAll([small(1), mixed(1)]);
  hand.before = (step) => {
    steps.push(step);
  };
  return { painter, hand, steps, rests, paintAll };
}

const small = (n: number, width = 128, height = 64): EncodedList =>
  encodeProgram(Buffer.from(`TXT ${n % 50} 10 No ${n}\nRECT 10 20 ${1 + (n % 100)} ${1 + (n % 40)}`), {
    width,
    height,
  });
const mixed = (n: number): EncodedList =>
  encodeProgram(Buffer.from(`TXT 3 3 No ${n}\nDISC 20 20 ${1 + (n % 20)}\nBLEND ADD\nRECT 1 1 50 30`), {
    width: 64,
    height: 40,
  });

/** As many as are to go together. */
const several = (count: number): EncodedList[] => Array.from({ length: count }, (_, n) => small(n));

function expectRight(lists: readonly EncodedList[], pictures: readonly Uint8Array[]): void {
  expect(pictures).toHaveLength(lists.length);
  for (const [n, list] of lists.entries()) {
    const same = Buffer.compare(pictures[n] ?? new Uint8Array(), paintOnCpu(list)) === 0;
    expect(same, `canvas ${n} of ${lists.length}, ${list.canvas.width}×${list.canvas.height}`).toBe(true);
  }
}

const pixelsOf = (painted: readonly Painted[]): Uint8Array[] => painted.map(({ pixels }) => pixels);

describeWithGpu('canvases that are painted together', () => {
  /** Paints lists in batches of so many, or as many as fit. */
  async function inBatches(lists: readonly EncodedList[], most: number, engine: Engine): Promise<number> {
    let batches = 0;
    for (let at = 0; at < lists.length; ) {
      const pieces: Piece[] = [];
      for (let load = NO_LOAD; pieces.length < most && at < lists.length; at++) {
        const piece = pieceOf(lists[at]!, engine.limits);
        if (piece === undefined) continue;
        if (!fits(load, piece, engine.limits)) break;
        load = together(load, piece);
        pieces.push(piece);
      }
      if (pieces.length === 0) break;
      batches++;
      const painted = await engine.paintBatch(batchOf(pieces), () => {});
      expectRight(
        pieces.map(({ list }) => list),
        painted,
      );
    }
    return batches;
  }

  it.each([1, 2, 7, Number.POSITIVE_INFINITY])(
    `are right in batches of %d, random lists from ${LISTS_SEED}`,
    { timeout: 120_000 },
    async (most) => {
      const { engine } = await engineOn({}, { limits: { dispatchWork: GPU_BOUNDS.dispatchWork } });
      const lists = Array.from({ length: 60 }, (_, n) => randomList(LISTS_SEED + n));
      expect(await inBatches(lists, most, engine)).toBeLessThanOrEqual(Math.ceil(60 / most) || 8);
    },
  );

  it('are right whatever words the lists hold, and see nothing of one another', {
    timeout: 120_000,
  }, async () => {
    const { engine } = await engineOn({}, { limits: { dispatchWork: GPU_BOUNDS.dispatchWork } });
    const cases = [...rawCases(), ...hostileCases(), ...rawImageCases(), ...spansCases()];
    // Between neighbours that fill their pools and canvases.
    const lists = cases.flatMap(({ list }, n) => [list, small(n, 33, 31)]);
    expect(await inBatches(lists, 50, engine)).toBeGreaterThan(1);
  });

  it('are right in every size: of one pixel, with a part of a tile, of many', async () => {
    const { paintAll, steps } = await scene();
    const sizes = [
      [1, 1],
      [33, 31],
      [128, 64],
      [2, 300],
      [300, 2],
      [256, 256],
    ] as const;
    const lists = sizes.flatMap(([width, height], n) => [
      small(n, width, height),
      small(n + 9, height, width),
    ]);
    expectRight(lists, pixelsOf(await paintAll(lists)));
    expect(steps.filter((step) => step === 'queue.submit')).toHaveLength(1);
  });

  it('are as few submissions as fit them, and say so each for itself', async () => {
    const { paintAll, steps } = await scene();
    const lists = several(400);
    const painted = await paintAll(lists);
    expectRight(lists, pixelsOf(painted));
    for (const one of painted)
      expect(one).toMatchObject({ backend: 'gpu', dispatches: 1, standIn: undefined });
    const submits = steps.filter((step) => step === 'queue.submit').length;
    expect(submits).toBeGreaterThan(1);
    expect(submits).toBeLessThan(10);
  });

  it('have memory of their own', async () => {
    const { paintAll } = await scene();
    const lists = several(3);
    const [first, second] = await paintAll(lists);
    expect(first?.pixels.buffer.byteLength).toBe(128 * 64 * 4);
    first?.pixels.fill(7);
    expectRight(lists.slice(1, 2), [second?.pixels ?? new Uint8Array()]);
  });

  it('show nothing of what lay in the buffers before', async () => {
    const buffers: GPUBuffer[] = [];
    const { engine, device } = await engineOn({
      buffer: (descriptor) => ({ ...descriptor, usage: descriptor.usage | GPUBufferUsage.COPY_DST }),
      made: (buffer) => buffers.push(buffer),
    });
    const lists = [...several(20), small(3, 1, 1), small(4, 35, 33)];
    for (let round = 0; round < 3; round++) {
      await inBatches(lists, 5, engine);
      for (const buffer of buffers)
        device.queue.writeBuffer(buffer, 0, new Uint8Array(buffer.size).fill(0xef));
    }
    expect(buffers.length).toBeGreaterThanOrEqual(4);
  });

  /** Of all calls, those of a submission and of its reading. */
  const readings = (steps: readonly string[]) =>
    steps.flatMap((step) => /(?:submit|getMappedRange|unmap)$/.exec(step)?.[0] ?? []);

  it('go two submissions at a time where no more fit the first', async () => {
    const { paintAll, steps } = await scene({ limits: { bandBytes: 2 * 128 * 64 * 4 } });
    await paintAll(several(7));
    const seen = readings(steps);
    expect(seen.slice(0, 2)).toEqual(['submit', 'submit']);
    const underWay = seen.map((_, at) => {
      const count = (what: string) => seen.slice(0, at + 1).filter((one) => one === what).length;
      return count('submit') - count('unmap');
    });
    expect(Math.max(...underWay)).toBe(2);
    expect(seen.filter((step) => step === 'submit')).toHaveLength(4);
  });

  it('and come while one is painted go when that is done, before its pixels are copied', async () => {
    const { painter, hand, steps, paintAll } = await scene();
    const lists = several(9);
    let rest: Promise<Painted[]> | undefined;
    hand.before = (step) => {
      steps.push(step);
      if (step === 'buffer.mapAsync') rest ??= paintAll(lists);
    };
    const first = await painter.paint(small(1));
    expectRight([small(1), ...lists], [first.pixels, ...pixelsOf((await rest) ?? [])]);
    expect(readings(steps)).toEqual([
      'submit',
      'getMappedRange',
      'submit',
      'unmap',
      'getMappedRange',
      'unmap',
    ]);
  });

  it('are all right when the device is lost before any call, and it is one fault', {
    timeout: 120_000,
  }, async () => {
    const lists = [...several(6), mixed(1), mixed(2)];
    for (let call = 0, isOver = false; !isOver; call += 5) {
      const { hand, rests, paintAll } = await scene();
      let calls = 0;
      isOver = true;
      hand.before = (_, device) => {
        if (calls++ !== call) return;
        isOver = false;
        device.destroy();
      };
      const painted = await paintAll(lists);
      expectRight(lists, pixelsOf(painted));
      expect(rests, `lost at call ${call}`).toEqual(isOver ? [] : [250]);
      for (const { backend, standIn } of painted) expect(standIn === undefined).toBe(backend === 'gpu');
      if (isOver) expect(painted.every(({ backend }) => backend === 'gpu')).toBe(true);
      else expect(painted.some(({ standIn }) => standIn?.startsWith('lost: '))).toBe(true);
    }
  });

  it('are all painted by the CPU when their submission does not come back', async () => {
    const { hand, paintAll } = await scene({ silenceMs: 2_000 });
    hand.map = () => 'never';
    const lists = several(5);
    const painted = await paintAll(lists);
    expectRight(lists, pixelsOf(painted));
    expect(new Set(painted.map(({ standIn }) => standIn))).toEqual(
      new Set(['silent: the GPU has not answered for 2000 ms']),
    );
  });

  it('are not troubled by one that the GPU cannot take, nor by one that is slow to it', async () => {
    const { painter, rests, paintAll } = await scene({ limits: { pictureWork: 2 ** 22 } });
    const large = encode([], { width: 3_000, height: 2_000 });
    const lists = [small(1), large, small(2), mixed(3)];
    const painted = await paintAll(lists);
    expectRight(lists, pixelsOf(painted));
    expect(painted.map(({ backend }) => backend)).toEqual(['gpu', 'cpu', 'gpu', 'gpu']);
    expect(painted[1]?.standIn).toContain('pixels times shapes or fewer for the GPU');
    expect([rests, painter.standing.health]).toEqual([[], 'ok']);
  });

  it('are not troubled by one for which we have no memory ourselves: it alone fails', async () => {
    const { painter } = await scene({ limits: { pictureWork: Number.POSITIVE_INFINITY } });
    const outcomes = await Promise.allSettled(
      [small(1), encode([], { width: 70_000, height: 70_000 }), small(2)].map(async (list) =>
        painter.paint(list),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describeWithGpu('a picture of several bands', () => {
  it('has each band submitted before the one above it is read back', async () => {
    const { painter, steps } = await scene({ limits: { bandBytes: 2 ** 18 } });
    const list = encode([], { width: 512, height: 512 });
    const { pixels, dispatches } = await painter.paint(list);
    expectRight([list], [pixels]);
    expect(dispatches).toBe(4);
    const seen = steps.filter((step) => /submit|unmap/.test(step)).map((step) => step.split('.')[1]);
    expect(seen).toEqual(['submit', 'submit', 'unmap', 'submit', 'unmap', 'submit', 'unmap', 'unmap']);
  });
});
