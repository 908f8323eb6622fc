/** The CPU painter of a daemon: a large canvas leaves the rest of the process its turns, and has the help of threads. */
import { availableParallelism } from 'node:os';
import { Hiring } from '../../shared/host/hiring.ts';
import { threadModule } from '../../shared/host/thread-module.ts';
import type { Journal } from '../../shared/world.ts';
import type { EncodedList } from '../display/builder.ts';
import { inSlices, openPainting, type Picture, paintedOnCpu } from '../raster/cpu-painter.ts';
import type { Painted } from '../raster/painter.ts';
import { isForMany } from '../raster/sharing.ts';
import { MOST_STAGES } from '../raster/stages.ts';
import { restStages } from './idle-stages.ts';
import { PaintingCrew, type Pause } from './painting-crew.ts';

/** Longest stretch of painting without a turn for signals, heartbeats and clients, ms; one more tile may be painted in it. */
const STRETCH_MS = 5;
/** How long other threads are waited for without such a turn, ms: a tile takes one of them less. */
const LOOK_OUT_MS = 0.5;
const MOST_THREADS = 8;

/** How many threads there may be. */
const THREADS = Math.min(MOST_THREADS, availableParallelism() - 1);
/** How many memories beside theirs, which are the stages': the one in which cartridges are pressed. */
const OTHER_MEMORIES = 1;

let journal: Journal | undefined;

/** Has it said in a journal what becomes of the threads. */
export function tellOfThreads(to: Journal): void {
  journal = to;
}

const CREW = new PaintingCrew({
  hiring: new Hiring({
    thread: () => threadModule('renderer/host/paint-thread.js', THREADS, MOST_STAGES + OTHER_MEMORIES),
    work: 'paint',
    journal: () => journal,
  }),
  most: THREADS,
  idleMs: 5_000,
});

/** A stage rests from when its pixels are let go of. */
function letGo(release: () => void): void {
  release();
  restStages();
}

/**
 * Paints a small canvas at once and a large one in turns with the rest of the process; the bytes are the same.
 *
 * @param standIn why the CPU paints in place of a GPU, when it does
 * @param crew who helps with what takes long
 */
export function paintInTurns(
  list: EncodedList,
  standIn?: string,
  crew: PaintingCrew = CREW,
): Painted | Promise<Painted> {
  let begun = performance.now();
  const painting = openPainting(list);
  const hasHelp = painting.staged !== undefined && crew.isFree && isForMany(list, painting.bins);
  const slices: Generator<Pause, Picture> = hasHelp ? crew.paint(painting) : inSlices(painting);
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
