/** Bursts: a process with a GPU paints many small canvases, in each way that it knows. */
import type { EncodedList } from '../renderer/display/builder.ts';
import { comparePictures } from '../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import type { Painted, Painter } from '../renderer/raster/painter.ts';
import { encodeProgram } from '../renderer/timing/pictures.ts';
import { DEFAULT_CANVAS } from '../shared/canvas.ts';
import { contest, type Side } from './contest.ts';
import { ROUNDS } from './measure.ts';
import { rowProgram } from './pictures/row.ts';

const CANVASES = 1_024;

export interface BurstQuestion {
  readonly burst: true;
  readonly quick: boolean;
}

/** Milliseconds of each burst. */
export interface BurstTimes {
  readonly canvases: number;
  readonly single: number[];
  /** Undefined while there is no such way. */
  readonly batched: number[] | undefined;
}

type Way = (painter: Painter, lists: readonly EncodedList[]) => Promise<readonly Painted[]>;

/** How a burst can be painted: each canvas when the one before it is there, or all that are waiting together. */
const WAYS: { readonly single: Way; readonly batched?: Way } = {
  async single(painter, lists) {
    const pictures: Painted[] = [];
    for (const list of lists) pictures.push(await painter.paint(list));
    return pictures;
  },
  batched: (painter, lists) => Promise.all(lists.map((list) => painter.paint(list))),
};

/** @param painter of the GPU */
export async function takeBursts(painter: Painter, { quick }: BurstQuestion): Promise<BurstTimes> {
  const lists = Array.from({ length: CANVASES }, (_, row) =>
    encodeProgram(Buffer.from(rowProgram('burst', row)), DEFAULT_CANVAS),
  );
  const expected = lists.map((list) => paintOnCpu(list));
  const check = (result: unknown): void => {
    for (const [index, picture] of (result as readonly Painted[]).entries()) {
      const difference =
        comparePictures(expected[index] as Uint8Array, picture.pixels, DEFAULT_CANVAS) ?? picture.standIn;
      if (difference !== undefined || picture.backend !== 'gpu')
        throw new Error(`Expected canvas ${index} of the burst from the GPU, found: ${difference}`);
    }
  };
  const { single, batched } = WAYS;
  const sides = [single, ...(batched === undefined ? [] : [batched])].map(
    (way): Side => ({ name: 'burst', act: () => way(painter, lists), check }),
  );
  const [one = [], many] = await contest(sides, { warmUp: 1, rounds: quick ? 2 : ROUNDS, calls: 1 });
  return { canvases: CANVASES, single: one, batched: many };
}
