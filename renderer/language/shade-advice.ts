/** Advice for the lines of a SHADE. */
import type { Chapter } from './opcode.ts';
import { opcodeNamed } from './opcodes.ts';

const WAYS_OUT = 'IF test … END leaves lines out here, and BREAK leaves a LOOP';

/** What stands in the place of an opcode that may not stand in a SHADE. */
const INSTEAD: Readonly<Record<string, string>> = {
  FOR: 'LOOP n repeats lines here, and BREAK leaves it',
  WHILE: 'LOOP n repeats lines here, and BREAK leaves it',
  IF: WAYS_OUT,
  JMP: WAYS_OUT,
  CALL: 'a SHADE runs no DEF: write its lines here',
  SEED: 'hash(x, y) looks like chance in a SHADE',
};

const BY_CHAPTER: Readonly<Partial<Record<Chapter, string>>> = {
  drawing: 'a SHADE draws its own pixels by SET r, g, b and a: END ends it before other shapes',
  state: 'how the pixels of a SHADE are blended is set before it',
};

const MISSING_END = 'END ends the SHADE before it';

/** For a line that may not stand in a SHADE: an opcode, or `a label`. */
export function shadeAdvice(found: string): string {
  if (found === 'a label') return WAYS_OUT;
  const row = opcodeNamed(found);
  if (row === undefined || found === 'SHADE') return MISSING_END;
  return INSTEAD[found] ?? BY_CHAPTER[row.chapter] ?? MISSING_END;
}

/** For a LOOP or a BREAK that stands in no SHADE, or a BREAK in no LOOP of one. */
export function outsideAdvice(opcode: 'LOOP' | 'BREAK', isShade: boolean): string {
  if (isShade) return 'LOOP n … END repeats lines of a SHADE';
  return opcode === 'LOOP'
    ? 'FOR variable first last repeats lines outside a SHADE, and so does WHILE test'
    : 'JMP label leads out of a FOR or a WHILE';
}
