/** The suite: every case in its order, and the pinned digests of what they must look like. */
import { blendingCases } from './blending.ts';
import { canvasCases } from './canvases.ts';
import type { Case } from './case.ts';
import { glyphCases } from './glyphs.ts';
import { modeCases } from './modes.ts';
import { randomList } from './random-list.ts';
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
}

/** Random lists of one round, and the first one's seed; the next ones' follow by ones. */
export const RANDOM_LISTS = 1_000;
export const RANDOM_SEED = 20_261_121;

export function* randomCases(lists: number = RANDOM_LISTS, seed: number = RANDOM_SEED): Generator<Case> {
  for (let n = 0; n < lists; n++) yield { name: `random list ${seed + n}`, list: randomList(seed + n) };
}

/** `conform`'s digest of the standing cases, and of RANDOM_LISTS random ones from RANDOM_SEED. */
export const STANDING_SHA256 = '1a005412698ffc3abec94b48d6e9aa510c2538e2062d55f58b29c1a30b468afd';
export const RANDOM_SHA256 = '31fe265049ef5ffd325530c5fb140c69e90d757d3a4d15635a70887601d56a9d';
