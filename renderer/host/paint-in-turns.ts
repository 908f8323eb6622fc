/** The CPU painter of a daemon: a large canvas leaves the rest of the process its turns, and has the help of threads. */
import type { EncodedList } from '../display/builder.ts';
import type { Progress } from '../progress.ts';
import { inSlices, openPainting, type Painting, type Picture, paintedOnCpu } from '../raster/cpu-painter.ts';
import type { Painted } from '../raster/painter.ts';
import { isForMany } from '../raster/sharing.ts';
import { restStages } from './idle-stages.ts';
import type { PaintingCrew, Pause } from './painting-crew.ts';

/** Longest stretch of painting without a turn for signals, heartbeats and clients, ms; one more tile may be painted in it. */
const STRETCH_MS = 5;
/** How long other threads are waited for without such a turn, ms: a tile takes one of them less. */
const LOOK_OUT_MS = 0.5;

/** A stage rests from when its pixels are let go of. */
function letGo(release: () => void): void {
  release();
  restStages();
}

interface TurnsOptions {
  /** Why the CPU paints in place of a GPU, when it does. */
  readonly standIn?: string | undefined;
  /** Who helps with what takes long; this process's own unless it is said. */
  readonly crew?: PaintingCrew;
  /** Hears how many tiles are painted. */
  readonly progress?: Progress | undefined;
}

/** Paints a small canvas at once and a large one in turns with the rest of the process; the bytes are the same. */
export function paintInTurns(
  list: EncodedList,
  { standIn, crew, progress }: TurnsOptions = {},
): Painted | Promise<Painted> {
  const painting = openPainting(list);
  const together = (crew: PaintingCrew | undefined) =>
    drive(painting, crew?.isFree ? crew.paint(painting, progress) : inSlices(painting, progress), standIn);
  const isForCrew = painting.staged !== undefined && isForMany(list, painting.bins);
  if (!isForCrew || crew !== undefined) return together(isForCrew ? crew : undefined);
  // A command that paints a small picture has no use for it; a daemon has loaded it before it serves.
  const ownCrew = import('./own-crew.ts').then(
    ({ CREW }) => CREW,
    () => undefined,
  );
  return ownCrew.then(together);
}

function drive(
  painting: Painting,
  slices: Generator<Pause, Picture>,
  standIn: string | undefined,
): Painted | Promise<Painted> {
  let begun = performance.now();
  let waitsSince = Number.POSITIVE_INFINITY;
  const paintLater = (): Painted | Promise<Painted> => {
    begun = performance.now();
    return paintOn();
  };
  const paintOn = (): Painted | Promise<Painted> => {
    for (;;) {
      const slice = slices.next();
      if (slice.done) {
        const { pixels, release } = slice.value;
        if (painting.staged !== undefined) restStages();
        return paintedOnCpu(pixels, standIn, release && (() => letGo(release)));
      }
      const now = performance.now();
      if (slice.value === 'turn') waitsSince = Number.POSITIVE_INFINITY;
      else waitsSince = Math.min(waitsSince, now);
      // What another thread has in hand may be a shade's tile, which takes seconds.
      if (now > waitsSince + LOOK_OUT_MS)
        return new Promise((resolve) => setTimeout(resolve, 1)).then(paintLater);
      if (now > begun + STRETCH_MS) return new Promise((resolve) => setImmediate(resolve)).then(paintLater);
    }
  };
  return paintOn();
}
