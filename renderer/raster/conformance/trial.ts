/** The trial of a painter: the probe and the suite, held to the CPU's pictures, and those to what is pinned. */
import { sha256Hex } from '../../../shared/bytes.ts';
import { paintOnCpu } from '../cpu-painter.ts';
import type { Painter } from '../painter.ts';
import type { Case } from './case.ts';
import { conform, type Failure } from './conform.ts';
import { PROBE_SHA256, probeList } from './probe.ts';
import {
  RANDOM_LISTS,
  RANDOM_SEED,
  RANDOM_SHA256,
  randomCases,
  STANDING_SHA256,
  standingCases,
} from './suite.ts';

export interface Verdict {
  readonly cases: number;
  readonly dispatches: number;
  /** None: every picture is as pinned, to the bit. */
  readonly failures: readonly Failure[];
}

/** Failures after which a part of the suite is given up: more of them say nothing more. */
const MOST_FAILURES = 50;

/** What pictures are pinned to: the digest of the probe's pixels, and `conform`'s of the suite's two parts. */
interface Pins {
  readonly probe: string;
  readonly standing: string;
  readonly random: string;
}

/** Cases that stand, and what the pictures of all of them and of the random lists are pinned to. */
export interface Suite {
  readonly standing: () => Iterable<Case>;
  readonly pins: Pins;
}

export const SUITE: Suite = {
  standing: standingCases,
  pins: { probe: PROBE_SHA256, standing: STANDING_SHA256, random: RANDOM_SHA256 },
};

/** Holds a painter to the probe. */
export async function tryProbe(painter: Painter, { pins }: Suite = SUITE): Promise<Verdict> {
  const list = probeList();
  const { cases, dispatches, failures } = await conform(painter, [{ name: 'probe', list }]);
  const unpinned = pinFailure('probe', pins.probe, sha256Hex(paintOnCpu(list)));
  return { cases, dispatches, failures: [...failures, ...unpinned] };
}

/** Holds a painter to the suite, with so many random lists. */
export async function trySuite(
  painter: Painter,
  randomLists: number,
  { standing, pins }: Suite = SUITE,
): Promise<Verdict> {
  const pinned = Math.min(randomLists, RANDOM_LISTS);
  const parts = [
    await tryPart(painter, 'all standing cases', standing(), pins.standing),
    pinned === RANDOM_LISTS
      ? await tryPart(painter, 'all random lists', randomCases(pinned), pins.random)
      : await tryPart(painter, 'some random lists', randomCases(pinned)),
    await tryPart(painter, 'more random lists', randomCases(randomLists - pinned, RANDOM_SEED + pinned)),
  ];
  return {
    cases: parts.reduce((sum, part) => sum + part.cases, 0),
    dispatches: parts.reduce((sum, part) => sum + part.dispatches, 0),
    failures: parts.flatMap((part) => part.failures),
  };
}

/** @param pin `conform`'s digest of all of these cases */
async function tryPart(
  painter: Painter,
  name: string,
  cases: Iterable<Case>,
  pin?: string,
): Promise<Verdict> {
  const found = await conform(painter, cases, { atMost: MOST_FAILURES });
  const unpinned = found.sha256 === undefined || pin === undefined ? [] : pinFailure(name, pin, found.sha256);
  return { ...found, failures: [...found.failures, ...unpinned] };
}

/** A machine whose CPU paints something else must not pass by comparing it with itself. */
function pinFailure(name: string, pin: string, found: string): Failure[] {
  if (found === pin) return [];
  return [{ name, words: `Expected the CPU's pictures to have the SHA-256 ${pin}, found ${found}` }];
}
