/** Drawing a program to be looked at: on the CPU, whatever else there is. */
import { cpuPainter } from '../renderer/raster/cpu-painter.ts';
import { ownPixels } from '../renderer/raster/painter.ts';
import { render } from '../renderer/render.ts';
import type { Allowance } from '../shared/allowance.ts';
import type { Canvas } from '../shared/canvas.ts';
import { AuthorFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { sayWhoLowered } from '../shared/lowered-limits.ts';
import type { Params } from '../shared/params.ts';
import { ImageFiles } from './image-files.ts';
import type { Drawing } from './preview-frame.ts';
import { Refusal } from './refusal.ts';

/** What every drawing of one preview has in common; plain data, which a thread can be given. */
export interface Occasion {
  readonly canvas: Canvas;
  readonly params: Params;
  readonly allowance: Allowance;
  /** Absolute paths of files that hold the canvases of IMAGEs: read for each drawing, as they may have changed. */
  readonly inputs: readonly string[];
}

/** A picture, or every complaint about its program. */
export async function drawProgram(
  code: Uint8Array,
  { canvas, inputs, ...options }: Occasion,
): Promise<Drawing> {
  const start = systemClock.monotonic();
  try {
    const rendering = await render(code, canvas, cpuPainter, systemClock.monotonic, {
      ...options,
      findImages: (images) => new ImageFiles(inputs).find(images),
    });
    const { price, warnings } = rendering;
    // It is moved to another thread, and its memory goes with it.
    const pixels = ownPixels(rendering);
    return { kind: 'picture', pixels, canvas, price, warnings, ms: systemClock.monotonic() - start };
  } catch (error) {
    if (error instanceof AuthorFault) {
      return { kind: 'refused', complaints: sayWhoLowered(error.complaints, options.allowance, '') };
    }
    // Of an input: a preview goes on, and finds it again once it is mended.
    if (error instanceof Refusal)
      return { kind: 'refused', complaints: [{ code: '', message: error.message }] };
    throw error;
  }
}
