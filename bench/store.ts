/** The store: how many cartridges a second are listed, verified and registered anew, with the slopes of time and of memory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CartridgeShelf, shelfWithObjects } from '../orchestrator/host/shelf.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { labelOf } from '../shared/cartridge/label.ts';
import { press } from '../shared/cartridge/press.ts';
import { diskFiles } from '../shared/host/files.ts';
import { startChild } from './child.ts';
import type { Bench } from './measure.ts';
import { type Line, round } from './report.ts';
import { figureOf, figuresOfRates } from './samples.ts';
import { exponentOf, fitLine } from './slope.ts';
import { STORE_WORK, type StoreAnswer, type StoreQuestion } from './storing.ts';

/** Cartridges of the largest store, unless `--store` says otherwise. */
const MOST = 4_000;
/** The sizes, as parts of the largest. */
const PARTS = [0.25, 0.5, 0.75, 1];
const ROUNDS = 3;
/** 1 is linear; folders and indices of many are a little slower. */
const EXPONENT = 1.15;
/** The same of memory, of which 0 is flat: V8's heap settles within some ten thousand, and differs by a tenth from run to run. */
const FLAT = 0.15;
/** Put on the shelf at a time. */
const BATCH = 100;

interface Point {
  readonly size: number;
  readonly answers: readonly StoreAnswer[];
}

export async function measureStore({ scratch, quick, store }: Bench): Promise<Line[]> {
  const most = store ?? (quick ? MOST / 10 : MOST);
  const folder = join(scratch.disk, 'store');
  const cartridges = join(folder, 'cartridges');
  mkdirSync(cartridges, { recursive: true });
  const shelf = shelfWithObjects(diskFiles, cartridges, 'fast', (why) => {
    throw new Error(why);
  });
  const found = new Map<string, Point[]>(STORE_WORK.map((work) => [work, []]));
  let made = 0;
  for (const part of PARTS) {
    const size = Math.round(most * part);
    for (; made < size; made = Math.min(size, made + BATCH))
      await fill(shelf, made, Math.min(size, made + BATCH));
    for (const work of STORE_WORK) {
      const answers: StoreAnswer[] = [];
      for (let turn = 0; turn < (quick || most > MOST ? 1 : ROUNDS); turn++) {
        const answer = await ask({ work, folder });
        if (answer.cartridges !== size)
          throw new Error(`Expected ${size} to ${work}, found ${answer.cartridges}`);
        answers.push(answer);
      }
      found.get(work)?.push({ size, answers });
    }
  }
  return [...found].flatMap(([work, points]) => linesOf(work, points));
}

/** Each in a process of its own: the most memory that one ever had is what is told of it. */
async function ask(question: StoreQuestion): Promise<StoreAnswer> {
  const child = await startChild('storing', {});
  try {
    return (await child.ask(question)) as StoreAnswer;
  } finally {
    await child.stop();
  }
}

async function fill(shelf: CartridgeShelf, from: number, to: number): Promise<void> {
  const batch = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    return { fileName: `tile-${number}_20260101T000000000Z-${number}.png`, bytes: cartridge(number) };
  });
  for (const fault of await shelf.put(batch)) if (fault !== undefined) throw fault;
}

/** A picture of 32×32, each with a program of its own. */
function cartridge(number: number): Uint8Array {
  const canvas = { width: 32, height: 32 };
  const pixels = new Uint8Array(4 * canvas.width * canvas.height).fill(255);
  new DataView(pixels.buffer).setUint32(4 * (number % 1_000), number * 256 + 255);
  const program = `NUM 1 1 ${number}\nHALT`;
  return press({
    pixels,
    canvas,
    label: labelOf({
      program,
      canvas,
      params: {},
      checksum: sha256Hex(pixels),
      script: { name: 'tile', revision: 1 },
    }),
    run: { id: `job-${number}`, backend: 'cpu', adapter: 'cpu', renderer: 'r1' },
    createdAt: new Date(Date.UTC(2026, 0, 1) + number).toISOString(),
  });
}

function linesOf(work: string, points: readonly Point[]): Line[] {
  const best = points.map(({ size, answers }) => ({ x: size, y: Math.min(...answers.map(({ ms }) => ms)) }));
  const memory = points.map(({ size, answers }) => ({
    x: size,
    y: Math.min(...answers.map(({ peakMib }) => peakMib)),
  }));
  const last = points.at(-1) as Point;
  const { slope, intercept } = fitLine(best);
  const peak = memory.map(({ y }) => y.toFixed(0)).join(', ');
  return [
    {
      part: 'store',
      name: `${work} a store`,
      unit: '/s',
      ours: figuresOfRates(last.answers.map(({ ms }) => (last.size / ms) * 1_000)),
      note: `${last.size} cartridges; ${round(slope * 1_000)} ms a thousand ${intercept < 0 ? '−' : '+'} ${round(Math.abs(intercept))} ms`,
    },
    {
      part: 'store',
      name: `${work} a store, time against cartridges`,
      unit: 'exponent',
      ours: figureOf(exponentOf(best, points.length), points.length),
      targets: [{ bound: 'at most', value: EXPONENT, of: 'median' }],
    },
    {
      part: 'store',
      name: `${work} a store, memory against cartridges`,
      unit: 'exponent',
      ours: figureOf(exponentOf(memory, points.length), points.length),
      // Of a small store the heap of V8 has not settled yet, and is what is seen.
      ...(last.size >= STEADY ? { targets: [{ bound: 'at most', value: FLAT, of: 'median' }] as const } : {}),
      note: `peaks of ${peak} MiB`,
    },
  ];
}

/** From so many cartridges on, memory is held to be flat. */
const STEADY = 50_000;
