/** The line that has a program draw a picture: `IMAGE name width height checksum`, ready to be pasted. */
import { isOfTheCanvas } from '../renderer/language/vocabulary.ts';
import type { Canvas } from '../shared/canvas.ts';
import { LIMITS } from '../shared/limits.ts';

/**
 * Undefined where a picture has more pixels than IMAGEs may.
 *
 * @param title what its name in the program is made of: any text
 */
export function imageLine(title: string, { width, height }: Canvas, checksum: string): string | undefined {
  if (width * height > LIMITS.imagePixels) return undefined;
  return `IMAGE ${nameFrom(title)} ${width} ${height} ${checksum}`;
}

/** A name of the language: the letters and digits of the title, in small letters. */
function nameFrom(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  const name = /^[a-z]/.test(words) ? words : `image_${words}`;
  const short = name.slice(0, LIMITS.nameLength).replace(/_$/, '');
  return isOfTheCanvas(short) ? `the_${short}` : short;
}
