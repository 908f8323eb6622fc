/**
 * The shader's prelude: the numbers of the encoding and of the layout as WGSL constants, and the rules of mixing, so
 * that none is written down twice.
 */
import * as encoding from '../display/encoding.ts';
import * as layout from './layout.ts';
import { wgslMixed } from './mixing.ts';

/** `const NAME: u32 = …u;` for each number that the shader may use, in the order of their names; then the function `mixed`. */
export function wgslPrelude(): string {
  const constants = Object.entries({ ...encoding, ...layout })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `const ${name}: u32 = ${value}u;\n`);
  return constants.join('') + wgslMixed();
}
