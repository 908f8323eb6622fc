/** Bodies: a program's lines, parted into those outside its DEFs and those of each; SPRITEs and SHADEs are compiled apart. */
import type { Line } from '../language/ast.ts';

/** Opcodes that begin lines which are parted from those around them. */
const PARTED: ReadonlySet<string> = new Set(['DEF', 'SPRITE', 'SHADE']);

/** The lines outside DEFs, and those of each DEF with its END, in order; of SPRITEs and SHADEs the first line alone. */
export function divide(lines: readonly Line[]): {
  main: readonly Line[];
  bodies: readonly (readonly Line[])[];
} {
  if (!lines.some((line) => line.kind === 'statement' && PARTED.has(line.opcode)))
    return { main: lines, bodies: [] };
  const main: Line[] = [];
  const bodies: Line[][] = [];
  let body: Line[] | undefined;
  let depth = 0;
  /** Blocks that are open in a SPRITE or a SHADE, that itself included. */
  let apart = 0;
  for (const line of lines) {
    const opcode = line.kind === 'statement' ? line.opcode : undefined;
    if (apart > 0) {
      // In a SHADE an IF has no JMP.
      if (opcode === 'IF' || opcode === 'LOOP') apart++;
      else if (opcode === 'END') apart--;
      continue;
    }
    if (opcode === 'SPRITE' || opcode === 'SHADE') apart = 1;
    if (opcode === 'DEF') {
      body = [];
      bodies.push(body);
      depth = 1;
      continue;
    }
    (body ?? main).push(line);
    if (body === undefined || line.kind !== 'statement') continue;
    const isBlock = opcode === 'IF' && line.operands.length === 1;
    if (opcode === 'FOR' || opcode === 'WHILE' || isBlock) depth++;
    else if (opcode === 'END' && --depth === 0) body = undefined;
  }
  return { main, bodies };
}
