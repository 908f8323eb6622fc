/** The crew of this process, with a thread for every other core. */
import { availableParallelism } from 'node:os';
import { Hiring } from '../../shared/host/hiring.ts';
import { threadModule } from '../../shared/host/thread-module.ts';
import type { Journal } from '../../shared/world.ts';
import { MOST_STAGES } from '../raster/stages.ts';
import { PaintingCrew } from './painting-crew.ts';

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

export const CREW = new PaintingCrew({
  hiring: new Hiring({
    thread: () => threadModule('renderer/host/paint-thread.js', THREADS, MOST_STAGES + OTHER_MEMORIES),
    work: 'paint',
    journal: () => journal,
  }),
  most: THREADS,
  idleMs: 5_000,
});
