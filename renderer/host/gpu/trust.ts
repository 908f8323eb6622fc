/** Trust: a device paints for nobody before it has painted the probe to the bit. */
import { sha256Hex } from '../../../shared/bytes.ts';
import { invariant } from '../../../shared/faults.ts';
import type { EncodedList } from '../../display/builder.ts';
import { batchOf, pieceOf } from '../../raster/batch.ts';
import { comparePictures } from '../../raster/conformance/comparer.ts';
import {
  imagelessProbe,
  PROBE_SHA256,
  plainProbe,
  probeList,
  probeTails,
} from '../../raster/conformance/probe.ts';
import { shadedProbe } from '../../raster/conformance/probe-shades.ts';
import type { Trial } from '../../raster/costs.ts';
import { paintOnCpu } from '../../raster/cpu-painter.ts';
import { effortOf } from '../../raster/effort.ts';
import { GPU_BOUNDS } from '../../raster/gpu-bounds.ts';
import { type PlanLimits, plan } from '../../raster/plan.ts';
import type { Absence, Gpu } from './device.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { GpuFault } from './guard.ts';

/** What makes a device: openGpu, or in tests one that is bound to fail. */
export type GpuOpener = () => Promise<Gpu | Absence>;

export interface TrustedGpu extends Gpu {
  readonly engine: Engine;
  /** What the pictures of the probe took, but for the first. */
  readonly trials: readonly Trial[];
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
    const trials = await probe(engine, gpu.adapter);
    return { ...gpu, engine, trials };
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
async function probe(engine: Engine, adapter: string): Promise<Trial[]> {
  const trials: Trial[] = [];
  const hold = async (
    list: EncodedList,
    cuts: readonly PlanLimits[],
    sha256 = sha256Hex(paintOnCpu(list)),
  ) => {
    for (const limits of cuts) {
      const { pixels, trial } = await timed(engine, list, limits);
      if (sha256Hex(pixels) !== sha256) throw distrust(adapter, list, pixels);
      trials.push(trial);
    }
  };
  const cut = { ...engine.limits, bandBytes: 2 ** 15, dispatchWork: 2 ** 18 };
  await hold(probeList(), [engine.limits, cut], PROBE_SHA256);
  // One shape at a time, so that each is painted on what lies in the band already.
  const shredded = { ...engine.limits, bandBytes: 2 ** 12, dispatchWork: 1 };
  for (const tail of probeTails()) await hold(tail, [engine.limits, shredded]);
  // Cut like any other, which the others have shown.
  for (const part of [imagelessProbe(), plainProbe()]) await hold(part, [engine.limits]);
  // In two bands, and some hundred pixels at a time.
  const shadedCut = { ...engine.limits, bandBytes: 2 ** 11 + 2 ** 10, dispatchWork: 2 ** 14 };
  await hold(shadedProbe(), [engine.limits, shadedCut]);
  await probeBatches(engine, adapter);
  // The first made the device ready for all others.
  return trials.slice(1);
}

/** Many canvases at once, as many as a GPU takes, by both shaders for that: each must be as if it were alone. */
async function probeBatches(engine: Engine, adapter: string): Promise<void> {
  const { bandBytes, dispatchWork } = GPU_BOUNDS;
  const limits = { ...engine.limits, bandBytes, dispatchWork };
  for (const list of [plainProbe(), probeList()]) {
    const tails = probeTails();
    const pieces = [...tails, list, ...tails].flatMap((each) => pieceOf(each, limits) ?? []);
    invariant(pieces.length > 2 * tails.length, 'the probe is painted together with others');
    const pictures = await engine.paintBatch(batchOf(pieces), () => {});
    for (const [index, pixels] of pictures.entries()) {
      const { list: painted } = pieces[index]!;
      if (sha256Hex(pixels) !== sha256Hex(paintOnCpu(painted))) throw distrust(adapter, painted, pixels);
    }
  }
}

async function timed(
  engine: Engine,
  list: EncodedList,
  limits: PlanLimits,
): Promise<{ pixels: Uint8Array; trial: Trial }> {
  const begun = performance.now();
  const planned = plan(list, limits);
  // A device that is slow to compile is slow, not wrong.
  const compiles = await engine.prepare(planned);
  const { pixels, dispatches } = await engine.play(planned);
  const ms = performance.now() - begun;
  return { pixels, trial: { effort: { ...effortOf(list, compiles), dispatches }, ms } };
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
