/** Growth: time against pixels, shapes and jobs, with its slope; what grows faster than linearly is told by its exponent. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Grown, GrowthQuestion } from './growing.ts';
import { type Bench, ROUNDS } from './measure.ts';
import { type Line, round } from './report.ts';
import { startPair } from './rows.ts';
import { type Figures, figureOf, figuresOfTimes } from './samples.ts';
import { exponentOf, fitLine } from './slope.ts';
import type { Measured, Plot, Series } from './svg.ts';

/** 1 is linear; what is added to it is noise, and what no cache holds any more. */
const TARGET = 1.15;
const JOBS = [32, 64, 128, 256, 512, 1_024];

export interface Growth {
  readonly lines: readonly Line[];
  /** By what time is plotted against. */
  readonly plots: Readonly<Record<string, Plot>>;
}

export async function measureGrowth(bench: Bench): Promise<Growth> {
  const plots: Record<string, Plot> = {
    pixels: {
      title: '1,000 rectangles, as large as their canvas allows: shapes → bytes',
      ...{ x: 'pixels of the canvas', y: 'milliseconds', series: await grow(bench, 'pixels') },
    },
    shapes: {
      title: 'Rectangles of up to 20 pixels at 1080p: shapes → bytes',
      ...{ x: 'rectangles', y: 'milliseconds', series: await grow(bench, 'shapes') },
    },
    jobs: {
      title: 'Rows → cartridges 128×64, fast, on tmpfs',
      ...{ x: 'rows at once', y: 'milliseconds', series: [await growJobs(bench)] },
    },
  };
  const lines = Object.entries(plots).flatMap(([against, { series }]) =>
    series.filter(({ name }) => name.startsWith('gvpie')).map((one) => lineOf(against, one)),
  );
  return { lines, plots };
}

/** Ours and Skia's, in a process of their own. */
async function grow({ quick }: Bench, against: GrowthQuestion['against']): Promise<Series[]> {
  const child = await startChild('growing', {});
  try {
    const question: GrowthQuestion = { against, rounds: quick ? 2 : ROUNDS, most: quick ? 4 : undefined };
    const grown = (await child.ask(question)) as Grown[];
    const of = (side: 'ours' | 'skia') =>
      grown.map(({ x, [side]: times }) => measured(x, figuresOfTimes(times)));
    return [named('gvpie', of('ours'), against), named('Skia', of('skia'), against)];
  } finally {
    await child.stop();
  }
}

async function growJobs({ scratch, quick }: Bench): Promise<Series> {
  const folder = join(scratch.memory, 'growth');
  mkdirSync(folder);
  const pair = await startPair(folder, join(scratch.memory, 'growth-socket'), 'fast');
  try {
    await pair.rate('warm', 200);
    const counts = quick ? JOBS.slice(0, 3) : JOBS;
    const samples = counts.map((): number[] => []);
    for (let turn = 0; turn < (quick ? 2 : ROUNDS); turn++) {
      for (const [index, jobs] of counts.entries())
        samples[index]?.push((jobs / (await pair.rate(`r${turn}x${jobs}`, jobs))) * 1_000);
    }
    const points = counts.map((jobs, index) => measured(jobs, figuresOfTimes(samples[index] ?? [])));
    return named('gvpie', points, 'jobs');
  } finally {
    await pair.stop();
  }
}

function measured(x: number, { p50, p25, p75 }: Figures): Measured {
  return { x, y: p50, low: p25, high: p75 };
}

/** With its slope in the name, where a plot's reader sees it. */
function named(who: string, points: readonly Measured[], against: string): Series {
  return { name: `${who}: ${slopeOf(points, against)}`, points };
}

/** What one more costs. */
const PER: Readonly<Record<string, readonly [factor: number, unit: string]>> = {
  pixels: [1e6, 'ns a pixel'],
  shapes: [1e3, 'µs a shape'],
  jobs: [1, 'ms a job'],
};

function slopeOf(points: readonly Measured[], against: string): string {
  const { slope, intercept } = fitLine(points);
  const [factor, unit] = PER[against] ?? [1, 'ms'];
  const start = `${intercept < 0 ? '−' : '+'} ${round(Math.abs(intercept))} ms`;
  return `${round(slope * factor)} ${unit} ${start}; exponent ${exponentOf(points).toFixed(2)}`;
}

function lineOf(against: string, { name, points }: Series): Line {
  return {
    part: 'growth',
    name: `time against ${against}`,
    unit: 'exponent',
    ours: figureOf(exponentOf(points), points.length),
    targets: [{ bound: 'at most', value: TARGET, of: 'median' }],
    note: name,
  };
}
