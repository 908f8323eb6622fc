/** Programs for tests: each number has a picture of its own. */
import { expectedPixels } from './expected-pixels.ts';

export function goodProgram(n: number): string {
  return `TXT 1 1 job ${n}\nRECT ${n % 97} 20 ${1 + (n % 31)} ${1 + (n % 41)}\nHALT`;
}

/** Pixels of `goodProgram(n)` on the seed's canvas. */
export function goodPixels(n: number): Promise<Uint8Array> {
  return expectedPixels(goodProgram(n));
}
