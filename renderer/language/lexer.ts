/** The lexer: reads one line from left to right, by pieces, because what a line's rest means depends on its opcode. */
import type { Token } from './token.ts';

const TAB = 0x09;
const CR = 0x0d;
const BLANK = 0x20;
const COMMA = 0x2c;

/** A place in a line. Blanks, tabs and CRs that end the line are not part of it. */
export class Lexer {
  line = '';
  /** Where the line ends, UTF-16 units. */
  end = 0;
  /** The next unit to be read. */
  at = 0;

  /** Begins another line: one lexer reads a whole program, which spares an object a line. */
  start(line: string): void {
    this.line = line;
    this.end = endOf(line);
    this.at = 0;
  }

  /** The next word or comma, past any blanks and tabs; `end` at the line's end, as often as it is asked for. */
  next(): Token {
    this.skipBlanks();
    const start = this.at;
    if (start === this.end) return { kind: 'end', value: '', start };
    if (this.line.charCodeAt(start) === COMMA) {
      this.at++;
      return { kind: 'comma', value: ',', start };
    }
    while (this.at < this.end && !isSeparator(this.line.charCodeAt(this.at))) this.at++;
    return { kind: 'word', value: this.line.slice(start, this.at), start };
  }

  /** As `next`, but nothing is read. */
  peek(): Token {
    const before = this.at;
    const token = this.next();
    this.at = before;
    return token;
  }

  /** Goes past blanks and tabs; true when that leads to the line's end. */
  skipBlanks(): boolean {
    while (this.at < this.end && isBlank(this.line.charCodeAt(this.at))) this.at++;
    return this.at === this.end;
  }

  /** The next unit; NaN at the line's end. */
  unit(): number {
    return this.at < this.end ? this.line.charCodeAt(this.at) : Number.NaN;
  }

  /** The rest of the line after exactly one separator character (a word ends before one); `end` if nothing is left. */
  text(): Token {
    return this.rest(this.at + 1);
  }

  /** Everything from offset `from` to the line's end; `end` if nothing is left. */
  rest(from: number): Token {
    const start = Math.min(from, this.end);
    this.at = this.end;
    if (start === this.end) return { kind: 'end', value: '', start };
    return { kind: 'text', value: this.line.slice(start, this.end), start };
  }
}

export function isBlank(unit: number): boolean {
  return unit === BLANK || unit === TAB;
}

/** Whether a unit ends a word: a blank, a tab or a comma. */
export function isSeparator(unit: number): boolean {
  return isBlank(unit) || unit === COMMA;
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isNameStart(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f;
}

export function isNamePart(unit: number): boolean {
  return isNameStart(unit) || isDigit(unit);
}

/** Where a line ends without the blanks, tabs and CRs at its end, UTF-16 units. */
export function endOf(line: string): number {
  let end = line.length;
  while (end > 0 && (isBlank(line.charCodeAt(end - 1)) || line.charCodeAt(end - 1) === CR)) end--;
  return end;
}
