/** The oracle's letters: where the characters of a text come to stand, and what each is at a size, by the page of fonts. */
import type { Bitmap } from '../../../renderer/display/list.ts';
import { type FontName, fontNamed } from '../../../renderer/fonts/font.ts';

export type Side = 'LEFT' | 'CENTER' | 'RIGHT';

/** How texts are written. */
export interface Hand {
  readonly font: FontName;
  readonly size: number;
  readonly side: Side;
}

/** A character with the top left of its cell. */
export interface Placed {
  readonly code: number;
  readonly x: number;
  readonly y: number;
}

/** The table of docs/fonts.md, pixels. */
const METRICS: Readonly<Record<FontName, { width: number; height: number; advance: number; pitch: number }>> =
  {
    gvpie: { width: 5, height: 7, advance: 6, pitch: 8 },
    fixed5x7: { width: 5, height: 7, advance: 5, pitch: 7 },
    fixed6x13: { width: 6, height: 13, advance: 6, pitch: 13 },
  };

/** From the first cell's left edge to the last one's right edge. */
export function widthOf(text: string, { font, size }: Hand): number {
  const { width, advance } = METRICS[font];
  const count = [...text].length;
  return count === 0 ? 0 : size * ((count - 1) * advance + width);
}

/** A line at x, which is its left edge, its middle, rounded to the right, or its right edge. */
export function lineAt(text: string, x: number, y: number, hand: Hand): Placed[] {
  const width = widthOf(text, hand);
  const before = { LEFT: 0, CENTER: Math.floor(width / 2), RIGHT: width }[hand.side];
  return placed(text, x - before, y, hand);
}

/** A text in lines as wide as a box at (x, y), from its top on, beyond its lower edge too. */
export function boxAt(text: string, x: number, y: number, w: number, hand: Hand): Placed[] {
  return linesOf(text, w, hand).flatMap((line, index) => {
    const seen = line.replace(/ +$/, '');
    const room = w - widthOf(seen, hand);
    const before = { LEFT: 0, CENTER: Math.floor(room / 2), RIGHT: room }[hand.side];
    return placed(seen, x + before, y + index * METRICS[hand.font].pitch * hand.size, hand);
  });
}

function placed(text: string, x: number, y: number, { font, size }: Hand): Placed[] {
  return [...text].map((character, index) => ({
    code: character.codePointAt(0) as number,
    x: x + index * METRICS[font].advance * size,
    y,
  }));
}

/** Cut where the page of fonts says, by trying every length. */
function linesOf(text: string, w: number, hand: Hand): string[] {
  const lines: string[] = [];
  for (let rest = [...text]; rest.length > 0; ) {
    const head = (count: number): string => rest.slice(0, count).join('');
    const fits = (count: number): boolean => {
      const seen = head(count).replace(/ +$/, '');
      return [...seen].length === 1 || widthOf(seen, hand) <= w;
    };
    const counts = Array.from(rest, (_, index) => index + 1).filter(fits);
    const between = counts.filter((count) => rest[count - 1] === ' ' && rest[count] !== ' ');
    const count = counts.includes(rest.length) ? rest.length : (between.at(-1) ?? (counts.at(-1) as number));
    lines.push(head(count));
    rest = rest.slice(count);
  }
  return lines;
}

/** A character as it is drawn. */
export interface Letter {
  readonly width: number;
  readonly height: number;
  readonly has: (x: number, y: number) => boolean;
  /** Rectangles that it is drawn as, a step each; undefined where it is one bitmap. */
  readonly rectangles: number | undefined;
}

/** The glyph of a code point, or the box in its place. */
export function glyphOf(
  code: number,
  font: FontName,
): { readonly bitmap: Bitmap; readonly isMissing: boolean } {
  const { glyph, missing } = fontNamed(font);
  const bitmap = glyph(code);
  return { bitmap: bitmap ?? missing, isMissing: bitmap === undefined };
}

export function letterOf(code: number, { font, size }: Hand): Letter {
  const { bitmap } = glyphOf(code, font);
  const { width, height } = METRICS[font];
  const isSet = (x: number, y: number): boolean =>
    Math.floor((bitmap.rows[y] as number) / 2 ** (width - 1 - x)) % 2 === 1;
  const isLarge = Math.max(width, height) * size > 32;
  return {
    width: width * size,
    height: height * size,
    has: (x, y) => isSet(Math.floor(x / size), Math.floor(y / size)),
    rectangles: isLarge ? countRectangles(width, height, isSet) : undefined,
  };
}

/** Each pixel that no rectangle has yet begins one: as far to the right as it goes, then as far down at that width. */
function countRectangles(width: number, height: number, isSet: (x: number, y: number) => boolean): number {
  const taken = new Set<number>();
  const isFree = (x: number, y: number): boolean =>
    x < width && y < height && isSet(x, y) && !taken.has(y * width + x);
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isFree(x, y)) continue;
      count++;
      const row: number[] = [];
      for (let right = x; isFree(right, y); right++) row.push(right);
      for (let down = y; row.every((each) => isFree(each, down)); down++) {
        for (const each of row) taken.add(down * width + each);
      }
    }
  }
  return count;
}
