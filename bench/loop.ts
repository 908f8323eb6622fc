/** The loops: how long the daemons keep everybody else waiting while there is much to do. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Canvas } from '../shared/canvas.ts';
import type { Stretches } from './loop-watch.ts';
import { type Bench, explained, ROUNDS } from './measure.ts';
import { crowd } from './pictures/crowd.ts';
import { describeShares } from './profile.ts';
import type { Line } from './report.ts';
import { type Pair, renderRow, startPair } from './rows.ts';
import { figuresOfTimes } from './samples.ts';

/** Longest that a loop may be kept from its next turn, ms. */
const TARGET_MS = 10;
const DAEMONS = ['renderer', 'orchestrator'] as const;

interface Load {
  readonly name: string;
  /** Does it once. @param round its name, like no other */
  act(pair: Pair, round: string, number: number): Promise<unknown>;
}

const LOADS: readonly Load[] = [
  { name: '1,000 rows of 128×64', act: (pair, round) => pair.rate(round, 1_000) },
  large({ width: 4_096, height: 4_096 }),
  large({ width: 16_384, height: 4_096 }),
];

export async function measureLoops(bench: Bench): Promise<Line[]> {
  const folder = join(bench.scratch.memory, 'loop');
  mkdirSync(folder);
  const pair = await startPair(folder, join(bench.scratch.memory, 'loop-socket'), 'fast');
  try {
    const lines: Line[] = [];
    for (const load of LOADS) lines.push(...(await measureLoad(bench, pair, load)));
    return lines;
  } finally {
    await pair.stop();
  }
}

async function measureLoad(bench: Bench, pair: Pair, { name, act }: Load): Promise<Line[]> {
  const samples: number[][] = DAEMONS.map(() => []);
  for (let round = -1; round < (bench.quick ? 2 : ROUNDS); round++) {
    for (const child of pair.children) await child.ask({ watch: 'begin' });
    await act(pair, `${name} ${round}`, round + 1);
    for (const [index, child] of pair.children.entries()) {
      const { longest } = (await child.ask({ watch: 'end' })) as Stretches;
      // The first round compiles.
      if (round >= 0) samples[index]?.push(longest);
    }
  }
  const lines = DAEMONS.map((daemon, index): Line => {
    return {
      part: 'loop',
      name: `${daemon}, longest stretch without a turn: ${name}`,
      unit: 'ms',
      ours: figuresOfTimes(samples[index] ?? []),
      targets: [{ bound: 'at most', value: TARGET_MS, of: 'worst' }],
      note: 'the longest of each round; without what the machine did meanwhile',
    };
  });
  const explainedLines: Line[] = [];
  for (const [index, line] of lines.entries()) {
    const where = async (): Promise<string[]> => {
      const shares = await pair.children[index]?.profiled(() => act(pair, `${name} where ${index}`, 0));
      return [`of all its work meanwhile: ${describeShares(shares ?? [])}`];
    };
    explainedLines.push(await explained(bench, line, where));
  }
  return explainedLines;
}

function large(canvas: Canvas): Load {
  const name = `${canvas.width}×${canvas.height}`;
  return { name, act: (pair, round, number) => renderRow(pair, round, crowd(number), canvas) };
}
