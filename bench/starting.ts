/** Starting: how long a command takes from a cold process to its picture, against a process that does nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { packageRoot } from '../shared/host/package-root.ts';
import { contest, type Side } from './contest.ts';
import { type Bench, explained, ROUNDS } from './measure.ts';
import { type CpuProfile, describeShares, sharesOf } from './profile.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';

/** Ours over an empty process's time. */
const TARGET = 2.5;

export async function measureStart(bench: Bench): Promise<Line[]> {
  const folder = mkdtempSync(join(bench.scratch.memory, 'start-'));
  const out = join(folder, 'a.png');
  const program = join(packageRoot(), 'examples/hello.pxl');
  const command = [join(packageRoot(), 'dist/cli/main.js'), 'render', program, '-o', out];
  const sides: Side[] = [
    {
      name: 'render',
      act: () => runNode(command),
      check() {
        const cartridge = openCartridge(readFileSync(out));
        const complaint = judgeFile(cartridge);
        if (complaint !== undefined || cartridge.label.program !== readFileSync(program, 'utf8'))
          throw new Error('Expected the cartridge of its program, found another file');
        // The next one is not to be taken for this one.
        rmSync(out);
      },
    },
    { name: 'nothing', act: () => runNode(['-e', '0']) },
  ];
  const [ours = [], nothing = []] = await contest(sides, {
    warmUp: 2,
    rounds: bench.quick ? 3 : ROUNDS,
    calls: 1,
  });
  const line: Line = {
    part: 'start',
    name: 'cold: render hello.pxl -o a.png',
    unit: 'ms',
    ours: figuresOfTimes(ours),
    peer: { ...figuresOfTimes(nothing), name: 'node -e 0' },
    targets: [{ bound: 'at most', value: TARGET, of: 'ratio' }],
    note: 'from the start of the process to its end',
  };
  return [await explained(bench, line, () => whereOf(folder, command))];
}

/** @throws {Error} when it ends with anything but 0 */
async function runNode(args: readonly string[]): Promise<void> {
  const [code] = await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`Expected node ${args.at(1) ?? ''} to end with 0, found ${code}`);
}

async function whereOf(folder: string, command: readonly string[]): Promise<string[]> {
  const name = 'start.cpuprofile';
  await runNode([
    '--cpu-prof',
    '--cpu-prof-interval=100',
    `--cpu-prof-dir=${folder}`,
    `--cpu-prof-name=${name}`,
    ...command,
  ]);
  return [describeShares(sharesOf(JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile), 8)];
}
