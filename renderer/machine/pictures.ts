/** The pictures of a program, which BLIT draws: its SPRITEs, then its IMAGEs, as packed pixels. */
import { invariant } from '../../shared/faults.ts';
import type { Image, Program, Sprite } from '../language/ast.ts';

/** The pixels of the IMAGEs of a program, by checksum: packed, R in the low byte, row by row from the top. */
export type ImagePixels = ReadonlyMap<string, Uint32Array>;

/** Says that the pixels of IMAGEs are not at hand: all of them are holes then, which cost what any other pixels cost. */
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
   * written to.
   *
   * @param pen packed colour
   */
  pixels(pen: number): Uint32Array;
}

/** @param images the pixels of every IMAGE; an invariant is broken where those of one are missing or too few or many */
export function picturesOf(
  { sprites, images: declared }: Pick<Program, 'sprites' | 'images'>,
  images: ImagePixels | typeof PRICE_ONLY,
): Picture[] {
  return [...sprites.map(spritePicture), ...declared.map((image) => imagePicture(image, images))];
}

function spritePicture(sprite: Sprite): Picture {
  const { width, height, penCode } = sprite;
  // Made only where it is drawn: a program may have very many, each much larger than what it is written in.
  return { width, height, usesPen: penCode !== undefined, pixels: (pen) => spritePixels(sprite, pen) };
}

function spritePixels({ width, height, rows, inks, penCode }: Sprite, pen: number): Uint32Array {
  const pixels = new Uint32Array(width * height);
  for (const [y, row] of rows.entries()) {
    let at = y * width;
    // By code points, a character each.
    for (const character of row) {
      const code = character.codePointAt(0) as number;
      const color = code === penCode ? pen : inks.get(code);
      if (color !== undefined) pixels[at] = color;
      at++;
    }
  }
  return pixels;
}

function imagePicture(
  { name, width, height, checksum }: Image,
  images: ImagePixels | typeof PRICE_ONLY,
): Picture {
  const size = { width, height, usesPen: false };
  if (images === PRICE_ONLY) return { ...size, pixels: () => new Uint32Array(width * height) };
  const pixels = images.get(checksum);
  invariant(pixels?.length === width * height, `the run is given the pixels of the IMAGE ${name}`);
  return { ...size, pixels: () => pixels };
}
