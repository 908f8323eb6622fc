/** What a program must look like: the product's own sentence, in this process, with no daemon and no socket. */
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { type Canvas, DEFAULT_CANVAS } from '../../shared/canvas.ts';

export async function expectedPixels(code: string, canvas: Canvas = DEFAULT_CANVAS): Promise<Uint8Array> {
  return (await render(Buffer.from(code), canvas, cpuPainter, () => 0)).pixels;
}

/** Whether two pictures are the same bytes. */
export function samePixels(found: Uint8Array | undefined, expected: Uint8Array): boolean {
  return found !== undefined && Buffer.compare(found, expected) === 0;
}
