/** Stages that rest: some seconds after the last picture their memory is given back. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { dropStages } from '../raster/stages.ts';

/** How long they wait for the next picture, ms. */
const REST_MS = 5_000;

let rest: NodeJS.Timeout | undefined;

/** Begins their rest anew. It keeps no process from ending. */
export function restStages(): void {
  if (rest === undefined) rest = setTimeout(giveBack, REST_MS).unref();
  else rest.refresh();
}

function giveBack(): void {
  rest = undefined;
  if (!dropStages()) return;
  // The collector does not count this memory, and in an idle process it never comes by itself. 4 ms each.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // What refers to the memory goes first.
  setImmediate(collect);
}
