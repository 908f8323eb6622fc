/** `npm run bench`: measures, prints a table, and writes the figures as JSON where asked. */
import { writeFileSync } from 'node:fs';
import { measureBackends } from './backends.ts';
import { measureLanguage } from './language.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { measurePressing } from './pressing.ts';
import { measurePainting } from './rectangles.ts';
import { isMet, type Line, ratioOf, tableOf } from './report.ts';
import { measureRoundTrips } from './round-trip.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import { SEED } from './seed.ts';
import { measureThroughput } from './throughput.ts';

const MEASURES = {
  spool: measureRoundTrips,
  rows: measureThroughput,
  paint: (_: Scratch, quick: boolean) => measurePainting(quick),
  backends: (_: Scratch, quick: boolean) => measureBackends(quick),
  language: (_: Scratch, quick: boolean) => measureLanguage(quick),
  png: (_: Scratch, quick: boolean) => measurePressing(quick),
};

async function bench(options: BenchOptions): Promise<void> {
  const start = performance.now();
  const scratch = makeScratch();
  try {
    const machine = describeMachine(scratch);
    console.log(
      `${machine.cpu}, ${machine.cores} cores (load ${machine.load}), ${machine.system}, Node ${machine.node}; ` +
        `memory: ${machine.memory_file_system}, disk: ${machine.disk_file_system}; ` +
        `seed ${SEED}${options.quick ? '; --quick: not to be quoted' : ''}`,
    );
    const lines: Line[] = [];
    for (const part of options.parts) lines.push(...(await MEASURES[part](scratch, options.quick)));
    const targets = lines.map(isMet).filter((met) => met !== undefined);
    console.log(`\n${tableOf(lines)}\n`);
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    console.log(`${targets.filter(Boolean).length} of ${targets.length} targets met; ${seconds} s`);
    if (options.json !== undefined) {
      const figures = lines.map((line) => ({ ...line, ratio: ratioOf(line), met: isMet(line) }));
      const text = JSON.stringify({ machine, seed: SEED, quick: options.quick, lines: figures }, null, 2);
      if (options.json === '-') console.log(text);
      else writeFileSync(options.json, `${text}\n`);
    }
  } finally {
    scratch.remove();
  }
}

let options: BenchOptions;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n${USAGE}`);
  process.exit(64);
}
await bench(options);
