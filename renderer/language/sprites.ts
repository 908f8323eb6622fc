/** The sprites of a program: what the INKs and ROWs of each say, and whether they fit together. */
import { LIMITS } from '../../shared/limits.ts';
import type { Expression, NameNode, Sprite, Statement, TextNode } from './ast.ts';
import type { Outline } from './blocks.ts';
import { quoted, visible } from './caret.ts';
import type { FaultCode } from './codes.ts';
import { COLOUR_NAMES } from './colours.ts';
import type { Complain } from './complaints.ts';
import { endOf } from './lexer.ts';
import { literalValue } from './literal.ts';
import { nearest } from './spelling.ts';
import { inkAdvice } from './sprite-advice.ts';
import type { SpriteLines } from './sprite-outline.ts';
import type { Vocabulary } from './vocabulary.ts';

const TAB = 0x09;
const BLANK = 0x20;
const DOT = 0x2e;
/** Drawn in the pen's colour, where no INK says otherwise. */
const PEN = 0x23;
const COLOURS = 'a colour is #rgb, #rgba, #rrggbb, #rrggbbaa or a name of CSS';

/**
 * Reads the SPRITEs whose first lines could be read.
 *
 * @param texts the program's lines as they were written
 */
export function readSprites(
  { sprites, scopes }: Outline,
  texts: readonly string[],
  vocabulary: Vocabulary,
  complain: Complain,
): Sprite[] {
  const [program] = scopes;
  const takenBy = (name: string): string | undefined =>
    program === undefined ? undefined : vocabulary.takenBy(name, program);
  const reader = new SpriteReader(texts, takenBy, complain);
  return sprites.flatMap((lines) => reader.read(lines) ?? []);
}

class SpriteReader {
  readonly #texts: readonly string[];
  readonly #takenBy: (name: string) => string | undefined;
  readonly #complain: Complain;

  /** @param takenBy what has taken the name of a colour */
  constructor(texts: readonly string[], takenBy: (name: string) => string | undefined, complain: Complain) {
    this.#texts = texts;
    this.#takenBy = takenBy;
    this.#complain = complain;
  }

  read({ head, inks: inkLines, rows, isDoubtful }: SpriteLines): Sprite | undefined {
    const inks = this.#inks(inkLines);
    const { width, penCode } = this.#rows(rows, inks, isDoubtful);
    if (head === undefined) return undefined;
    const { name, at } = head.operands[0] as NameNode;
    if (rows.length === 0 && !isDoubtful) {
      const message = `Expected a ROW in the SPRITE ${name}, found none`;
      this.#say(head, at, name.length, 'PXL-E037', message, 'ROW . is an empty row');
    }
    return {
      name,
      line: head.line,
      width,
      height: rows.length,
      rows: rows.map(textOf),
      inks,
      penCode,
    };
  }

  #inks(lines: readonly Statement[]): ReadonlyMap<number, number> {
    const inks = new Map<number, number>();
    const known = new Map<number, number>();
    for (const statement of lines) {
      const colour = this.#colour(statement);
      this.#eachOf(statement, (code, at) => {
        if (code === BLANK || code === TAB) return;
        const line = known.get(code);
        if (code === DOT)
          this.#inkless(statement, at, 'Expected characters other than the dot', 'a dot is always a hole');
        else if (line !== undefined) {
          const other =
            line === statement.line ? 'each character once' : `characters that line ${line} has not`;
          this.#inkless(statement, at, `Expected ${other}`, 'a character has one colour');
        }
        known.set(code, line ?? statement.line);
        inks.set(code, colour);
      });
    }
    return inks;
  }

  /** The colour of an INK, packed. */
  #colour(statement: Statement): number {
    const [node] = statement.operands as readonly [Expression];
    const value = literalValue(node);
    const isNumber = node.kind === 'number';
    const taken = value !== undefined && node.kind === 'name' ? this.#takenBy(node.name) : undefined;
    if (value !== undefined && !isNumber && taken === undefined) return value;
    const line = this.#texts[statement.line - 1] ?? '';
    const start = /^[ \t]*[A-Za-z]+[ \t]+/.exec(line)?.[0].length ?? 0;
    const word = /^[^ \t,]*/.exec(line.slice(start))?.[0] ?? '';
    const message = `Expected a colour, found ${quoted(word)}${taken === undefined ? '' : `, ${taken}`}`;
    const advice = (): string => {
      if (taken !== undefined) return 'a colour may be written #rrggbb';
      const near = isNumber ? undefined : nearest(word, COLOUR_NAMES);
      return inkAdvice('INK', line) || (near === undefined ? COLOURS : `did you mean ${near}?`);
    };
    const code = taken !== undefined ? 'PXL-E017' : 'PXL-E021';
    this.#complain(statement.line, start, start + word.length, () => ({ code, message, hint: advice() }));
    return 0;
  }

  /** Each ROW, and the width of the longest. */
  #rows(
    rows: readonly Statement[],
    inks: ReadonlyMap<number, number>,
    isDoubtful: boolean,
  ): { width: number; penCode: number | undefined } {
    const missing = new Set<number>();
    let width = 0;
    let penCode: number | undefined;
    for (const [index, statement] of rows.entries()) {
      const pixels = this.#eachOf(statement, (code, at) => {
        if (code === BLANK || code === DOT || inks.has(code)) return;
        if (code === PEN) penCode = code;
        else if (!isDoubtful && !missing.has(code)) {
          const hint = code === TAB ? 'a tab is no blank: write a dot for each hole' : undefined;
          this.#inkless(statement, at, 'Expected a character with an INK', hint);
        }
        missing.add(code);
      });
      width = Math.max(width, pixels);
      const tooMany =
        index === LIMITS.spriteSide ? `${LIMITS.spriteSide} ROWs in a SPRITE, found one more` : '';
      const tooLong =
        pixels > LIMITS.spriteSide ? `${LIMITS.spriteSide} pixels in a ROW, found ${pixels}` : '';
      for (const excess of [tooMany, tooLong]) {
        if (excess === '') continue;
        const hint = 'make two SPRITEs of it';
        const text = textOf(statement);
        const start = this.#startOf(statement);
        this.#say(statement, start, text.length, 'PXL-E037', `Expected at most ${excess}`, hint);
      }
    }
    return { width, penCode };
  }

  /**
   * A character that has no INK, or cannot have this one.
   *
   * @param at where it stands in the statement's text, UTF-16 units
   * @param hint undefined: to give it one
   */
  #inkless(statement: Statement, at: number, expected: string, hint: string | undefined): void {
    const start = this.#startOf(statement) + at;
    const character = String.fromCodePoint(textOf(statement).codePointAt(at) as number);
    // Asked for of few of them only, and there may be a million.
    this.#complain(statement.line, start, start + character.length, () => ({
      code: 'PXL-E036',
      message: `${expected}, found ${quoted(character)}`,
      hint: hint ?? `INK gold ${visible(character)} in this SPRITE makes it gold; a dot is a hole`,
    }));
  }

  /**
   * Calls `visit` with each code point of a statement's text, and where it stands in it, UTF-16 units.
   *
   * @returns how many there are
   */
  #eachOf(statement: Statement, visit: (code: number, at: number) => void): number {
    const text = textOf(statement);
    let count = 0;
    for (let at = 0; at < text.length; count++) {
      const code = text.codePointAt(at) as number;
      visit(code, at);
      at += code > 0xffff ? 2 : 1;
    }
    return count;
  }

  /** Where the text of a statement begins in its line: it ends it, but for blanks, tabs and CRs. */
  #startOf(statement: Statement): number {
    const line = this.#texts[statement.line - 1] ?? '';
    return endOf(line) - textOf(statement).length;
  }

  #say(
    { line }: Statement,
    at: number,
    length: number,
    code: FaultCode,
    message: string,
    hint: string,
  ): void {
    this.#complain(line, at, at + length, () => ({ code, message, hint }));
  }
}

function textOf({ operands }: Statement): string {
  return (operands.at(-1) as TextNode).text;
}
