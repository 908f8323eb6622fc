/** SHADE: a Mandelbrot set by the CPU painter, against the same integers in JavaScript as a person writes it, and by a GPU. */
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import type { Canvas } from '../shared/canvas.ts';
import { startRealGpu } from './backends.ts';
import { contest } from './contest.ts';
import { type Bench, ROUNDS } from './measure.ts';
import { mandelbrot, TURNS } from './pictures/mandelbrot.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';
import type { ShadeQuestion, Turns } from './turns.ts';

const SCREEN = { width: 1_920, height: 1_080 };
const SMALL = { width: 480, height: 270 };
/** Most of the time that the hand-written one takes. */
const TARGET = 1.5;
/** Most of the CPU painter's time that a GPU takes. */
const GPU_TARGET = 1 / 50;

/** floor(a · b / 65536): as doubles, in which these products are exact, and as 32-bit integers. */
const inDoubles = (a: number, b: number): number => Math.floor((a * b) / 65536);
const inIntegers = (a: number, b: number): number =>
  (Math.imul(a, b >> 16) + Math.imul(a >> 16, b & 65535) + (Math.imul(a & 65535, b & 65535) >>> 16)) | 0;

/** One loop in another, no list and no tiles. Made once for each way to multiply, so that an engine works it in. */
const byHand = {
  'doubles by hand': ({ width, height }: Canvas): Uint8Array => {
    const out = new Uint32Array(width * height);
    for (let y = 0; y < height; y++) {
      const im = Math.trunc(((y - Math.trunc(height / 2)) * 65536) / width) * 3;
      for (let x = 0; x < width; x++) {
        const re = Math.trunc(((x - Math.trunc(width / 2)) * 65536) / width) * 3 - 32768;
        let [zr, zi, zr2, zi2, n] = [0, 0, 0, 0, 0];
        for (; n < TURNS; n++) {
          const t = zr2 - zi2 + re;
          zi = 2 * inDoubles(zr, zi) + im;
          zr = t;
          zr2 = inDoubles(zr, zr);
          zi2 = inDoubles(zi, zi);
          if (zr2 + zi2 > 262144) break;
        }
        out[y * width + x] = colorOf(n);
      }
    }
    return new Uint8Array(out.buffer);
  },
  'integers by hand': ({ width, height }: Canvas): Uint8Array => {
    const out = new Int32Array(width * height);
    for (let y = 0; y < height; y++) {
      const im = ((((y - (height >> 1)) * 65536) / width) | 0) * 3;
      for (let x = 0; x < width; x++) {
        const re = ((((x - (width >> 1)) * 65536) / width) | 0) * 3 - 32768;
        let [zr, zi, zr2, zi2, n] = [0, 0, 0, 0, 0];
        for (; n < TURNS; n = (n + 1) | 0) {
          const t = (zr2 - zi2 + re) | 0;
          zi = ((inIntegers(zr, zi) << 1) + im) | 0;
          zr = t;
          zr2 = inIntegers(zr, zr);
          zi2 = inIntegers(zi, zi);
          if (zr2 + zi2 > 262144) break;
        }
        out[y * width + x] = colorOf(n);
      }
    }
    return new Uint8Array(out.buffer);
  },
};

function colorOf(n: number): number {
  return 0xff000000 | (Math.max(255 - n, 0) << 16) | (((n * 4) & 255) << 8) | Math.min(n, 255);
}

/** Parsing and running are part of it, as nobody who writes it by hand does either. */
function byShade(canvas: Canvas): Uint8Array {
  return paintOnCpu(mandelbrot(canvas));
}

export async function measureShades(bench: Bench): Promise<Line[]> {
  const canvas = bench.quick ? SMALL : SCREEN;
  return [await measureByHand(canvas, bench), ...(await measureOnGpu(canvas, bench))];
}

async function measureByHand(canvas: Canvas, { quick }: Bench): Promise<Line> {
  const expected = Buffer.from(byHand['doubles by hand'](canvas));
  const check = (bytes: unknown): void => {
    if (!expected.equals(bytes as Uint8Array)) throw new Error('one of them paints other bytes');
  };
  const hands = Object.entries(byHand).map(([name, act]) => ({ name, act: () => act(canvas), check }));
  const sides = [{ name: 'SHADE', act: () => byShade(canvas), check }, ...hands];
  const [ours = [], ...others] = await contest(sides, { warmUp: 1, rounds: quick ? 5 : ROUNDS, calls: 1 });
  const peers = others.map((samples, index) => ({
    name: hands[index]?.name ?? '',
    ...figuresOfTimes(samples),
  }));
  // The one who writes it by hand finds the faster way.
  const [peer, slower] = peers.sort((one, other) => one.p50 - other.p50);
  if (peer === undefined || slower === undefined) throw new Error('a side is missing');
  return {
    part: 'shade',
    name: nameOf(canvas),
    unit: 'ms',
    ours: figuresOfTimes(ours),
    peer: { ...peer, name: 'JavaScript by hand' },
    targets: [{ bound: 'at most', value: TARGET, of: 'ratio' }],
    note: `${peer.name}; ${slower.name} takes ${slower.p50.toFixed(0)} ms`,
  };
}

/** No line, and a word on the reason, where there is no GPU: one in software would show nothing of what a GPU does. */
async function measureOnGpu(canvas: Canvas, { quick }: Bench): Promise<Line[]> {
  const found = await startRealGpu();
  if ('absent' in found) {
    console.log(`shade: not measured on a GPU: ${found.absent}`);
    return [];
  }
  const { child, adapter } = found;
  try {
    const question: ShadeQuestion = { shade: canvas, quick };
    const { gpu, cpu, dispatches } = (await child.ask(question)) as Turns;
    return [
      {
        part: 'shade',
        name: `${nameOf(canvas)}, on a GPU`,
        unit: 'ms',
        ours: figuresOfTimes(gpu),
        peer: { ...figuresOfTimes(cpu), name: 'the CPU painter' },
        targets: [{ bound: 'at most', value: GPU_TARGET, of: 'ratio' }],
        note: `encoded list → bytes; ${dispatches} dispatches; ${adapter}`,
      },
    ];
  } finally {
    await child.stop();
  }
}

function nameOf({ width, height }: Canvas): string {
  return `Mandelbrot ${width}×${height}, ${TURNS} turns`;
}
