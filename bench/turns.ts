/** Turns: a process that has both backends, which take turns at the same pictures. */
import type { EncodedList } from '../renderer/display/builder.ts';
import { type OpenBackends, openBackends } from '../renderer/host/backends.ts';
import { type Gpu, openGpu } from '../renderer/host/gpu/device.ts';
import { comparePictures } from '../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import type { Backend, Painted } from '../renderer/raster/painter.ts';
import { type PlanLimits, plan } from '../renderer/raster/plan.ts';
import { planLimits } from '../renderer/raster/plan-limits.ts';
import { type PictureName, TIMED_PICTURES } from '../renderer/timing/pictures.ts';
import { type Canvas, canvasBytes } from '../shared/canvas.ts';
import { HostFault } from '../shared/faults.ts';
import type { BackendChoice } from '../shared/protocol/command.ts';
import { type BurstQuestion, type BurstTimes, takeBursts } from './bursts.ts';
import { contest, type Side } from './contest.ts';
import { ROUNDS as MEDIAN_ROUNDS } from './measure.ts';
import { mandelbrot } from './pictures/mandelbrot.ts';
import { listOf } from './pictures/ours.ts';
import { rectanglesOn } from './pictures/scenes.ts';

/** Said when the process serves: the GPU it has, or why it has none. */
export type Opened = { readonly adapter: string; readonly isSoftware: boolean } | { readonly absent: string };

export interface TurnsQuestion {
  readonly picture: PictureName;
  readonly quick: boolean;
}

/** A Mandelbrot set on a canvas of this size. */
export interface ShadeQuestion {
  readonly shade: Canvas;
  readonly quick: boolean;
}

/** One picture: milliseconds of each paint from the encoded list to the bytes. */
export interface Turns {
  readonly gpu: number[];
  readonly cpu: number[];
  /** Of making the plan alone, which each paint on the GPU begins with. */
  readonly plan: number[];
  /** Of one paint on the GPU. */
  readonly dispatches: number;
}

/** The largest square canvas. */
export const LARGEST: Canvas = { width: 8192, height: 8192 };

export interface LargestQuestion {
  readonly largest: true;
  readonly quick: boolean;
}

/** Milliseconds of each paint of the largest canvas, and of bringing as many bytes back from the GPU. */
export interface LargestTimes {
  readonly gpu: number[];
  readonly copy: number[];
}

interface Both {
  readonly gpu: Gpu;
  readonly backends: OpenBackends;
}

/** How long the turns at one picture may take, ms; a tenth when quick. */
const BUDGET_MS = 8_000;
/** The most: what is small takes less time. The fewest: what is slow takes more. */
const ROUNDS = { most: 1_000, fewest: 5 };

export async function serveTurns({ choice }: { choice: BackendChoice }): Promise<{
  ready: string;
  answer(question: unknown): Promise<Turns | LargestTimes | BurstTimes>;
  stop(): Promise<void>;
}> {
  const both = await openBoth(choice);
  const say = (opened: Opened): string => JSON.stringify(opened);
  if ('absent' in both) {
    const answer = (): never => {
      throw new Error(both.absent);
    };
    return { ready: say(both), answer, stop: async () => {} };
  }
  const { backends, gpu } = both;
  const { isSoftware } = gpu;
  const limits = planLimits(gpu.device.limits, isSoftware);
  return {
    ready: say({ adapter: gpu.adapter, isSoftware }),
    answer(question) {
      const asked = question as TurnsQuestion | ShadeQuestion | LargestQuestion | BurstQuestion;
      if ('burst' in asked) return takeBursts(backends.painterFor('gpu'), asked);
      if ('largest' in asked) return takeLargest(both, asked);
      const list = 'shade' in asked ? mandelbrot(asked.shade) : TIMED_PICTURES[asked.picture]();
      return takeTurns(backends, limits, list, asked.quick);
    },
    stop: () => backends.close(),
  };
}

/** @throws {HostFault} when a GPU was opened and cannot be painted on, or paints the probe wrong */
async function openBoth(choice: BackendChoice): Promise<Both | { absent: string }> {
  const opened: Gpu[] = [];
  try {
    const backends = await openBackends(choice, {
      async open(wanted) {
        const gpu = await openGpu(wanted);
        if (!('absent' in gpu)) opened.push(gpu);
        return gpu;
      },
    });
    backends.painterFor('gpu');
    const [gpu] = opened;
    if (gpu === undefined) throw new Error('Expected the GPU that paints to have been opened here');
    return { gpu, backends };
  } catch (error) {
    if (error instanceof HostFault && opened.length === 0) return { absent: error.message };
    throw error;
  }
}

async function takeTurns(
  backends: OpenBackends,
  limits: PlanLimits,
  list: EncodedList,
  quick: boolean,
): Promise<Turns> {
  const expected = paintOnCpu(list);
  let dispatches = 0;
  const side = (backend: Backend): Side => {
    const painter = backends.painterFor(backend);
    return {
      name: backend,
      act: () => painter.paint(list),
      check(result) {
        const painted = result as Painted;
        const difference = comparePictures(expected, painted.pixels, list.canvas) ?? painted.standIn;
        if (difference !== undefined || painted.backend !== backend)
          throw new Error(
            `Expected the picture from the ${backend}, found: ${difference ?? painted.backend}`,
          );
        dispatches = Math.max(dispatches, painted.dispatches);
      },
    };
  };
  const sides = [side('gpu'), side('cpu'), { name: 'plan', act: () => plan(list, limits) }];
  const [gpu = [], cpu = [], plans = []] = await contest(sides, await howMany(sides, quick));
  return { gpu, cpu, plan: plans, dispatches };
}

async function takeLargest({ gpu, backends }: Both, { quick }: LargestQuestion): Promise<LargestTimes> {
  const list = listOf(rectanglesOn(LARGEST, 1_000, 400));
  const expected = paintOnCpu(list);
  const painter = backends.painterFor('gpu');
  const painting: Side = {
    name: 'gpu',
    act: () => painter.paint(list),
    check(result) {
      const { pixels, standIn } = result as Painted;
      const difference = comparePictures(expected, pixels, LARGEST) ?? standIn;
      if (difference !== undefined)
        throw new Error(`Expected the largest canvas from the GPU, found: ${difference}`);
    },
  };
  const bytes = canvasBytes(LARGEST);
  const copy = copier(gpu.device, expected);
  const copying: Side = {
    name: 'copy',
    act: copy.bringBack,
    check(result) {
      const found = result as Uint8Array;
      if (found.length !== bytes || Buffer.compare(found, expected) !== 0)
        throw new Error('Expected the bytes back that the GPU was given, found others');
    },
  };
  try {
    const plan = { warmUp: 2, rounds: quick ? 2 : MEDIAN_ROUNDS, calls: 1 };
    const [times = [], copies = []] = await contest([painting, copying], plan);
    return { gpu: times, copy: copies };
  } finally {
    copy.release();
  }
}

/** Copies bytes that lie on the GPU to where they can be mapped, maps them, and takes them into memory of our own. */
function copier(device: GPUDevice, bytes: Uint8Array): { bringBack(): Promise<Uint8Array>; release(): void } {
  const size = bytes.length;
  const [held, mapped] = [
    device.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST }),
    device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ }),
  ];
  device.queue.writeBuffer(held, 0, bytes);
  return {
    async bringBack() {
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(held, 0, mapped, 0, size);
      device.queue.submit([encoder.finish()]);
      await mapped.mapAsync(GPUMapMode.READ);
      const copy = new Uint8Array(size);
      copy.set(new Uint8Array(mapped.getMappedRange()));
      mapped.unmap();
      return copy;
    },
    release() {
      held.destroy();
      mapped.destroy();
    },
  };
}

/** As many rounds as the budget has room for. */
async function howMany(sides: readonly Side[], quick: boolean): Promise<Parameters<typeof contest>[1]> {
  const trial = await contest(sides, { warmUp: 2, rounds: 1, calls: 1 });
  const roundMs = trial.flat().reduce((sum, ms) => sum + ms, 0);
  const room = Math.min(Math.max(BUDGET_MS / roundMs, ROUNDS.fewest), ROUNDS.most);
  const rounds = Math.ceil(quick ? room / 10 : room);
  return { warmUp: Math.ceil(rounds / 10), rounds, calls: 1 };
}
