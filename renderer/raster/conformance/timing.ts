/** The stopwatch: how long a painter takes for a picture, beside the CPU where that is another one. */
import { paintOnCpu } from '../cpu-painter.ts';
import type { Painter } from '../painter.ts';
import type { Case } from './case.ts';
import { conform, type Failure } from './conform.ts';

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
 * @returns why there is nothing to time, when the painter does not paint the picture as it should
 */
export async function timePicture(
  painter: Painter,
  picture: Case,
  rounds: number,
  monotonic: () => number,
): Promise<Timing | Failure> {
  const { failures } = await conform(painter, [picture]);
  if (failures[0] !== undefined) return failures[0];
  const { name, list } = picture;
  const cpu: number[] = [];
  const gpu: number[] = [];
  for (let round = -WARM_UPS; round < rounds; round++) {
    const start = monotonic();
    paintOnCpu(list);
    const turn = monotonic();
    if (round >= 0) cpu.push(turn - start);
    if (painter.standing.backend === 'cpu') continue;
    const { standIn } = await painter.paint(list);
    if (standIn !== undefined) return { name, words: `Expected the gpu to paint, found none: ${standIn}` };
    if (round >= 0) gpu.push(monotonic() - turn);
  }
  return { picture: name, cpu: median(cpu), gpu: gpu.length === 0 ? undefined : median(gpu) };
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
