/** Bodies: a program's lines, parted into those outside its DEFs and those of each; SPRITEs are no code. */
import type { Line } from '../language/ast.ts';

/** The lines outside DEFs, and those of each DEF with its END, in order; of SPRITEs the first line alone. */
export function divide(lines: readonly Line[]): {
  main: readonly Line[];
  bodies: readonly (readonly Line[])[];
} {
  if (!lines.some((line) => line.kind === 'statement' && (line.opcode === 'DEF' || line.opcode === 'SPRITE')))
    return { main: lines, bodies: [] };
  const main: Line[] = [];
  const bodies: Line[][] = [];
  let body: Line[] | undefined;
  let depth = 0;
  let isSprite = false;
  for (const line of lines) {
    if (isSprite) {
      isSprite = line.kind !== 'statement' || line.opcode !== 'END';
      continue;
    }
    isSprite = line.kind === 'statement' && line.opcode === 'SPRITE';
    if (line.kind === 'statement' && line.opcode === 'DEF') {
      body = [];
      bodies.push(body);
      depth = 1;
      continue;
    }
    (body ?? main).push(line);
    if (body === undefined || line.kind !== 'statement') continue;
    const { opcode, operands } = line;
    if (opcode === 'FOR' || opcode === 'WHILE' || (opcode === 'IF' && operands.length === 1)) depth++;
    else if (opcode === 'END' && --depth === 0) body = undefined;
  }
  return { main, bodies };
}
