/** The suite: every case in its order, and the pinned digests of what they must look like. */
import { blendingCases } from './blending.ts';
import { canvasCases } from './canvases.ts';
import type { Case } from './case.ts';
import { glyphCases } from './glyphs.ts';
import { imageCases } from './images.ts';
import { modeCases } from './modes.ts';
import { randomList } from './random-list.ts';
import { rawImageCases } from './raw-images.ts';
import { hostileCases, rawCases } from './raw-words.ts';
import { spansCases } from './spans.ts';
import { stackCases } from './stacks.ts';
import { spansAround, tileCases } from './tile-edges.ts';

/** Cases are made one at a time: the largest list and its picture are all the memory that they take. */
export function* standingCases(): Generator<Case> {
  yield* canvasCases();
  yield* glyphCases();
  yield* tileCases();
  yield* blendingCases();
  yield* stackCases();
  yield* rawCases();
  yield* modeCases();
  yield* spansCases();
  yield* spansAround();
  yield* hostileCases();
  yield* imageCases();
  yield* rawImageCases();
}

/** Random lists of one round, and the first one's seed; the next ones' follow by ones. */
export const RANDOM_LISTS = 1_000;
export const RANDOM_SEED = 20_261_121;

export function* randomCases(lists: number = RANDOM_LISTS, seed: number = RANDOM_SEED): Generator<Case> {
  for (let n = 0; n < lists; n++) yield { name: `random list ${seed + n}`, list: randomList(seed + n) };
}

/** `conform`'s digest of the standing cases, and of RANDOM_LISTS random ones from RANDOM_SEED. */
export const STANDING_SHA256 = '17fc2372c3c10e31353d5637b3a2b0ceca575b12a9a9c26a500b8e2e42b93373';
export const RANDOM_SHA256 = 'dada18b7dc1c47b7022e53dbf06155a3e3a2cf448e97a54f32b4333968ac2295';
