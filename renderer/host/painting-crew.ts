/** The crew: threads that help to paint large pictures, started when there is one, ended when there is none. */
import type { Worker } from 'node:worker_threads';
import type { Hiring } from '../../shared/host/hiring.ts';
import type { Progress } from '../progress.ts';
import { Board, FIRST_HAND } from '../raster/board.ts';
import type { Painting, Picture } from '../raster/cpu-painter.ts';
import { ROOMS } from '../raster/stage.ts';
import type { Call } from './paint-thread.ts';

export interface CrewOptions {
  readonly hiring: Hiring;
  /** How many may run at once; none beyond those that a stage has room for. */
  readonly most: number;
  /** How long they are kept with nothing to do, ms. */
  readonly idleMs: number;
}

/** Starting a thread takes this one 1 to 3 ms: so long it paints in between. */
const BETWEEN_HIRES_MS = 6;
/** The hand of the thread that asks for help. */
const OWN = FIRST_HAND;

/** What a driver of a painting is told: that it may pause, or that there is nothing to do but wait for others. */
export type Pause = 'turn' | 'waiting';

interface Hand {
  readonly worker: Worker;
  readonly number: number;
  readonly room: number;
}

/**
 * Helps with one picture at a time. A thread that is not there yet, or ends, costs nobody the picture: who asked for help
 * paints whatever nobody else does.
 */
export class PaintingCrew {
  readonly #options: CrewOptions;
  readonly #hands = new Map<number, Hand>();
  #next = OWN + 1;
  #hiredMs = Number.NEGATIVE_INFINITY;
  #isBusy = false;
  #rest: NodeJS.Timeout | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Threads that are there. */
  get threads(): number {
    return this.#hands.size;
  }

  /** Whether it can help now. */
  get isFree(): boolean {
    const { most, hiring } = this.#options;
    return !this.#isBusy && most > 0 && (this.#hands.size > 0 || hiring.isOpen);
  }

  /** Paints a picture that stands on a stage together with the threads. */
  *paint(painting: Painting, progress?: Progress): Generator<Pause, Picture> {
    const board = Board.of(painting.bins.tilesX * painting.bins.tilesY);
    progress?.countBy(() => ({ done: board.done, of: board.tiles }));
    this.#isBusy = true;
    clearTimeout(this.#rest);
    let isPainted = false;
    try {
      for (const hand of this.#hands.values()) call(hand, board, painting);
      for (let tile = board.take(OWN); tile !== undefined; tile = board.take(OWN)) {
        this.#hireFor(board, painting);
        yield* paintTile(painting, tile, board);
      }
      for (;;) {
        const tile = board.takeOver(OWN, (hand) => this.#hands.has(hand));
        if (tile === undefined) {
          isPainted = true;
          return painting.finish();
        }
        if (tile === 'waiting') yield tile;
        else yield* paintTile(painting, tile, board);
      }
    } finally {
      // If it was not finished, nobody is to begin another tile of it.
      board.close();
      this.#isBusy = false;
      // A thread may be painting on its stage still.
      if (!isPainted) void this.close().then(() => painting.abandon());
      this.#rest = setTimeout(() => void this.close(), this.#options.idleMs).unref();
    }
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const hands = [...this.#hands.values()];
    if (hands.length > 0) this.#options.hiring.served();
    // What one of them has in hand now is not to be waited for before it has ended.
    await Promise.all(hands.map(({ worker }) => worker.removeAllListeners('exit').terminate()));
    for (const { number } of hands) this.#hands.delete(number);
  }

  /** One more thread, if there may be one and the last one was not started just now. */
  #hireFor(board: Board, painting: Painting): void {
    const { most, hiring } = this.#options;
    if (this.#hands.size >= Math.min(most, ROOMS - 1) || !hiring.isOpen) return;
    const now = performance.now();
    if (now < this.#hiredMs + BETWEEN_HIRES_MS) return;
    this.#hiredMs = now;
    const rooms = new Set([...this.#hands.values()].map(({ room }) => room));
    let room = 1;
    while (rooms.has(room)) room++;
    const worker = hiring.hire();
    if (worker === undefined) return;
    const hand = { worker, number: this.#next++, room };
    worker.unref();
    let why: string | undefined;
    worker.on('error', ({ message }) => {
      why = message;
    });
    worker.on('exit', (code) => {
      this.#hands.delete(hand.number);
      hiring.lost(why ?? `it exited with ${code}`);
    });
    this.#hands.set(hand.number, hand);
    call(hand, board, painting);
  }
}

/** Whether it comes in time is its own affair. */
function call({ worker, number, room }: Hand, { words }: Board, { staged }: Painting): void {
  if (staged === undefined) return;
  const { stage, scene } = staged;
  worker.postMessage({ hand: number, room, board: words, parts: stage.parts, scene } satisfies Call);
}

function* paintTile(painting: Painting, tile: number, board: Board): Generator<Pause> {
  const slices = painting.paint(tile);
  if (slices !== undefined) for (const _ of slices) yield 'turn';
  board.finish(tile);
  yield 'turn';
}
