/** Advice that several messages give. */
import { colourNamed, colourOfDigits } from './colours.ts';

/** The advice for a `#` that begins no line and no colour. */
export const WHOLE_LINES = 'comments are whole lines: move the # to a line of its own';

/** The advice for what begins a comment elsewhere. */
export const COMMENTS = '# begins a comment, which is a whole line';

/** The advice for a `\n` that somebody wrote into a string of another language. */
export const LINE_FEEDS = '\\n is two characters here: a line ends in a line feed, in SQL char(10)';

/** The advice for a blank in the middle of an operand. */
export const NO_BLANKS = 'an operand holds no blank outside brackets: x+1 or (x + 1)';

/** The advice for a `;` that another language would have between two statements. */
export const NO_SEMICOLON = 'no ; between opcodes: each stands on a line of its own';
const NO_ASSIGNMENT = '== compares; no = stands between a name and its value';
const NO_THEN = 'a test ends its line: no THEN, DO, { or :';

/** Words that other languages have between operands. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['then', NO_THEN],
  ['do', NO_THEN],
  ['and', '&& means and'],
  ['or', '|| means or'],
  ['not', '! means not'],
  ['mod', '% is the remainder'],
  ['goto', 'JMP means GOTO'],
  ['to', 'FOR name first last [step] has no TO'],
  ['step', 'FOR name first last [step] has no STEP'],
  ['in', 'FOR name first last [step] has no IN'],
  ['true', '1 is true, and so is all but 0'],
  ['false', '0 is false'],
  ['transparent', '#0000 is transparent'],
]);

/** For a word that stands where a value or nothing should; empty when there is no telling. */
export function wordAdvice(word: string): string {
  const lower = word.toLowerCase();
  if (word.includes('\\n')) return LINE_FEEDS;
  const known = ELSEWHERE.get(lower);
  if (known !== undefined) return known;
  if (/^(?:\/\/|\/\*|--)/.test(word)) return COMMENTS;
  if (word.startsWith(';')) return `${NO_SEMICOLON}; ${COMMENTS}`;
  if (
    colourNamed(lower) !== undefined ||
    (word.startsWith('#') && colourOfDigits(word.slice(1)) !== undefined)
  ) {
    return `COLOR ${word} on a line before gives shapes their colour`;
  }
  if (word.startsWith('#')) return WHOLE_LINES;
  if (/^[{:]/.test(word)) return NO_THEN;
  if (/^=(?!=)/.test(word)) return NO_ASSIGNMENT;
  if (/^[[(]/.test(word)) return 'no blank stands before this bracket: a[1], f(x)';
  return /^[-+*/%<>=!&|^?]/.test(word) ? NO_BLANKS : '';
}

/** For a line with a colour or a word of its own in quotes, which is all that is wrong with it. Empty for others. */
export function quoteAdvice(opcode: string, words: readonly string[], line: string): string {
  const [, , word = ''] = /^[ \t]*\w+[ \t]+(["'])(#?\w+)\1[ \t\r]*$/.exec(line) ?? [];
  const isColour =
    colourNamed(word.toLowerCase()) ?? (word.startsWith('#') ? colourOfDigits(word.slice(1)) : undefined);
  const isRight = words.length > 0 ? words.includes(word.toUpperCase()) : isColour !== undefined;
  return isRight ? `without quotes: ${opcode} ${word}` : '';
}

/** For a character that begins no value. */
export function characterAdvice(character: string): string {
  if (character === '=') return NO_ASSIGNMENT;
  if (character === ')' || character === ']') return 'nothing here waits for a closing bracket';
  if (character === '"' || character === "'") return 'text comes last on the line, without quotes';
  if (character === '#') return WHOLE_LINES;
  if (character === ';') return NO_SEMICOLON;
  return character === '{' || character === ':' ? NO_THEN : '';
}
