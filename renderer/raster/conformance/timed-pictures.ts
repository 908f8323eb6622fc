/** The pictures of the stopwatch: small, screen-sized and large. */
import { seededBetween } from '../../../shared/seeded.ts';
import type { Shape } from '../../display/list.ts';
import { GLYPH_ADVANCE } from '../font.ts';
import { type Case, caseOf, glyph, rect, rgba } from './case.ts';
import { glyphOf } from './glyphs.ts';

const RECTANGLES = 1_000;

/** Longest side of a rectangle, pixels. */
const LONGEST = 200;

export function* timedPictures(): Generator<Case> {
  yield text(128, 64);
  yield rectangles(1_920, 1_080);
  yield rectangles(4_096, 4_096);
}

function text(width: number, height: number): Case {
  const letters = [...'HELLO FROM GVPIE'].map((letter, index) =>
    glyph(10 + index * GLYPH_ADVANCE, 10, glyphOf(letter), rgba(255, 255, 255)),
  );
  const bar = rect(10, 20, 106, 22, rgba(255, 255, 255));
  return caseOf(`${width}×${height}, a line of text`, { width, height }, [...letters, bar]);
}

function rectangles(width: number, height: number): Case {
  const random = seededBetween(width);
  const shapes = Array.from({ length: RECTANGLES }, (): Shape => {
    const [x, y] = [random(0, width), random(0, height)];
    const [right, bottom] = [x + random(1, LONGEST + 1), y + random(1, LONGEST + 1)];
    const color = (0xff000000 | random(0, 0x1000000)) >>> 0;
    return rect(x, y, Math.min(width, right), Math.min(height, bottom), color);
  });
  return caseOf(`${width}×${height}, ${RECTANGLES} rectangles`, { width, height }, shapes);
}
