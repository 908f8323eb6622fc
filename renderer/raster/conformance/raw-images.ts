/** Cases of images that no run encodes: boxes beyond the canvas, maps and pixels beyond the pool, and sums that wrap. */
import { BLENDS } from '../../display/blends.ts';
import { TAG_IMAGE } from '../../display/encoding.ts';
import { type Case, hue } from './case.ts';
import { GROUND, HOSTILE, LARGEST, LEAST, type RawShape, raw, VEIL } from './raw-words.ts';

/** A pool that begins with 60 pixels, half of them translucent; then `words`. */
function poolOf(words: readonly number[]): number[] {
  return [...Array.from({ length: 60 }, (_, index) => hue(index, index % 2 === 0 ? 255 : 0xa0)), ...words];
}

export function* rawImageCases(): Generator<Case> {
  yield* hanging();
  yield sums();
  yield* cutPools();
  yield* farWords();
  yield unknownModes();
}

/** Boxes over each edge by a pixel and by as much as a word holds, outside, and such as hold nothing. */
function* hanging(): Generator<Case> {
  const boxes: readonly RawShape['box'][] = [
    [-1, -1, 5, 5],
    [-7, 3, 9, 12],
    [30, -4, 43, 9],
    [3, 30, 17, 39],
    [-2, -2, 42, 38],
    [LEAST, 0, 8, 8],
    [0, LEAST, 8, 8],
    [LEAST, LEAST, LARGEST, LARGEST],
    [35, 2, LARGEST, 12],
    [2, 30, 12, LARGEST],
    [0, 0, 0, 36],
    [0, 9, 40, 9],
    [9, 0, 3, 36],
    [-9, 0, 0, 36],
    [40, 0, 49, 36],
  ];
  for (const box of boxes) {
    const words = [0, ...Array.from({ length: 100 }, (_, index) => (index * 7) % 30)];
    const shape = { tag: TAG_IMAGE, box, color: hue(9), words: 60 };
    yield raw(`an image in ${box.join(', ')}`, HOSTILE, [GROUND, shape, VEIL], poolOf(words));
  }
}

/** Base, column and row that make a sum below, at and beyond 2³², once and twice; a base that leads to each word. */
function sums(): Case {
  const terms = [0, 1, 29, 59, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 30, 2 ** 32 - 1];
  const pool = poolOf(terms.flatMap((base) => [base, ...terms, ...terms]));
  const shapes = terms.map((_, index): RawShape => {
    const [x, y] = [(index % 4) * 9, (index >> 2) * 9];
    return { tag: TAG_IMAGE, box: [x, y, x + 8, y + 8], color: 0, words: 60 + 17 * index };
  });
  return raw('images whose sums wrap', HOSTILE, [GROUND, ...shapes, VEIL], pool);
}

/** The pool ends with the pixels, with the base, within the columns, with them, within the rows. */
function* cutPools(): Generator<Case> {
  const pool = poolOf([20, 0, 1, 2, 3, 4, 0, 5, 10]);
  for (const length of [1, 30, 59, 60, 61, 62, 63, 65, 66, 67, 68, 69]) {
    const shape = { tag: TAG_IMAGE, box: [3, 3, 8, 6] as const, color: 0, words: 60 };
    yield raw(`an image of a pool of ${length} words`, HOSTILE, [GROUND, shape, VEIL], pool.slice(0, length));
  }
}

/** Words that begin at the pool's end, beyond it, and at the last number that a word holds; in boxes that reach as far. */
function* farWords(): Generator<Case> {
  for (const words of [59, 69, 70, 71, 1_000, 2 ** 24, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]) {
    const shapes = [
      [0, 0, 20, 20],
      [LEAST, 20, LARGEST, 28],
      [20, LEAST, 30, 30],
    ].map(
      (box): RawShape => ({ tag: TAG_IMAGE, box: box as unknown as RawShape['box'], color: hue(5), words }),
    );
    const pool = poolOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    yield raw(`images whose words begin at ${words}`, HOSTILE, [GROUND, ...shapes, VEIL], pool);
  }
}

function unknownModes(): Case {
  const modes = [...BLENDS.map(({ number }) => number), BLENDS.length, 255, 2 ** 31, 2 ** 32 - 1];
  const pool = poolOf([0, ...Array.from({ length: 8 }, (_, index) => index * 7)]);
  const shapes = modes.map((blend, index): RawShape => {
    const [x, y] = [(index % 5) * 7, (index >> 1) * 6];
    return { tag: TAG_IMAGE, box: [x, y, x + 5, y + 3], color: 0, words: 60, blend };
  });
  return raw('images in modes that mean nothing', HOSTILE, [GROUND, VEIL, ...shapes, VEIL], pool);
}
