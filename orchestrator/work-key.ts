/** The key of a piece of work: equal work has an equal key, whatever script it comes from, and is rendered once. */
import { sha256Hex } from '../shared/bytes.ts';
import { canonicalText } from '../shared/canonical.ts';
import type { Input } from '../shared/inputs.ts';
import type { Work } from './decide.ts';

const SURROGATE = /\p{Surrogate}/u;

/**
 * SHA-256, 64 lower-case hex digits, of canonical JSON: program, width, height, params and the checksums of inputs, in
 * the program's order. Undefined of a program that is no text, as one inside a cartridge may be: no renderer takes it.
 */
export function workKey({ program, canvas, params }: Work, inputs: readonly Input[]): string | undefined {
  if (SURROGATE.test(program)) return undefined;
  const { width, height } = canvas;
  return sha256Hex(
    canonicalText({ height, inputs: inputs.map(({ checksum }) => checksum), params, program, width }),
  );
}
