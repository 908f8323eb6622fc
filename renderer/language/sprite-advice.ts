/** Advice for the lines of a SPRITE. */
import { colourNamed, colourOfDigits } from './colours.ts';

/** Whether a word is a colour by its name or its digits. */
function isColour(word: string): boolean {
  return word.startsWith('#')
    ? colourOfDigits(word.slice(1)) !== undefined
    : colourNamed(word.toLowerCase()) !== undefined;
}

/** For an INK whose colour is none: it may stand last. Empty for other opcodes, and where there is no telling. */
export function inkAdvice(opcode: string, line: string): string {
  if (opcode !== 'INK') return '';
  const last = /[^ \t,]+$/.exec(line.slice(-100).trimEnd())?.[0] ?? '';
  return isColour(last) ? `the colour comes first: INK ${last} …` : '';
}

/** For a line that may not stand in a SPRITE. */
export function strayAdvice(found: string): string {
  return found === 'COLOR' ? 'INK gold o draws each o of a SPRITE in gold' : 'END ends the SPRITE before it';
}

/** For an opcode whose text is missing; empty where its usage says enough. */
export function emptyAdvice(opcode: string): string {
  if (opcode === 'ROW') return 'ROW . is an empty row';
  return opcode === 'INK' ? 'INK gold o draws each o of a SPRITE in gold' : '';
}
