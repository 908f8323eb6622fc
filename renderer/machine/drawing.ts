/** The instructions that draw, or change how. */
import { invariant } from '../../shared/faults.ts';
import { I, type MachineCode } from './instructions.ts';
import { packRgba } from './integer.ts';
import type { Sketch } from './sketch.ts';

/**
 * @param instruction counted from 0; the others are as in instructions.ts
 * @throws {Refused} when the sketch refuses
 */
export function draw(
  code: MachineCode,
  operation: number,
  n: number,
  a: number,
  b: number,
  p: number,
  q: number,
  instruction: number,
  sketch: Sketch,
): void {
  switch (operation) {
    case I.txt:
      sketch.text(p, q, code.texts[n]!, code.lines[instruction]!);
      break;
    case I.rect:
      sketch.rect(p, q, a, b);
      break;
    case I.pix:
      sketch.pixel(a, b);
      break;
    case I.num:
      sketch.text(p, q, String(a), code.lines[instruction]!);
      break;
    case I.clear:
      sketch.clear(a);
      break;
    case I.color:
      sketch.color(a);
      break;
    case I.channels:
      sketch.color(packRgba(p, q, a, b));
      break;
    case I.blend:
      sketch.blend(n === 1);
      break;
    case I.clip:
      sketch.clip(p, q, a, b);
      break;
    case I.unclip:
      sketch.unclip();
      break;
    case I.origin:
      sketch.origin(a, b);
      break;
    case I.push:
      sketch.push();
      break;
    case I.pop:
      sketch.pop();
      break;
    default:
      invariant(false, 'every instruction is known');
  }
}
