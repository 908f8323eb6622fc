/** Conformance: a painter is held to the expected bytes of every case, and to having painted them itself. */
import { createHash } from 'node:crypto';
import type { EncodedList } from '../../display/builder.ts';
import { paintOnCpu } from '../cpu-painter.ts';
import type { Painted, Painter, Standing } from '../painter.ts';
import type { Case } from './case.ts';
import { comparePictures } from './comparer.ts';

/** A case that a painter does not pass. */
export interface Failure {
  readonly name: string;
  /** What was expected and what was found. */
  readonly words: string;
}

export interface Conformance {
  readonly cases: number;
  readonly failures: readonly Failure[];
  /** Of all pictures together. */
  readonly dispatches: number;
  /** SHA-256 over the expected pictures in order, each after a line with its canvas; undefined when it stopped early. */
  readonly sha256: string | undefined;
}

export interface ConformOptions {
  /** Paints what is expected; the CPU, unless it is the CPU that is held to something else. */
  readonly expectedOf?: (list: EncodedList) => Uint8Array;
  /** Stops at the so-many-eth failure. */
  readonly atMost?: number;
}

/** Holds `painter` to each of the cases, and to the standing that it begins with. What it throws is a failure. */
export async function conform(
  painter: Painter,
  cases: Iterable<Case>,
  { expectedOf = (list) => paintOnCpu(list), atMost = Number.POSITIVE_INFINITY }: ConformOptions = {},
): Promise<Conformance> {
  const { standing } = painter;
  const digest = createHash('sha256');
  const failures: Failure[] = [];
  let count = 0;
  let dispatches = 0;
  let last: Painted | undefined;
  for (const { name, list } of cases) {
    if (failures.length >= atMost) return { cases: count, failures, dispatches, sha256: undefined };
    count++;
    const expected = expectedOf(list);
    digest.update(`${list.canvas.width}×${list.canvas.height}\n`).update(expected);
    try {
      const painted = await painter.paint(list);
      dispatches += painted.dispatches;
      const words =
        originComplaint(painted, standing) ??
        sharingComplaint(painted.pixels, last?.pixels) ??
        comparePictures(expected, painted.pixels, list.canvas);
      if (words !== undefined) failures.push({ name, words });
      last?.release?.();
      last = painted;
    } catch (error) {
      failures.push({ name, words: `Expected a picture, found a fault: ${(error as Error).message}` });
    }
  }
  last?.release?.();
  return { cases: count, failures, dispatches, sha256: digest.digest('hex') };
}

/** What is wrong about who painted a picture, whatever its pixels. A painter that is degraded may say why. */
export function originComplaint(painted: Painted, { backend, health }: Standing): string | undefined {
  const { dispatches, standIn } = painted;
  if (painted.backend !== backend || (standIn !== undefined && health === 'ok')) {
    return `Expected the ${backend} to paint, found that the ${painted.backend} did: ${standIn ?? 'no reason'}`;
  }
  if (backend === 'gpu' ? dispatches < 1 : dispatches !== 0) {
    return `Expected ${backend === 'gpu' ? 'dispatches' : 'no dispatches'} on the ${backend}, found ${dispatches}`;
  }
  return undefined;
}

function sharingComplaint(pixels: Uint8Array, last: Uint8Array | undefined): string | undefined {
  if (pixels.buffer === last?.buffer && pixels.byteOffset === last.byteOffset) {
    return "Expected memory of its own, found the last picture's";
  }
  return undefined;
}
