/** The thread that paints tiles of large pictures beside the daemon's own, in the same memory. */
import { parentPort } from 'node:worker_threads';
import { Board } from '../raster/board.ts';
import { tilePainter } from '../raster/cpu-painter.ts';
import { type Scene, Stage, type StageParts } from '../raster/stage.ts';

/** A picture that is to be helped with. */
export interface Call {
  /** As the board knows this thread. */
  readonly hand: number;
  /** The stage's room that is this thread's. */
  readonly room: number;
  readonly board: Int32Array;
  readonly parts: StageParts;
  readonly scene: Scene;
}

parentPort?.on('message', ({ hand, room, board: words, parts, scene }: Call) => {
  const board = new Board(words);
  let paint: ReturnType<typeof tilePainter> | undefined;
  // Its memory may be another picture's by now: it is left alone unless there is a tile to paint.
  for (let tile = board.take(hand); tile !== undefined; tile = board.take(hand)) {
    paint ??= tilePainter(new Stage(parts), scene, room);
    for (const _ of paint(tile) ?? []);
    board.finish(tile);
  }
});
