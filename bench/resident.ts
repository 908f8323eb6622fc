/** Resident memory: of daemons that wait, and of those that render the largest canvas. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type Canvas, canvasBytes } from '../shared/canvas.ts';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { packageRoot } from '../shared/host/package-root.ts';
import { type Bench, ROUNDS } from './measure.ts';
import { crowd } from './pictures/crowd.ts';
import { fieldOf, statusOf } from './process-status.ts';
import type { Line } from './report.ts';
import { renderRow } from './rows.ts';
import { figureOf, figuresOfTimes } from './samples.ts';

const MB = 1e6;
const IDLE_TARGET_MB = 90;
const LARGE: Canvas = { width: 16_384, height: 4_096 };
/** Canvases' bytes that the peak may have. */
const PEAK_TARGET = 3;
/** How long a daemon has waited when it is looked at, ms. */
const REST_MS = 2_000;
const SAMPLE_MS = 50;
/** Processes that render the largest canvas by themselves. */
const COMMANDS = 5;
const MAIN = join(packageRoot(), 'dist/cli/main.js');
const DAEMONS = ['renderer', 'orchestrator'] as const;

export async function measureMemory(bench: Bench): Promise<Line[]> {
  if (process.platform !== 'linux') {
    console.log('memory: not measured: Linux tells it in /proc');
    return [];
  }
  const pair = await startDaemons(bench);
  try {
    await renderRow(pair, 'hello', 'TXT 10 10 Hello\nHALT', { width: 128, height: 64 });
    await pause(REST_MS);
    const idle = await measureIdle(pair);
    const jobs = bench.quick ? 1 : ROUNDS;
    for (let job = 0; job < jobs; job++) await renderRow(pair, `large-${job}`, crowd(job), LARGE);
    return [...idle, ...measurePeak(pair, jobs), await measureCommand(bench)];
  } finally {
    await pair.stop();
  }
}

interface Daemons {
  readonly cartridges: string;
  readonly database: Database.Database;
  readonly pids: Readonly<Record<(typeof DAEMONS)[number], number>>;
  stop(): Promise<void>;
}

/** The daemons as a user starts them, each in its process, without anything of the bench's. */
async function startDaemons({ scratch }: Bench): Promise<Daemons> {
  const folder = mkdtempSync(join(scratch.memory, 'resident-'));
  const path = join(folder, 'daemon.db');
  const flags = [
    ...['--socket', join(folder, 'socket'), '--db', path, '--cartridges', join(folder, 'cartridges')],
    ...['--backend', 'cpu', '--durability', 'fast', '--timeout-ms', '600000'],
  ];
  const children = DAEMONS.map((name) =>
    spawn(process.execPath, [MAIN, name, ...flags], { stdio: 'ignore' }),
  );
  const [renderer, orchestrator] = children as [ChildProcess, ChildProcess];
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  };
  try {
    // The table is there when the migrations are done.
    for (let waited = 0; !hasTable(path); waited += SAMPLE_MS) {
      if (waited > 20_000) throw new Error('Expected the daemons to make their database, found none');
      await pause(SAMPLE_MS);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const database = new Database(path, { timeout: 5_000 });
  return {
    cartridges: join(folder, 'cartridges'),
    database,
    pids: { renderer: renderer.pid ?? 0, orchestrator: orchestrator.pid ?? 0 },
    async stop() {
      database.close();
      await stop();
    },
  };
}

function hasTable(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new Database(path, { readonly: true, timeout: 5_000 });
  try {
    return database.pragma('user_version', { simple: true }) !== 0;
  } finally {
    database.close();
  }
}

async function measureIdle({ pids }: Daemons): Promise<Line[]> {
  const lines: Line[] = [];
  for (const name of DAEMONS) {
    const samples: number[] = [];
    for (let sample = 0; sample < ROUNDS; sample++) {
      samples.push(statusOf(pids[name], 'VmRSS'));
      await pause(SAMPLE_MS);
    }
    const [anonymous, files] = [statusOf(pids[name], 'RssAnon'), statusOf(pids[name], 'RssFile')];
    lines.push({
      part: 'memory',
      name: `idle ${name}, resident`,
      unit: 'MB',
      ours: figuresOfTimes(samples),
      targets: [{ bound: 'at most', value: IDLE_TARGET_MB, of: 'median' }],
      note: `${anonymous.toFixed(0)} MB its own, ${files.toFixed(0)} MB of files such as node; after one small row`,
    });
  }
  return lines;
}

/** The highest that it ever was, over all jobs. */
function measurePeak({ pids }: Daemons, jobs: number): Line[] {
  const canvas = canvasBytes(LARGE) / MB;
  return DAEMONS.map(
    (name): Line => ({
      part: 'memory',
      name: `${name}, ${LARGE.width}×${LARGE.height}, peak`,
      unit: 'MB',
      ours: figureOf(statusOf(pids[name], 'VmHWM'), jobs),
      peer: { ...figureOf(canvas), name: 'the canvas' },
      targets: [{ bound: 'at most', value: PEAK_TARGET, of: 'ratio' }],
      note: `the highest over ${jobs} pictures one after the other`,
    }),
  );
}

/** The command `render`, which paints and presses in one process. */
async function measureCommand({ scratch, quick }: Bench): Promise<Line> {
  const folder = mkdtempSync(join(scratch.memory, 'command-'));
  const [program, out] = [join(folder, 'crowd.pxl'), join(folder, 'crowd.png')];
  writeFileSync(program, crowd(0));
  const size = `${LARGE.width}x${LARGE.height}`;
  const args = [MAIN, 'render', program, '--size', size, '-o', out, '--backend', 'cpu'];
  const samples: number[] = [];
  for (let round = 0; round < (quick ? 1 : COMMANDS); round++) {
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const exited = once(child, 'exit');
    let peak = 0;
    // The peak never falls: what is seen last is at most a moment old.
    const watch = setInterval(() => {
      peak = Math.max(peak, fieldOf(child.pid ?? 0, 'VmHWM') ?? 0);
    }, 5);
    const [code] = await exited;
    clearInterval(watch);
    if (code !== 0) throw new Error(`Expected render to end with 0, found ${code}`);
    if (judgeFile(openCartridge(readFileSync(out))) !== undefined)
      throw new Error('Expected a cartridge that is whole');
    samples.push(peak);
  }
  return {
    part: 'memory',
    name: `render ${LARGE.width}×${LARGE.height} in one process, peak`,
    unit: 'MB',
    ours: figuresOfTimes(samples),
    peer: { ...figureOf(canvasBytes(LARGE) / MB), name: 'the canvas' },
    targets: [{ bound: 'at most', value: PEAK_TARGET, of: 'ratio' }],
    note: `${samples.length} processes: memory varies little`,
  };
}
