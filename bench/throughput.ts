/** Throughput and latency of the pair, durable and fast, with the socket in memory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measureArrivals } from './arrival.ts';
import type { Line, Target } from './report.ts';
import { measureRate, type Pair, startPair } from './rows.ts';
import { figuresOfRates, figuresOfTimes } from './samples.ts';
import type { Scratch } from './scratch.ts';

const KINDS = [
  { durability: 'durable', target: 400 },
  { durability: 'fast', target: 1_200 },
] as const;

export async function measureThroughput(scratch: Scratch, quick: boolean): Promise<Line[]> {
  const rows = quick ? 500 : 2_000;
  const pairs: Pair[] = [];
  try {
    for (const { durability } of KINDS) {
      const folder = join(scratch.disk, durability);
      mkdirSync(folder);
      pairs.push(await startPair(folder, join(scratch.memory, durability), durability));
    }
    for (const pair of pairs) await measureRate(pair, 'warm', quick ? 200 : 500);
    const rates: number[][] = KINDS.map(() => []);
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      // In turns, so that noise hits both; the pair that rests only polls.
      for (const [index, pair] of pairs.entries())
        rates[index]?.push(await measureRate(pair, `r${round}`, rows));
    }
    const lines = KINDS.map(({ durability, target }, index): Line => {
      const atLeast: Target = { bound: 'at least', value: target, of: 'median' };
      return {
        part: 'rows',
        name: `rows → cartridges, ${durability}`,
        unit: '/s',
        ours: figuresOfRates(rates[index] ?? []),
        target: atLeast,
        note: `${rows} rows a round; socket in memory, the rest on disk`,
      };
    });
    const arrivals: Line[] = [];
    for (const [index, { durability }] of KINDS.entries()) {
      const samples = await measureArrivals(pairs[index] as Pair, quick ? 20 : 60);
      arrivals.push({
        part: 'rows',
        name: `one row → its cartridge, ${durability}`,
        unit: 'ms',
        ours: figuresOfTimes(samples),
        target: { bound: 'at most', value: 100, of: 'median' },
        note: 'poll every 50 ms, inserts at random phases',
      });
    }
    return [...lines, ...arrivals];
  } finally {
    for (const pair of pairs) await pair.stop();
  }
}
