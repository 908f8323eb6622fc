/** The Mandelbrot set as a SHADE, in Q16.16. */
import type { EncodedList } from '../../renderer/display/builder.ts';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { run } from '../../renderer/machine/machine.ts';
import type { Canvas } from '../../shared/canvas.ts';

/** Most turns of a pixel. */
export const TURNS = 256;

const PROGRAM = `SHADE 0 0 width height
  SET re qdiv(x-w/2, w)*3-32768
  SET im qdiv(y-h/2, w)*3
  LOOP ${TURNS}
    SET t zr2-zi2+re
    SET zi 2*qmul(zr, zi)+im
    SET zr t
    SET zr2 qmul(zr, zr)
    SET zi2 qmul(zi, zi)
    BREAK zr2+zi2>262144
    ADD n 1
  END
  SET r n
  SET g n*4&255
  SET b 255-n
END`;

/** Parsed and run anew each time. */
export function mandelbrot(canvas: Canvas): EncodedList {
  return run(parse(sourceOf(PROGRAM)), canvas).list;
}
