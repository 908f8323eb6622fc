/** The shader's prelude: the numbers of the encoding and of the layout as WGSL constants, so that none is written down twice. */
import * as encoding from '../display/encoding.ts';
import * as layout from './layout.ts';

/** `const NAME: u32 = …u;` for each number that the shader may use, in the order of their names. */
export function wgslPrelude(): string {
  return Object.entries({ ...encoding, ...layout })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `const ${name}: u32 = ${value}u;\n`)
    .join('');
}
