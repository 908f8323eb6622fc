/** The shader's prelude: layout.ts as WGSL constants, so that no number is written down twice. */
import * as layout from './layout.ts';

/** `const NAME: u32 = …u;` for each number of layout.ts that the shader may use, in the order of their names. */
export function wgslPrelude(): string {
  return Object.entries(layout)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `const ${name}: u32 = ${value}u;\n`)
    .join('');
}
