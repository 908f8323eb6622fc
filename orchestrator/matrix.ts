/** Matrices: PARAMs and the values that each takes, as a row has them, and the points that they make. */
import { canonicalText } from '../shared/canonical.ts';
import type { Complaint } from '../shared/faults.ts';
import { LIMITS } from '../shared/limits.ts';
import { PARAM_VALUE, type Params, readParamName, readParamValue } from '../shared/params.ts';
import { show } from '../shared/show.ts';

const HINT =
  'Write a JSON object of PARAMs and arrays of whole numbers, such as {"count":[1,2,3],"side":[8,16]}.';

/**
 * All combinations of a matrix: of `{"a":[1,2],"b":[3,4]}` the points a=1 b=3, a=1 b=4, a=2 b=3, a=2 b=4.
 *
 * @returns the points, each once; or why the row is refused (ROW-E010), which alone has a `code`
 */
export function readMatrix(text: string): readonly Params[] | Complaint {
  if (text.length > LIMITS.sourceBytes) {
    return refusal(`Expected a matrix of at most ${LIMITS.sourceBytes} characters, found ${text.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refusal(`Expected a matrix in JSON, found ${show(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refusal(`Expected a matrix to be an object, found ${show(value)}`);
  }
  let points: Params[] = [{}];
  const names = new Set<string>();
  for (const [written, values] of Object.entries(value)) {
    const name = readParamName(written);
    if (name === undefined) return refusal(`Expected names of PARAMs in a matrix, found ${show(written)}`);
    if (names.has(name)) return refusal(`Expected each PARAM of a matrix once, found ${show(written)} twice`);
    names.add(name);
    if (!Array.isArray(values) || values.length === 0) {
      return refusal(`Expected ${show(written)} of a matrix to be an array of values, found ${show(values)}`);
    }
    const read = new Set<number>();
    for (const one of values) {
      const number = readParamValue(one);
      if (number === undefined) {
        return refusal(
          `Expected ${show(written)} of a matrix to have values that are each ${PARAM_VALUE}, found ${show(one)}`,
        );
      }
      read.add(number);
    }
    if (points.length * read.size > LIMITS.matrixPoints) {
      return refusal(`Expected a matrix of at most ${LIMITS.matrixPoints} points, found more`);
    }
    points = points.flatMap((point) => [...read].map((number) => ({ ...point, [name]: number })));
  }
  return points;
}

/**
 * Why a matrix is refused of which not even an empty queue could hold all points, and they come all at once.
 *
 * @param maxQueued how many jobs may be queued; null: any number
 */
export function unqueueable(points: readonly unknown[], maxQueued: number | null): Complaint | undefined {
  if (maxQueued === null || points.length <= maxQueued) return undefined;
  return {
    code: 'ROW-E010',
    message: `Expected a matrix of at most ${maxQueued} points, as max_queued of the engine says, found ${points.length}`,
    hint: 'Take fewer values, make several scripts of them, or raise max_queued, which has it planned anew.',
  };
}

/** The name of a slot at a point: the slot itself where there is no matrix. */
export function pointSlot(slot: string, point: Params | undefined): string {
  return point === undefined ? slot : `${slot} ${canonicalText(point)}`;
}

function refusal(message: string): Complaint {
  return { code: 'ROW-E010', message, hint: HINT };
}
