/** Cases of bitmaps: every glyph, every width and height, and every way to hang over an edge. */
import { invariant } from '../../../shared/faults.ts';
import type { Bitmap, Shape } from '../../display/list.ts';
import { FONT_HEIGHT, FONT_WIDTH, GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../font.ts';
import { bitmapOf, type Case, caseOf, cover, glyph, hue, square } from './case.ts';

/** Largest side of a bitmap, pixels. */
export const BITMAP_SIDE = 32;

/** The font's glyph of an ASCII character. */
export function glyphOf(character: string): Bitmap {
  const found = glyphFor(character.charCodeAt(0));
  invariant(found !== undefined, `a glyph for ${character}`);
  return found;
}

/** Every glyph of the font, and what stands for a missing one. */
export function allGlyphs(): Bitmap[] {
  const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  return [...printable.map(glyphOf), MISSING_GLYPH];
}

/** Bits of a bitmap, each of which a slip in shifting or masking would move or lose. */
const PATTERNS: Readonly<Record<string, (width: number, height: number) => Bitmap>> = {
  solid: (width, height) => bitmapOf(width, height, () => true),
  blank: (width, height) => bitmapOf(width, height, () => false),
  'left column': (width, height) => bitmapOf(width, height, (x) => x === 0),
  'right column': (width, height) => bitmapOf(width, height, (x) => x === width - 1),
  checks: (width, height) => bitmapOf(width, height, (x, y) => (x + y) % 2 === 0),
  wedge: (width, height) => bitmapOf(width, height, (x, y) => x >= y),
};

export function* glyphCases(): Generator<Case> {
  yield* sheets();
  yield* sizes();
  yield* hangingOneByOne();
  yield* hangingTogether();
}

function* sheets(): Generator<Case> {
  const glyphs = allGlyphs();
  const sheet = (pitchX: number, pitchY: number, alpha: number): Shape[] =>
    glyphs.map((bitmap, index) =>
      glyph((index % 16) * pitchX, Math.floor(index / 16) * pitchY, bitmap, hue(index, alpha)),
    );
  const canvas = { width: 16 * GLYPH_ADVANCE, height: 6 * (FONT_HEIGHT + 1) };
  yield caseOf('all glyphs, apart', canvas, sheet(GLYPH_ADVANCE, FONT_HEIGHT + 1, 255));
  yield caseOf('all glyphs, over one another', { width: 50, height: 22 }, sheet(3, 3, 0x90));
  yield caseOf('all glyphs, all in one place', { width: 5, height: 7 }, sheet(0, 0, 0x20));
}

function* sizes(): Generator<Case> {
  for (const [name, make] of Object.entries(PATTERNS)) {
    const byWidth: Shape[] = [];
    const byHeight: Shape[] = [];
    for (let side = 1, at = 0; side <= BITMAP_SIDE; at += side + 1, side++) {
      byWidth.push(glyph(at, 1, make(side, 3), hue(side)));
      byHeight.push(glyph(1, at, make(3, side), hue(side, 0xe0)));
    }
    // 560 = 1 + … + 32 and a blank pixel between.
    yield caseOf(`bitmaps 1 to 32 wide, ${name}`, { width: 560, height: 5 }, byWidth);
    yield caseOf(`bitmaps 1 to 32 high, ${name}`, { width: 5, height: 560 }, byHeight);
    for (const [width, height] of [
      [1, 1],
      [BITMAP_SIDE, 1],
      [1, BITMAP_SIDE],
      [BITMAP_SIDE, BITMAP_SIDE],
    ] as const) {
      const canvas = { width: width + 2, height: height + 2 };
      yield caseOf(`bitmap ${width}×${height}, ${name}`, canvas, [glyph(1, 1, make(width, height), hue(7))]);
    }
  }
}

/** Small canvases show a glyph by one pixel, or by nine: each by itself. */
function* hangingOneByOne(): Generator<Case> {
  const drawn = glyphOf('&');
  for (const side of [1, 3]) {
    for (let y = 1 - FONT_HEIGHT; y < side; y++) {
      for (let x = 1 - FONT_WIDTH; x < side; x++) {
        yield caseOf(`glyph at ${x}, ${y} of ${side}×${side}`, square(side), [glyph(x, y, drawn, hue(3))]);
      }
    }
  }
  const large = PATTERNS.checks!(BITMAP_SIDE, BITMAP_SIDE);
  const canvas = { width: 33, height: 18 };
  const far = [1 - BITMAP_SIDE, 2 - BITMAP_SIDE, -16, -1, 0, 1];
  for (const y of [...far, canvas.height - 2, canvas.height - 1]) {
    for (const x of [...far, canvas.width - 2, canvas.width - 1]) {
      yield caseOf(`bitmap 32×32 at ${x}, ${y} of 33×18`, canvas, [glyph(x, y, large, hue(4))]);
    }
  }
}

/** By every amount over every edge, on canvases that end before, at and after a tile's edge. */
function* hangingTogether(): Generator<Case> {
  const drawn = glyphOf('#');
  for (const [width, height] of [
    [63, 64],
    [64, 63],
    [65, 66],
    [129, 128],
  ] as const) {
    const shapes: Shape[] = [cover({ width, height }, hue(1, 0xa0))];
    for (let by = 0; by < FONT_HEIGHT; by++) {
      shapes.push(glyph(8 * by, -by, drawn, hue(10 + by)));
      shapes.push(glyph(8 * by, height - FONT_HEIGHT + by, drawn, hue(20 + by, 0xc0)));
      if (by >= FONT_WIDTH) continue;
      shapes.push(glyph(-by, 8 * by, drawn, hue(30 + by, 0xc0)));
      shapes.push(glyph(width - FONT_WIDTH + by, 8 * by, drawn, hue(40 + by)));
    }
    yield caseOf(`glyphs over every edge of ${width}×${height}`, { width, height }, shapes);
  }
}
