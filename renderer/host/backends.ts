/** The backends: opens what a renderer can paint with, and says which it is and why. */
import { HostFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import type { Backends } from '../doors.ts';
import { AutoPainter } from '../raster/auto-painter.ts';
import { Costs, CPU_RATES, GPU_RATES } from '../raster/costs.ts';
import { cpuStanding } from '../raster/cpu-painter.ts';
import type { Painter, Standing } from '../raster/painter.ts';
import { type Absence, missingLoader, openGpu } from './gpu/device.ts';
import type { GpuPainter } from './gpu/gpu-painter.ts';
import type { GpuFault } from './gpu/guard.ts';
import type { ProbeReport, TrustedGpu } from './gpu/trust.ts';
import { paintInTurns } from './paint-in-turns.ts';

export interface OpenBackends extends Backends {
  /** Lets go of the device. To be called once, after the last picture. */
  close(): Promise<void>;
  /** Tells of each new standing. */
  onChange(listener: (standing: Standing) => void): void;
}

export interface BackendOptions {
  /** Keeps both pictures when a GPU paints the probe wrong. */
  readonly onDistrust?: (report: ProbeReport) => void;
  /** In place of the machine's own device. */
  readonly open?: typeof openGpu;
}

const ASKED_FOR = 'asked for';
const CPU_HINT = 'Use --backend auto or --backend cpu; the bytes are the same.';

/**
 * Opens the backends for a choice. `auto` looks for a real GPU: where there is one, each picture goes to it or to the CPU,
 * and else all to the CPU. `gpu` takes an adapter in software too, for every picture; `cpu` looks for none.
 *
 * @throws {HostFault} when `gpu` is insisted on and no adapter paints the probe to the bit
 */
export async function openBackends(
  choice: BackendChoice,
  { onDistrust, open = openGpu }: BackendOptions = {},
): Promise<OpenBackends> {
  if (choice === 'cpu') return onCpu(cpuStanding(ASKED_FOR), noGpu('it was told to paint on the CPU'));
  // Where nothing can be opened, what would paint on it is not loaded.
  const missing = open === openGpu ? missingLoader() : undefined;
  if (missing !== undefined) return withoutGpu(choice, missing);
  const { GpuFault, GpuPainter, openTrusted, ProbeFault, readShader, whyNot } = await loadGpu();
  const gpuCosts = new Costs(GPU_RATES);
  const openOnce = async (): Promise<TrustedGpu | Absence> => {
    try {
      const opened = await openTrusted(() => open(choice === 'gpu' ? 'any' : 'real'), readShader());
      if (!('absent' in opened)) gpuCosts.calibrate(opened.trials);
      return opened;
    } catch (error) {
      if (error instanceof ProbeFault) onDistrust?.(error.report);
      throw error;
    }
  };
  let gpu: TrustedGpu | Absence | GpuFault;
  try {
    gpu = await openOnce();
  } catch (error) {
    const why = whyNot(error);
    if (choice === 'gpu') throw noGpu(why);
    // A device that fails may do better another time; one that paints wrong, or a defect of ours, will not.
    if (!(error instanceof GpuFault)) return onCpu({ ...cpuStanding(why), health: 'degraded' }, noGpu(why));
    gpu = error;
  }
  if ('absent' in gpu) return withoutGpu(choice, gpu);
  const painter = new GpuPainter(gpu, {
    reopen: openOnce,
    standIn: (list, why, progress) => paintInTurns(list, { standIn: why, progress }),
    reason: choice === 'gpu' ? ASKED_FOR : 'a GPU is there',
    monotonic,
    later: actLater,
  });
  if (choice === 'gpu') return onGpu(painter, painter);
  const cpu = { painter: CPU_PAINTER, costs: new Costs(CPU_RATES) };
  return onGpu(painter, new AutoPainter({ cpu, gpu: { painter, costs: gpuCosts }, monotonic }));
}

async function loadGpu() {
  const [trust, guard, painter, shader] = await Promise.all([
    import('./gpu/trust.ts'),
    import('./gpu/guard.ts'),
    import('./gpu/gpu-painter.ts'),
    import('./gpu/shader.ts'),
  ]);
  return { ...trust, ...guard, ...painter, ...shader };
}

/** @throws {HostFault} when a GPU is insisted on */
function withoutGpu(choice: BackendChoice, { absent, hint }: Absence): OpenBackends {
  const refusal = noGpu(absent, hint);
  if (choice === 'gpu') throw refusal;
  return onCpu(cpuStanding(absent), refusal);
}

const CPU_PAINTER: Painter = {
  standing: cpuStanding(ASKED_FOR),
  paint: (list, progress) => paintInTurns(list, { progress }),
};

function onCpu(standing: Standing, refusal: HostFault): OpenBackends {
  const standIn = standing.health === 'degraded' ? standing.reason : undefined;
  const painter: Painter = {
    standing,
    paint: (list, progress) => paintInTurns(list, { standIn, progress }),
  };
  return {
    standing,
    painterFor(choice) {
      if (choice === 'gpu') throw refusal;
      return choice === 'cpu' ? CPU_PAINTER : painter;
    },
    async close() {},
    onChange() {},
  };
}

/** @param chooser paints where a command does not insist on anything; it stands as the GPU's painter does */
function onGpu(painter: GpuPainter, chooser: Painter): OpenBackends {
  return {
    get standing() {
      return chooser.standing;
    },
    painterFor(choice) {
      if (choice === 'cpu') return CPU_PAINTER;
      if (choice === 'auto') return chooser;
      const { backend, reason } = painter.standing;
      if (backend === 'cpu') throw noGpu(reason, CPU_HINT, painter.mayReturn);
      return {
        get standing() {
          const { standing } = painter;
          return standing.backend === 'gpu' ? { ...standing, reason: ASKED_FOR } : standing;
        },
        paint: (list, progress) => painter.paint(list, progress),
      };
    },
    close: () => painter.close(),
    onChange: (listener) => painter.onChange(() => listener(chooser.standing)),
  };
}

function monotonic(): number {
  return performance.now();
}

function noGpu(why: string, hint = CPU_HINT, retryable = false): HostFault {
  return new HostFault('open', 'the GPU', `Expected a GPU to paint on, found none: ${why}`, {
    retryable,
    hint,
  });
}

/** Keeps no process from ending. */
function actLater(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms).unref();
  return () => clearTimeout(timer);
}
