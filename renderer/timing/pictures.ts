/** The pictures that are timed, here and by the bench: the same in every process, so that figures compare. */
import { type Canvas, DEFAULT_CANVAS } from '../../shared/canvas.ts';
import { seededBetween } from '../../shared/seeded.ts';
import type { EncodedList } from '../display/builder.ts';
import { encode } from '../display/encode.ts';
import type { RectShape } from '../display/list.ts';
import { parse } from '../language/parser.ts';
import { decodeSource } from '../language/source.ts';
import { run } from '../machine/machine.ts';

export const SCREEN: Canvas = { width: 1920, height: 1080 };
const LARGE: Canvas = { width: 4096, height: 4096 };
/** The program that a new database begins with. */
const HELLO = Buffer.from('TXT 10 10 Hello GPU\nHALT');

export const RECTANGLES = 1_000;
/** Longest side of a rectangle, pixels. */
const LONGEST = 200;
/** Another one makes other pictures: figures from before it no longer compare. */
const SEED = 20_251_120;

/** Smallest canvas first. */
export const TIMED_PICTURES = {
  '128×64, hello': () => encodeProgram(HELLO, DEFAULT_CANVAS),
  '1920×1080, 1,000 rectangles': () => encode(rectangles(SCREEN), SCREEN),
  '1920×1080, 1,000 translucent rectangles': () => encode(rectangles(SCREEN, 128), SCREEN),
  '4096×4096, 1,000 rectangles': () => encode(rectangles(LARGE), LARGE),
} as const satisfies Record<string, () => EncodedList>;

/** Places, sizes and colors by chance, all of them inside the canvas. @param alpha 0 to 255, of all */
export function rectangles(canvas: Canvas, alpha = 255): RectShape[] {
  const random = seededBetween(SEED);
  return Array.from({ length: RECTANGLES }, () => {
    const width = random(1, LONGEST + 1);
    const height = random(1, LONGEST + 1);
    const x0 = random(0, canvas.width - width + 1);
    const y0 = random(0, canvas.height - height + 1);
    const color = ((alpha << 24) | random(0, 0x1000000)) >>> 0;
    return { kind: 'rect', x0, y0, x1: x0 + width, y1: y0 + height, color };
  });
}

export function encodeProgram(program: Uint8Array, canvas: Canvas): EncodedList {
  return run(parse(decodeSource(program)), canvas).list;
}

export type PictureName = keyof typeof TIMED_PICTURES;
