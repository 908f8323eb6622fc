/** Cases of source-over: every alpha over every source and every destination, and every alpha by itself. */
import type { Shape } from '../../display/list.ts';
import { type Case, caseOf, cover, glyph, hue, rect, rgba } from './case.ts';
import { glyphOf } from './glyphs.ts';

/** Rows of one of the exhaustive pictures, pixels. */
const ROWS = 4_096;

/** Alphas at which a painter may branch or round otherwise. */
export const ALPHAS: readonly number[] = [0, 1, 2, 63, 64, 126, 127, 128, 129, 191, 253, 254, 255];

export function* blendingCases(): Generator<Case> {
  yield* everyBlend();
  for (const alpha of ALPHAS) yield oneAlpha(alpha);
}

/**
 * Each column has a destination in each channel, each row an alpha and three sources, one for each
 * channel: together all 256³ blends of a channel.
 */
function* everyBlend(): Generator<Case> {
  const triples = Math.ceil(256 / 3);
  const pictures = (triples * 256) / ROWS;
  for (let first = 0; first < triples * 256; first += ROWS) {
    const rows = Math.min(ROWS, triples * 256 - first);
    const shapes: Shape[] = [];
    for (let ground = 0; ground < 256; ground++) {
      // Three permutations of 0 to 255: what one channel takes from another would show.
      const color = rgba(ground, 255 - ground, (ground * 167 + 13) & 255);
      shapes.push(rect(ground, 0, ground + 1, rows, color));
    }
    for (let row = 0; row < rows; row++) {
      const red = Math.floor((first + row) / 256) * 3;
      const color = rgba(red, Math.min(255, red + 1), Math.min(255, red + 2), (first + row) % 256);
      shapes.push(rect(0, row, 256, row + 1, color));
    }
    const name = `every blend, ${first / ROWS + 1} of ${Math.ceil(pictures)}`;
    yield caseOf(name, { width: 256, height: rows }, shapes);
  }
}

/** One alpha as a rectangle and as glyphs, over the ground, over white, over colors and over itself. */
function oneAlpha(alpha: number): Case {
  const canvas = { width: 48, height: 24 };
  return caseOf(`alpha ${alpha} over all kinds of ground`, canvas, [
    rect(12, 0, 24, 24, rgba(255, 255, 255)),
    rect(24, 0, 36, 24, hue(1)),
    rect(36, 0, 48, 24, hue(2, 0x70)),
    rect(0, 2, 48, 8, hue(3, alpha)),
    rect(0, 6, 48, 14, hue(4, alpha)),
    ...[4, 10, 20, 22, 34, 43].map((x) => glyph(x, 12, glyphOf('%'), hue(5, alpha))),
    rect(20, 4, 40, 22, hue(6, alpha)),
    cover(canvas, rgba(0, 0, 0, alpha === 255 ? 0 : alpha)),
  ]);
}
