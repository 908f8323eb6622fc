/**
 * Dozing: Dawn asks at every turn of the event loop whether a device is done, without a rest. A device in software computes on
 * the same cores: while this thread sleeps between two questions, pictures take half the time and less (measured on two).
 */

/** Short beside a picture, long beside a turn of the loop. */
const DOZE_MS = 0.2;

const CELL = new Int32Array(new SharedArrayBuffer(4));

/** How many wait, and whether somebody sleeps for all of them already. */
let waiting = 0;
let isDozing = false;

function doze(): void {
  isDozing = waiting > 0;
  if (!isDozing) return;
  Atomics.wait(CELL, 0, 0, DOZE_MS);
  setImmediate(doze);
}

/** Waits for what `act` begins, and sleeps once at each turn of the event loop until then, however many wait. */
export async function dozing<T>(act: () => Promise<T>): Promise<T> {
  waiting++;
  if (!isDozing) setImmediate(doze);
  isDozing = true;
  try {
    return await act();
  } finally {
    waiting--;
  }
}
