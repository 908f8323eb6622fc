/** Throughput and latency of the pair, durable and fast, against a service one would build with Skia. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Durability } from '../shared/settings.ts';
import { measureArrivals } from './arrival.ts';
import { holdToTwoCores } from './cores.ts';
import { type Bench, explained, ROUNDS } from './measure.ts';
import { startSkiaRows } from './peers/skia-rows.ts';
import { describeShares } from './profile.ts';
import type { Line } from './report.ts';
import { type Contestant, type Pair, startPair } from './rows.ts';
import { figuresOfRates, figuresOfTimes } from './samples.ts';

interface Kind {
  readonly durability: Durability;
  /** Cartridges per second at least, on two cores. */
  readonly rate: number;
  /** Where the database and the pictures lie; the socket is in memory either way. */
  readonly on: 'disk' | 'memory';
}

const KINDS: readonly Kind[] = [
  { durability: 'durable', rate: 800, on: 'disk' },
  { durability: 'fast', rate: 2_500, on: 'memory' },
];
/** How many times the peer's rate ours has to be. */
const RATIO = 2;

export async function measureThroughput(bench: Bench): Promise<Line[]> {
  const lines: Line[] = [];
  for (const kind of KINDS) lines.push(...(await measureKind(bench, kind)));
  return lines;
}

async function measureKind(bench: Bench, { durability, rate, on }: Kind): Promise<Line[]> {
  const { scratch, quick } = bench;
  const folder = (name: string): string => {
    const path = join(scratch[on], `${durability}-${name}`);
    mkdirSync(path);
    return path;
  };
  const rows = quick ? 200 : 1_000;
  const started: Contestant[] = [];
  try {
    const pair = await startPair(folder('pair'), join(scratch.memory, `${durability}-socket`), durability);
    started.push(pair);
    const peer = await startSkiaRows(folder('peer'), durability);
    started.push(peer);
    const cores = holdToTwoCores(started.flatMap(({ children }) => children.map(({ pid }) => pid)));
    const samples: number[][] = started.map(() => []);
    for (let round = -1; round < (quick ? 2 : ROUNDS); round++) {
      // In turns, so that noise hits both; the pair that rests only polls.
      for (const [index, contestant] of started.entries()) {
        const found = await contestant.rate(round < 0 ? 'warm' : `r${round}`, rows);
        if (round >= 0) samples[index]?.push(found);
      }
    }
    const [ours, peers] = samples.map(figuresOfRates);
    if (ours === undefined || peers === undefined) throw new Error('Expected figures of two sides');
    const line: Line = {
      part: 'rows',
      name: `rows → cartridges 128×64, ${durability}, on ${on === 'disk' ? 'the disk' : 'tmpfs'}`,
      unit: '/s',
      ours,
      peer: { ...peers, name: 'HTTP, Skia, SQLite, PNG files' },
      targets: [
        { bound: 'at least', value: RATIO, of: 'ratio' },
        { bound: 'at least', value: rate, of: 'median' },
      ],
      note: `${rows} rows a round; socket in memory; ${cores}`,
    };
    const where = () => whereOf(pair, rows);
    return [await explained(bench, line, where), await measureArrival(pair, durability, quick)];
  } finally {
    for (const contestant of started) await contestant.stop();
  }
}

/** One round, with both daemons looked into. */
async function whereOf(pair: Pair, rows: number): Promise<string[]> {
  const [renderer, orchestrator] = pair.children as [Pair['children'][0], Pair['children'][0]];
  let [painted, kept] = ['', ''];
  painted = describeShares(
    await renderer.profiled(async () => {
      kept = describeShares(await orchestrator.profiled(() => pair.rate('where', rows)));
    }),
  );
  return [`in the renderer: ${painted}`, `in the orchestrator: ${kept}`];
}

async function measureArrival(pair: Pair, durability: Durability, quick: boolean): Promise<Line> {
  const samples = await measureArrivals(pair, quick ? 20 : 60);
  return {
    part: 'rows',
    name: `one row → its cartridge, ${durability}`,
    unit: 'ms',
    ours: figuresOfTimes(samples),
    targets: [{ bound: 'at most', value: 100, of: 'median' }],
    note: 'poll every 50 ms, inserts at random phases',
  };
}
