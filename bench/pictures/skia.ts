/** Skia's side of a contest: a scene drawn by @napi-rs/canvas at its best, and read back as RGBA. */
import { createCanvas, GlobalFonts, type SKRSContext2D, type Canvas as SkiaCanvas } from '@napi-rs/canvas';
import { fontNamed } from '../../renderer/fonts/font.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { hexOf } from './ours.ts';
import type { Mark, Scene } from './scene.ts';
import { PIXELS_PER_EM, trueTypeOf } from './true-type.ts';

const FONT = fontNamed('gvpie');
/** Text is Skia's own, in a font whose outlines are our bitmaps: so it is laid out, cached and drawn as Skia does it
 * best (from an atlas of bitmaps it took nearly twice as long), and the bytes are the same. */
const FAMILY = 'gvpie bench';

/** How a finished picture is read back. */
const READERS = {
  'data()': (canvas: SkiaCanvas): Uint8Array => canvas.data(),
  'getImageData()': (canvas: SkiaCanvas): Uint8Array => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Uint8Array(data.buffer, data.byteOffset, data.length);
  },
} as const;
export type ReaderName = keyof typeof READERS;

/** Whether one canvas is used for all pictures or each gets its own. */
export type Keeping = 'kept' | 'new';

/** Gets ready and returns what is timed. Styles are spelt out and paths are left to the contest, as a program would. */
export function skiaPainter(scene: Scene, keeping: Keeping, reader: ReaderName): () => Uint8Array {
  const { width, height } = scene.canvas;
  const draw = prepareDrawing(scene);
  const read = READERS[reader];
  const kept = keeping === 'kept' ? createCanvas(width, height) : undefined;
  return () => {
    const canvas = kept ?? createCanvas(width, height);
    draw(canvas.getContext('2d'));
    return read(canvas);
  };
}

/** What draws a scene, ground and all. */
export function prepareDrawing({ canvas, marks }: Scene): (context: SKRSContext2D) => void {
  const spelt = marks.map((mark) => [hexOf(mark.color), mark] as const);
  if (marks.some(({ kind }) => kind === 'text')) registerFont();
  return (context) => {
    clear(context, canvas);
    context.font = `${PIXELS_PER_EM}px "${FAMILY}"`;
    for (const [style, mark] of spelt) {
      context.fillStyle = style;
      fill(context, mark);
    }
  };
}

function clear(context: SKRSContext2D, { width, height }: Canvas): void {
  context.fillStyle = '#000000';
  context.fillRect(0, 0, width, height);
}

function fill(context: SKRSContext2D, mark: Mark): void {
  switch (mark.kind) {
    case 'rect':
      context.fillRect(mark.x, mark.y, mark.w, mark.h);
      break;
    case 'disc':
      context.beginPath();
      context.arc(mark.x + 0.5, mark.y + 0.5, mark.r + 0.5, 0, 2 * Math.PI);
      context.fill();
      break;
    case 'triangle': {
      const [x0, y0, x1, y1, x2, y2] = mark.points;
      context.beginPath();
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
      context.lineTo(x2, y2);
      context.closePath();
      context.fill();
      break;
    }
    case 'text':
      context.fillText(mark.text, mark.x, mark.y + FONT.ascent);
      break;
  }
}

let isRegistered = false;

function registerFont(): void {
  if (isRegistered) return;
  if (GlobalFonts.register(Buffer.from(trueTypeOf(FONT, FAMILY)), FAMILY) === null)
    throw new Error('Expected Skia to take the font, found it refused');
  isRegistered = true;
}
