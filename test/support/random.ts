/** Seeded bytes for tests. */
import { seeded } from '../../shared/seeded.ts';

/** Bytes with every value in them. */
export function seededBytes(length: number, seed: number): Uint8Array {
  const next = seeded(seed);
  return Uint8Array.from({ length }, () => Math.floor(next() * 256));
}
