/** The backends: the GPU beside the CPU, on the same lists, every picture compared. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type PictureName, TIMED_PICTURES } from '../renderer/timing/pictures.ts';
import { packageRoot } from '../shared/host/package-root.ts';
import { type Child, startChild } from './child.ts';
import { type Bench, explained } from './measure.ts';
import { describeShares } from './profile.ts';
import type { Line, Target } from './report.ts';
import { figuresOfTimes } from './samples.ts';
import {
  LARGEST,
  type LargestQuestion,
  type LargestTimes,
  type Opened,
  type Turns,
  type TurnsQuestion,
} from './turns.ts';

/** Where `npm run software-gpu` puts it. */
const SOFTWARE_GPU = join(packageRoot(), 'node_modules/.cache/gvpie/software-gpu');
const DRIVER = join(SOFTWARE_GPU, 'vk_swiftshader_icd.json');

/** What a paint on a GPU in software may take, by picture. */
const TARGETS: Partial<Record<PictureName, Target>> = {
  '128×64, hello': { bound: 'at most', value: 1, of: 'median' },
};

/** Fewer paints than this are told with the figures. */
const FEW = 20;

/** No lines, and a word on the reason, where there is neither a GPU nor one in software. */
export async function measureBackends(bench: Bench): Promise<Line[]> {
  const { quick } = bench;
  const found = await startGpuChild();
  if ('absent' in found) {
    console.log(`backends: not measured: ${found.absent}`);
    return [];
  }
  const { child, adapter, isSoftware } = found;
  const by = isSoftware ? `${adapter}, software` : adapter;
  try {
    const lines: Line[] = [];
    for (const picture of Object.keys(TIMED_PICTURES) as PictureName[]) {
      const question: TurnsQuestion = { picture, quick };
      const turns = (await child.ask(question)) as Turns;
      lines.push(...linesOf(picture, turns, by, isSoftware ? TARGETS[picture] : undefined));
    }
    // In software it would be seconds a picture, and say nothing of what a GPU's memory allows.
    if (!isSoftware) lines.push(await measureLargest(child, bench, by));
    return lines;
  } finally {
    await child.stop();
  }
}

interface Found {
  readonly child: Child;
  readonly adapter: string;
  readonly isSoftware: boolean;
}

/** The largest square canvas, against what its bytes alone take to come back. */
async function measureLargest(child: Child, bench: Bench, by: string): Promise<Line> {
  const question: LargestQuestion = { largest: true, quick: bench.quick };
  const { gpu, copy } = (await child.ask(question)) as LargestTimes;
  const line: Line = {
    part: 'backends',
    name: `${LARGEST.width}×${LARGEST.height}, 1,000 rectangles: encoded list → bytes, GPU`,
    unit: 'ms',
    ours: figuresOfTimes(gpu),
    peer: { ...figuresOfTimes(copy), name: 'copy + map of the same bytes' },
    targets: [{ bound: 'at most', value: 1.3, of: 'ratio' }],
    note: `bytes in hand on both sides; ${by}`,
  };
  const where = async () => [
    describeShares(await child.profiled(() => child.ask({ ...question, quick: true }))),
  ];
  return explained(bench, line, where);
}

/** A process with a real GPU where there is one, and otherwise with one in software. */
export async function startGpuChild(): Promise<Found | { absent: string }> {
  const real = await startRealGpu();
  if (!('absent' in real)) return real;
  const isUnpacked = existsSync(DRIVER);
  // Who has named a driver means that one.
  const isLed = process.env.VK_DRIVER_FILES !== undefined || !isUnpacked;
  const software = await tryOne('gpu', isLed ? {} : softwareEnvironment());
  if (!('absent' in software) || isUnpacked) return software;
  return { absent: `${software.absent}; for one in software: npm run software-gpu` };
}

/** A process with a real GPU. */
export function startRealGpu(): Promise<Found | { absent: string }> {
  return tryOne('auto', {});
}

async function tryOne(
  choice: 'auto' | 'gpu',
  env: Readonly<Record<string, string>>,
): Promise<Found | { absent: string }> {
  const child = await startChild('turns', { choice }, env);
  const opened = JSON.parse(child.ready) as Opened;
  if (!('absent' in opened)) return { child, ...opened };
  await child.stop();
  return opened;
}

/** What leads a process to the GPU in software. */
function softwareEnvironment(): Record<string, string> {
  const { LD_LIBRARY_PATH } = process.env;
  const libraries = [SOFTWARE_GPU, ...(LD_LIBRARY_PATH ? [LD_LIBRARY_PATH] : [])];
  return { VK_DRIVER_FILES: DRIVER, LD_LIBRARY_PATH: libraries.join(delimiter) };
}

function linesOf(
  picture: PictureName,
  { gpu, cpu, plan, dispatches }: Turns,
  by: string,
  target: Target | undefined,
): Line[] {
  const paints = gpu.length < FEW ? [`only ${gpu.length} of each`] : [];
  const notes = [`${dispatches} ${dispatches === 1 ? 'dispatch' : 'dispatches'}`, ...paints, by];
  return [
    {
      part: 'backends',
      name: `${picture}: encoded list → bytes, GPU`,
      unit: 'ms',
      ours: figuresOfTimes(gpu),
      peer: { ...figuresOfTimes(cpu), name: 'CPU' },
      ...(target === undefined ? {} : { targets: [target] }),
      note: notes.join('; '),
    },
    {
      part: 'backends',
      name: `${picture}: its plan alone`,
      unit: 'ms',
      ours: figuresOfTimes(plan),
      note: 'on the CPU, part of the above',
    },
  ];
}
