/** The burst: many small canvases at once, as the spool brings them, painted on a GPU. */
import { startGpuChild } from './backends.ts';
import type { BurstQuestion, BurstTimes } from './bursts.ts';
import { type Bench, explained } from './measure.ts';
import { describeShares } from './profile.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';

/** How many times faster a burst has to be than as many submits. */
const TARGET = { software: 1.5, real: 3 };

export async function measureBurst(bench: Bench): Promise<Line[]> {
  const found = await startGpuChild();
  if ('absent' in found) {
    console.log(`burst: not measured: ${found.absent}`);
    return [];
  }
  const { child, adapter, isSoftware } = found;
  try {
    const question: BurstQuestion = { burst: true, quick: bench.quick };
    const { canvases, single, batched } = (await child.ask(question)) as BurstTimes;
    const name = `burst of ${canvases} canvases 128×64 on a GPU${isSoftware ? ' in software' : ''}`;
    const common = { part: 'burst', unit: 'ms', note: adapter } as const;
    if (batched === undefined) {
      return [{ ...common, name: `${name}, one submit each`, ours: figuresOfTimes(single) }];
    }
    const line: Line = {
      ...common,
      name,
      ours: figuresOfTimes(batched),
      peer: { ...figuresOfTimes(single), name: 'one submit each' },
      // So many times faster is so small a part of the time.
      targets: [{ bound: 'at most', value: 1 / (isSoftware ? TARGET.software : TARGET.real), of: 'ratio' }],
    };
    const where = async () => [
      describeShares(await child.profiled(() => child.ask({ ...question, quick: true }))),
    ];
    return [await explained(bench, line, where)];
  } finally {
    await child.stop();
  }
}
