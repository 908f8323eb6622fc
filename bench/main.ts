/** `npm run bench`: measures, prints a table, keeps the figures and plots, and compares them with older ones. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../shared/host/package-root.ts';
import { VERSION } from '../shared/version.ts';
import { measureBackends } from './backends.ts';
import { measureBurst } from './burst.ts';
import { compare } from './compare.ts';
import { tellComparison } from './comparison.ts';
import { measureGrowth } from './growth.ts';
import { measureLanguage } from './language.ts';
import { measureLoops } from './loop.ts';
import { busyWords, describeMachine, loadNow, type Machine } from './machine.ts';
import type { Bench } from './measure.ts';
import { type BenchOptions, PARTS, type Part, readOptions, USAGE } from './options.ts';
import { measurePainting } from './painting.ts';
import { measurePressing } from './pressing.ts';
import { isMet, type Line, tableOf } from './report.ts';
import { measureMemory } from './resident.ts';
import { type KeptResults, machineName, type Results, readResults, resultsText } from './results.ts';
import { measureRoundTrips } from './round-trip.ts';
import { makeScratch } from './scratch.ts';
import { SEED } from './seed.ts';
import { measureShades } from './shade.ts';
import { measureStart } from './starting.ts';
import { measureStore } from './store.ts';
import { type Plot, plotSvg } from './svg.ts';
import { measureThroughput } from './throughput.ts';

const MEASURES: Readonly<Record<Part, (bench: Bench) => Promise<readonly Line[] | Growth>>> = {
  rows: measureThroughput,
  spool: measureRoundTrips,
  paint: measurePainting,
  png: measurePressing,
  burst: measureBurst,
  shade: measureShades,
  backends: measureBackends,
  language: measureLanguage,
  start: measureStart,
  loop: measureLoops,
  memory: measureMemory,
  growth: measureGrowth,
  store: measureStore,
};

type Growth = Awaited<ReturnType<typeof measureGrowth>>;

/** Whatever a run gave, as far as it is kept. */
interface Found {
  readonly results: Results;
  readonly plots: Readonly<Record<string, Plot>>;
  /** Parts that ended with an error, such as at a byte that differs. */
  readonly failed: readonly Part[];
}

async function bench(options: BenchOptions): Promise<number> {
  // What cannot be read is told before minutes have been spent.
  const old = options.compare === undefined ? undefined : readKept(options.compare);
  const start = performance.now();
  const found = await measure(options);
  const { results } = found;
  const lines = results.lines;
  const held = lines.filter((line) => isMet(line) !== undefined);
  const told = lines.filter((line) => isMet(line) === undefined);
  if (held.length > 0) console.log(`\nWhat it must show:\n\n${tableOf(held)}`);
  if (told.length > 0) console.log(`\nBeside that:\n\n${tableOf(told)}`);
  const met = held.filter((line) => isMet(line)).length;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(
    `\n${met} of ${held.length} met; ${seconds} s; load ${results.machine.load} before, ${loadNow()} after`,
  );
  keep(found, options);
  let code: number = EXIT.ok;
  if (old !== undefined) {
    const comparison = compare(old, results);
    console.log(`\n${tellComparison(comparison, old.quick || results.quick)}`);
    if (comparison.changes.some(({ kind }) => kind === 'regression')) code = EXIT.worse;
  }
  if (found.failed.length === 0) return code;
  console.log(`failed, see above: ${found.failed.join(', ')}`);
  return EXIT.failed;
}

const EXIT = { ok: 0, worse: 1, usage: 64, failed: 70 } as const;

async function measure({ parts, quick, profile, store }: BenchOptions): Promise<Found> {
  const scratch = makeScratch();
  try {
    const machine = describeMachine(scratch);
    console.log(`${inWords(machine)}; seed ${SEED}${quick ? '; --quick: not to be quoted' : ''}`);
    const busy = busyWords(machine);
    if (busy !== undefined) console.log(busy);
    const lines: Line[] = [];
    const failed: Part[] = [];
    let plots: Readonly<Record<string, Plot>> = {};
    for (const part of parts) {
      console.log(`measuring ${part} …`);
      try {
        const found = await MEASURES[part]({ scratch, quick, profile, store });
        if ('plots' in found) ({ plots } = found);
        lines.push(...('plots' in found ? found.lines : found));
      } catch (error) {
        // What the other parts take minutes to find is not lost with it.
        console.error(error);
        failed.push(part);
      }
    }
    const day = new Date().toISOString().slice(0, 10);
    return { results: { machine, version: VERSION, day, seed: SEED, quick, lines }, plots, failed };
  } finally {
    scratch.remove();
  }
}

function inWords(machine: Machine): string {
  return (
    `${machine.cpu}, ${machine.cores} cores (load ${machine.load}), ${machine.memory_gib} GiB, ` +
    `${machine.system}, Node ${machine.node}; ` +
    `memory: ${machine.memory_file_system}, disk: ${machine.disk_file_system}`
  );
}

function readKept(path: string): KeptResults {
  return readResults(readFileSync(path, 'utf8'), path);
}

/** A run of everything is kept under the machine's name; any run under the name that it was given. */
function keep({ results, plots, failed }: Found, { name, json, parts, quick }: BenchOptions): void {
  const text = resultsText(results);
  const isWhole = parts.length === PARTS.length && !quick && failed.length === 0;
  if (name !== undefined || isWhole) {
    const base = join(packageRoot(), 'bench/results', name ?? machineName(results.machine));
    mkdirSync(base, { recursive: true });
    writeFileSync(`${base}.json`, text);
    for (const [against, plot] of Object.entries(plots))
      writeFileSync(join(base, `${against}.svg`), plotSvg(plot));
    console.log(`kept as ${base}.json`);
  }
  if (json === '-') console.log(text);
  else if (json !== undefined) writeFileSync(json, text);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(USAGE);
  else process.exitCode = await bench(options);
} catch (error) {
  const { code } = error as { code?: unknown };
  const isUsage =
    String(code ?? '').startsWith('ERR_PARSE_ARGS') || (error as Error).message.startsWith('Expected --');
  if (!isUsage) throw error;
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = EXIT.usage;
}
