/** The CPU painter of a daemon: a large canvas leaves the rest of the process its turns. */
import type { EncodedList } from '../display/builder.ts';
import { paintedOnCpu, paintInSlices } from '../raster/cpu-painter.ts';
import type { Painted } from '../raster/painter.ts';
import { restStages } from './idle-stages.ts';

/** Longest stretch of painting without a turn for signals, heartbeats and clients, ms; one more tile may be painted in it. */
const STRETCH_MS = 8;

/**
 * Paints a small canvas at once and a large one in turns with the rest of the process; the bytes are the same.
 *
 * @param standIn why the CPU paints in place of a GPU, when it does
 */
export function paintInTurns(list: EncodedList, standIn?: string): Painted | Promise<Painted> {
  const slices = paintInSlices(list);
  const paintOn = (): Painted | Promise<Painted> => {
    for (const until = performance.now() + STRETCH_MS; ; ) {
      const slice = slices.next();
      if (slice.done) {
        const { pixels, release } = slice.value;
        if (release !== undefined) restStages();
        return paintedOnCpu(pixels, standIn, release);
      }
      if (performance.now() > until) return new Promise((resolve) => setImmediate(resolve)).then(paintOn);
    }
  };
  return paintOn();
}
