/** The pictures of a program, which BLIT draws: its SPRITEs, then its IMAGEs, as packed pixels. */
import { invariant } from '../../shared/faults.ts';
import type { Image, Program, Sprite } from '../language/ast.ts';

/** Drawn in the colour of the pen, where no INK gives it one. */
const PEN = 0x23;

/** The pixels of the IMAGEs of a program, by checksum: packed, R in the low byte, row by row from the top. */
export type ImagePixels = ReadonlyMap<string, Uint32Array>;

/**
 * Says that a run is only to be priced: its IMAGEs need no pixels then. What it lists must never be painted if the
 * program has an IMAGE.
 */
export const PRICE_ONLY = 'price only';

/** What a BLIT may draw. */
export interface Picture {
  /** Pixels, as its height. */
  readonly width: number;
  readonly height: number;
  /** Whether its pixels depend on the colour of the pen. */
  readonly usesPen: boolean;
  /**
   * Its pixels: packed, R in the low byte, row by row from the top. They are made anew at each call, or must not be
   * written to; undefined where only the price is asked for.
   *
   * @param pen packed colour
   */
  pixels(pen: number): Uint32Array | undefined;
}

/** @param images the pixels of every IMAGE; an invariant is broken where those of one are missing or too few or many */
export function picturesOf(
  { sprites, images: declared }: Pick<Program, 'sprites' | 'images'>,
  images: ImagePixels | typeof PRICE_ONLY,
): Picture[] {
  return [...sprites.map(spritePicture), ...declared.map((image) => imagePicture(image, images))];
}

function spritePicture(sprite: Sprite): Picture {
  const { width, height, usesPen } = sprite;
  // Made only where it is drawn: a program may have very many, each much larger than what it is written in.
  return { width, height, usesPen, pixels: (pen) => spritePixels(sprite, pen) };
}

function spritePixels({ width, height, rows, inks }: Sprite, pen: number): Uint32Array {
  const ofPen = inks.get(PEN) ?? pen;
  const pixels = new Uint32Array(width * height);
  for (const [y, row] of rows.entries()) {
    let at = y * width;
    // By code points, a character each. What has no colour, a dot or a blank, stays a hole.
    for (const character of row) {
      const code = character.codePointAt(0) as number;
      pixels[at++] = code === PEN ? ofPen : (inks.get(code) ?? 0);
    }
  }
  return pixels;
}

function imagePicture(
  { name, width, height, checksum }: Image,
  images: ImagePixels | typeof PRICE_ONLY,
): Picture {
  const size = { width, height, usesPen: false };
  if (images === PRICE_ONLY) return { ...size, pixels: () => undefined };
  const pixels = images.get(checksum);
  invariant(pixels?.length === width * height, `the run is given the pixels of the IMAGE ${name}`);
  return { ...size, pixels: () => pixels };
}
