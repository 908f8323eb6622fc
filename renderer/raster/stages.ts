/** The few stages of a process: a picture is given one, and gives it back when nobody needs its pixels any more. */
import { openStage, type Stage } from './stage.ts';

/** Stages that there are at most: of pictures that are painted, that are read, and that nobody has. */
export const MOST_STAGES = 4;
/** Pictures that may stand on stages at once after they were painted: the one that is shown, and the one in hand. */
const MOST_LENT = 2;

let free: Stage[] = [];
let made = 0;
let lent = 0;

/** A stage to paint on, in nobody else's hands; undefined where there is none to be had. */
export function takeStage(): Stage | undefined {
  const stage = free.pop();
  if (stage !== undefined || made >= MOST_STAGES) return stage;
  const opened = openStage();
  if (opened !== undefined) made++;
  return opened;
}

/** Gives back a stage whose pixels nobody reads any more. */
export function returnStage(stage: Stage): void {
  free.push(stage);
}

/**
 * Leaves the pixels where they are until they are released. Who never releases any has few of them there, whether they
 * are garbage or not: of this memory the collector does not know how large it is.
 *
 * @returns what releases them, once; undefined where too many have not been released: then they are to be copied
 */
export function lendStage(stage: Stage): (() => void) | undefined {
  if (lent >= MOST_LENT) return undefined;
  lent++;
  let isLent = true;
  return () => {
    if (!isLent) return;
    isLent = false;
    lent--;
    returnStage(stage);
  };
}

/** Lets go of the stages that are in nobody's hands. @returns whether there were any */
export function dropStages(): boolean {
  const dropped = free.length;
  made -= dropped;
  free = [];
  return dropped > 0;
}
