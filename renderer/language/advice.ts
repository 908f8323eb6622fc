/** Advice that several messages give. */

/** The advice for a `#` that begins no line and no colour. */
export const WHOLE_LINES = 'comments are whole lines: move the # to a line of its own';

/** The advice for a blank in the middle of an operand. */
export const NO_BLANKS = 'an operand holds no blank outside brackets: x+1 or (x + 1)';

/** For a character that begins no value. */
export function adviceFor(character: string): string {
  if (character === '=') return '== compares; SET place value has no = between them';
  if (character === ')' || character === ']') return 'nothing here waits for a closing bracket';
  if (character === '"' || character === "'") return 'only TXT takes text, without quotes';
  if (character === '#') return WHOLE_LINES;
  return '';
}
