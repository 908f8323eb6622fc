/** The suite: every case in its order, and the pinned digests of what they must look like. */
import { blendingCases } from './blending.ts';
import { canvasCases } from './canvases.ts';
import type { Case } from './case.ts';
import { glyphCases } from './glyphs.ts';
import { randomList } from './random-list.ts';
import { rawCases } from './raw-words.ts';
import { stackCases } from './stacks.ts';
import { tileCases } from './tile-edges.ts';

/** Cases are made one at a time: the largest list and its picture are all the memory that they take. */
export function* standingCases(): Generator<Case> {
  yield* canvasCases();
  yield* glyphCases();
  yield* tileCases();
  yield* blendingCases();
  yield* stackCases();
  yield* rawCases();
}

/** Random lists of one round, and the first one's seed; the next ones' follow by ones. */
export const RANDOM_LISTS = 1_000;
export const RANDOM_SEED = 20_261_121;

export function* randomCases(lists: number = RANDOM_LISTS, seed: number = RANDOM_SEED): Generator<Case> {
  for (let n = 0; n < lists; n++) yield { name: `random list ${seed + n}`, list: randomList(seed + n) };
}

/** `conform`'s digest of the standing cases, and of RANDOM_LISTS random ones from RANDOM_SEED. */
export const STANDING_SHA256 = '6027d9f66f980f62b57caefa9a285940e1c6ae6981b659e24472c723a89c85d2';
export const RANDOM_SHA256 = '09f8475aff87da82f374e89590e3e7b40f0273d94d3ff5ed7fde8c321dedfd84';
