/** The fault that an act ends with, so that a test can look at all of it. */

/** @throws {Error} when nothing was thrown */
export function faultOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected a fault, found none');
}
