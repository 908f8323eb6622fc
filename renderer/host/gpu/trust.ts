/** Trust: a device paints for nobody before it has painted the probe to the bit. */
import { sha256Hex } from '../../../shared/bytes.ts';
import type { EncodedList } from '../../display/builder.ts';
import { comparePictures } from '../../raster/conformance/comparer.ts';
import {
  imagelessProbe,
  PROBE_SHA256,
  plainProbe,
  probeList,
  probeTails,
} from '../../raster/conformance/probe.ts';
import { shadedProbe } from '../../raster/conformance/probe-shades.ts';
import { paintOnCpu } from '../../raster/cpu-painter.ts';
import { GPU_BOUNDS } from '../../raster/gpu-bounds.ts';
import { type PlanLimits, plan } from '../../raster/plan.ts';
import type { Absence, Gpu } from './device.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { GpuFault } from './guard.ts';

/** What makes a device: openGpu, or in tests one that is bound to fail. */
export type GpuOpener = () => Promise<Gpu | Absence>;

export interface TrustedGpu extends Gpu {
  readonly engine: Engine;
}

/** The probe as a GPU painted it, beside how it should look. */
export interface ProbeReport {
  readonly adapter: string;
  readonly width: number;
  readonly height: number;
  /** RGBA8 of the CPU. */
  readonly expected: Uint8Array;
  /** RGBA8 of the GPU. */
  readonly found: Uint8Array;
  /** How they differ, in words. */
  readonly difference: string;
}

/** The GPU works, and gives other pixels. */
export class ProbeFault extends Error {
  override readonly name = 'ProbeFault';
  readonly report: ProbeReport;

  constructor(report: ProbeReport) {
    super(`the probe picture differs on ${report.adapter}: ${report.difference}`);
    this.report = report;
  }
}

export interface TrustOptions extends EngineOptions {
  /** In place of GPU_BOUNDS.openMs. */
  readonly openMs?: number;
}

/**
 * Opens a device, compiles the shader and paints the probe.
 *
 * @throws {GpuFault} when the device fails on the way; it is destroyed then
 * @throws {ProbeFault} when the probe differs; likewise
 */
export async function openTrusted(
  open: GpuOpener,
  shader: string,
  options: TrustOptions = {},
): Promise<TrustedGpu | Absence> {
  const gpu = await inTime(open(), options.openMs ?? GPU_BOUNDS.openMs);
  if ('absent' in gpu) return gpu;
  try {
    const engine = await Engine.on(gpu.device, shader, { isSoftware: gpu.isSoftware, ...options });
    await probe(engine, gpu.adapter);
    return { ...gpu, engine };
  } catch (error) {
    gpu.device.destroy();
    throw error;
  }
}

/** The device when it opens in time; one that opens later is let go. */
async function inTime(opening: Promise<Gpu | Absence>, openMs: number): Promise<Gpu | Absence> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new GpuFault('silent', `no device was opened for ${openMs} ms`));
      void opening.then((gpu) => 'device' in gpu && gpu.device.destroy());
    }, openMs);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Each picture whole, and then cut into bands and dispatches as only large ones are. */
async function probe(engine: Engine, adapter: string): Promise<void> {
  const list = probeList();
  const cut = { ...engine.limits, bandBytes: 2 ** 15, dispatchWork: 2 ** 18 };
  for (const limits of [engine.limits, cut]) {
    const { pixels } = await engine.play(plan(list, limits));
    if (sha256Hex(pixels) !== PROBE_SHA256) throw distrust(adapter, list, pixels);
  }
  // One shape at a time, so that each is painted on what lies in the band already.
  const shredded = { ...engine.limits, bandBytes: 2 ** 12, dispatchWork: 1 };
  for (const tail of probeTails()) await compare(engine, adapter, tail, [engine.limits, shredded]);
  // Cut like any other, which the others have shown.
  for (const part of [imagelessProbe(), plainProbe()]) await compare(engine, adapter, part, [engine.limits]);
  // In two bands, and some hundred pixels at a time.
  const shadedCut = { ...engine.limits, bandBytes: 2 ** 11 + 2 ** 10, dispatchWork: 2 ** 14 };
  await compare(engine, adapter, shadedProbe(), [engine.limits, shadedCut]);
}

async function compare(
  engine: Engine,
  adapter: string,
  list: EncodedList,
  cuts: readonly PlanLimits[],
): Promise<void> {
  const expected = sha256Hex(paintOnCpu(list));
  for (const limits of cuts) {
    const { pixels } = await engine.play(plan(list, limits));
    if (sha256Hex(pixels) !== expected) throw distrust(adapter, list, pixels);
  }
}

function distrust(adapter: string, list: EncodedList, found: Uint8Array): ProbeFault {
  const expected = paintOnCpu(list);
  const difference = comparePictures(expected, found, list.canvas) ?? 'the CPU paints it wrong as well';
  return new ProbeFault({ adapter, ...list.canvas, expected, found, difference });
}

/** What went wrong, in words that can follow a colon. */
export function whyNot(error: unknown): string {
  return error instanceof GpuFault ? `${error.kind}: ${error.message}` : (error as Error).message;
}
