/** Rectangles: one picture of 1,000 at 1080p, painted here and by Skia, bytes in hand on both sides. */

import { RECTANGLES } from '../renderer/timing/pictures.ts';
import { type Child, startChild } from './child.ts';
import { contest } from './contest.ts';
import { PAINTERS, type PainterName } from './painters.ts';
import type { Line } from './report.ts';
import { type Figures, figuresOfTimes } from './samples.ts';

const NAMES = Object.keys(PAINTERS) as PainterName[];
/** Pictures in a row of one painter. */
const CALLS = 3;

/**
 * Every painter has a process to itself: a picture is 8 MB of fresh memory, and in one process the one
 * side's garbage decides what the other side's pages cost (ours: 3 ms or 6 ms).
 */
export async function measurePainting(quick: boolean): Promise<Line[]> {
  const children: Child[] = [];
  try {
    for (const name of NAMES) children.push(await startChild('painter', { name }));
    await verify(children);
    const samples: number[][] = NAMES.map(() => []);
    const sides = children.map((child, index) => ({
      name: NAMES[index] as string,
      act: async () => samples[index]?.push(...((await child.ask({ calls: CALLS })) as number[])),
    }));
    await contest(sides, { warmUp: 4, rounds: 0, calls: 1 });
    for (const side of samples) side.length = 0;
    await contest(sides, { warmUp: 0, rounds: quick ? 4 : 30, calls: 1 });
    const apart = new Map(NAMES.map((name, index) => [name, figuresOfTimes(samples[index] ?? [])]));
    return [...(await measureInOneProcess(quick)), ...linesOf(apart)];
  } finally {
    for (const child of children) await child.stop();
  }
}

/**
 * Both in one process, picture after picture, as a program that calls them would: Skia keeps its canvas.
 * Most of Skia's time is then the kernel's, which gives it fresh pages for each picture's bytes; in a
 * process of its own it is given the same pages again, and the lines below this one show that.
 */
async function measureInOneProcess(quick: boolean): Promise<Line[]> {
  const names = ['list', 'Skia, canvas kept, data()', 'Skia, canvas kept, getImageData()'] as const;
  const sides = names.map((name) => ({ name, act: PAINTERS[name]() }));
  const [ours, ...skias] = (await contest(sides, { warmUp: 4, rounds: quick ? 8 : 40, calls: 1 })).map(
    figuresOfTimes,
  );
  const [data, imageData] = skias;
  if (ours === undefined || data === undefined || imageData === undefined)
    throw new Error('a side is missing');
  const peer =
    data.p50 <= imageData.p50
      ? { ...data, name: 'Skia, data()' }
      : { ...imageData, name: 'Skia, getImageData()' };
  return [
    {
      part: 'paint',
      unit: 'ms',
      name: `1080p, ${RECTANGLES} rectangles: encode + paint, in one process`,
      ours,
      peer,
      target: { bound: 'at most', value: 0.35, of: 'ratio' },
      note: 'both get fresh memory for each picture',
    },
  ];
}

/** A contest of different pictures would be no contest. */
async function verify(children: readonly Child[]): Promise<void> {
  const digests = await Promise.all(children.map((child) => child.ask('sha256')));
  const white = new Set(digests.filter((_, index) => isWhite(NAMES[index] as PainterName)));
  const coloured = new Set(digests.filter((_, index) => !isWhite(NAMES[index] as PainterName)));
  if (white.size !== 1 || coloured.size !== 1) {
    throw new Error(
      `Expected two pictures, found ${NAMES.map((name, i) => `\n${digests[i]} ${name}`).join('')}`,
    );
  }
}

function isWhite(name: PainterName): boolean {
  return name === 'text' || name.includes('white');
}

function linesOf(figures: ReadonlyMap<PainterName, Figures>): Line[] {
  const side = (name: PainterName) => ({ ...(figures.get(name) as Figures), name });
  const faster = (one: PainterName, other: PainterName) => {
    const [a, b] = [side(one), side(other)];
    return a.p50 <= b.p50 ? a : b;
  };
  const fresh = faster('Skia, data()', 'Skia, getImageData()');
  const white = faster('Skia in white, data()', 'Skia in white, getImageData()');
  const kept = faster('Skia, canvas kept, data()', 'Skia, canvas kept, getImageData()');
  const common = { part: 'paint', unit: 'ms' } as const;
  const what = `1080p, ${RECTANGLES} rectangles`;
  return [
    { ...common, name: `${what}: encode + paint, a process each`, ours: side('list'), peer: fresh },
    { ...common, name: `${what}: encoded list → bytes, a process each`, ours: side('words'), peer: fresh },
    { ...common, name: `${what}: program text → bytes, a process each`, ours: side('text'), peer: white },
    {
      ...common,
      name: `${what}: encode + paint, a process each`,
      ours: side('list'),
      peer: kept,
      note: 'ours makes its memory anew, Skia reuses its own',
    },
  ];
}
