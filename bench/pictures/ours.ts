/** Our side of a contest: a scene as a display list, as the text of a program, and painted plainly. */
import type { EncodedList } from '../../renderer/display/builder.ts';
import {
  SHAPE_WORDS,
  TAG_GLYPH,
  TAG_RECT,
  WORD_COLOR,
  WORD_POOL,
  WORD_TAG,
  WORD_X0,
  WORD_X1,
  WORD_Y0,
  WORD_Y1,
} from '../../renderer/display/encoding.ts';
import { SHAPE_STROKES } from '../../renderer/machine/shape-strokes.ts';
import { Sketch } from '../../renderer/machine/sketch.ts';
import { sourceOver } from '../../renderer/raster/mixing.ts';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import type { Mark, Scene } from './scene.ts';

/** What the statements of a program would have drawn: shapes are computed, cut and encoded. */
export function listOf({ canvas, marks }: Scene): EncodedList {
  const sketch = new Sketch(canvas, FULL_ALLOWANCE, [], []);
  for (const mark of marks) {
    sketch.state.color = mark.color;
    draw(sketch, mark);
  }
  return sketch.surface.finish();
}

function draw(sketch: Sketch, mark: Mark): void {
  switch (mark.kind) {
    case 'rect':
      sketch.rect(mark.x, mark.y, mark.w, mark.h);
      break;
    case 'disc':
      SHAPE_STROKES.DISC(sketch, Int32Array.of(mark.x, mark.y, mark.r));
      break;
    case 'triangle':
      SHAPE_STROKES.TRI(sketch, Int32Array.from(mark.points), 6);
      break;
    case 'text':
      sketch.text(mark.x, mark.y, mark.text);
      break;
  }
}

/** The scene as a program, two lines a mark. */
export function programOf({ marks }: Scene): Uint8Array {
  return Buffer.from(marks.map((mark) => `COLOR ${hexOf(mark.color)}\n${lineOf(mark)}`).join('\n'));
}

function lineOf(mark: Mark): string {
  switch (mark.kind) {
    case 'rect':
      return `RECT ${mark.x} ${mark.y} ${mark.w} ${mark.h}`;
    case 'disc':
      return `DISC ${mark.x} ${mark.y} ${mark.r}`;
    case 'triangle':
      return `TRI ${mark.points.join(' ')}`;
    case 'text':
      return `TXT ${mark.x} ${mark.y} ${mark.text}`;
  }
}

/** `#rrggbbaa`, as CSS and PXL-ε write it. */
export function hexOf(color: number): string {
  const channels = [0, 8, 16, 24].map((shift) => (color >>> shift) & 255);
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** The bytes that every painter of ours must give: shape after shape over the whole canvas, without tiles or tricks. */
export function paintPlainly({ canvas, shapeCount, shapes, pool }: EncodedList): Uint8Array {
  const out = new Uint32Array(canvas.width * canvas.height).fill(0xff000000);
  for (let at = 0; at < shapeCount * SHAPE_WORDS; at += SHAPE_WORDS) {
    const signed = (word: number): number => (shapes[at + word] as number) | 0;
    const [left, top, right] = [signed(WORD_X0), signed(WORD_Y0), signed(WORD_X1)];
    const color = shapes[at + WORD_COLOR] as number;
    const first = shapes[at + WORD_POOL] as number;
    const tag = shapes[at + WORD_TAG];
    for (let y = Math.max(0, top); y < Math.min(canvas.height, signed(WORD_Y1)); y++) {
      let [from, to] = [Math.max(0, left), Math.min(canvas.width, right)];
      let bits = -1;
      if (tag === TAG_GLYPH) bits = pool[first + y - top] as number;
      else if (tag !== TAG_RECT) {
        from = Math.max(from, (pool[first + 2 * (y - top)] as number) | 0);
        to = Math.min(to, (pool[first + 2 * (y - top) + 1] as number) | 0);
      }
      for (let x = from; x < to; x++) {
        if (tag === TAG_GLYPH && ((bits >>> (right - 1 - x)) & 1) === 0) continue;
        const pixel = y * canvas.width + x;
        out[pixel] = sourceOver(color, out[pixel] as number);
      }
    }
  }
  const bytes = new Uint8Array(out.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [pixel, word] of out.entries()) view.setUint32(pixel * 4, word, true);
  return bytes;
}
