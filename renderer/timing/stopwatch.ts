/** The stopwatch: how long a painter takes for a picture, beside the CPU where that is another one. */
import type { Case } from '../raster/conformance/case.ts';
import { conform, type Failure, originComplaint } from '../raster/conformance/conform.ts';
import { cpuPainter } from '../raster/cpu-painter.ts';
import type { Painter } from '../raster/painter.ts';

/** Paints before the first that counts: code is compiled and memory is there afterwards. */
const WARM_UPS = 3;

/** Medians, ms. */
export interface Timing {
  readonly picture: string;
  readonly cpu: number;
  /** Undefined where the painter is the CPU. */
  readonly gpu: number | undefined;
}

/**
 * Times a picture. Both sides take turns, so that whatever else the machine does falls on both alike.
 *
 * @param rounds paints of each side that count
 * @param monotonic reads a clock in milliseconds
 * @returns why there is nothing to time, when the painter does not paint the picture as it should, or not
 *   from first to last itself
 */
export async function timePicture(
  painter: Painter,
  picture: Case,
  rounds: number,
  monotonic: () => number,
): Promise<Timing | Failure> {
  const { standing } = painter;
  const { failures } = await conform(painter, [picture]);
  if (failures[0] !== undefined) return failures[0];
  const { name, list } = picture;
  const cpu: number[] = [];
  const gpu: number[] = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    const start = monotonic();
    const { release } = await cpuPainter.paint(list);
    const turn = monotonic();
    release?.();
    if (round >= 0) cpu.push(turn - start);
    if (standing.backend === 'cpu') continue;
    const painted = await painter.paint(list);
    const end = monotonic();
    painted.release?.();
    const words = originComplaint(painted, standing);
    if (words !== undefined) return { name, words };
    if (round >= 0) gpu.push(end - turn);
  }
  const { backend, reason } = painter.standing;
  if (backend !== standing.backend) {
    return { name, words: `Expected the ${standing.backend} to the end, found the ${backend}: ${reason}` };
  }
  return { picture: name, cpu: median(cpu), gpu: gpu.length === 0 ? undefined : median(gpu) };
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
