/** Programs without the places of their parts within a line: what printing and parsing again must keep. */
import type { Line } from '../../../renderer/language/ast.ts';

/** The lines as plain data, every `at` left out. */
export function placeless(lines: readonly Line[]): unknown {
  return JSON.parse(JSON.stringify(lines, (key, value) => (key === 'at' ? undefined : value)));
}
