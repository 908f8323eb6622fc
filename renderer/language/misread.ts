/** What a line has where something else should stand. */
import { LIMITS } from '../../shared/limits.ts';
import { characterAdvice, NO_BLANKS, wordAdvice } from './advice.ts';
import { quoted } from './caret.ts';
import { isNameStart, isSeparator, type Lexer } from './lexer.ts';
import { notANumber } from './number.ts';
import { countCodePoints, Misreading, type Wrong } from './syntax-error.ts';

const COMMA = 0x2c;

/** The word from `start` to the next separator is wrong. */
export function wrongWord(lexer: Lexer, start: number, wrong: (word: string) => Wrong): Misreading {
  let end = Math.max(start + 1, lexer.at);
  while (end < lexer.end && !isSeparator(lexer.line.charCodeAt(end)) && end - start < 100) end++;
  return new Misreading(start, end, wrong(lexer.line.slice(start, end)));
}

/** What stands here does not belong. */
export function unexpected(lexer: Lexer, expected: string): Misreading {
  const { at, end, line } = lexer;
  const started = at > 0 && !isSeparator(line.charCodeAt(at - 1));
  if (at >= end) {
    const code = started ? 'PXL-E015' : 'PXL-E007';
    const message = `Expected ${expected}, found the end of the line`;
    return new Misreading(end, end, { code, message, hint: '' });
  }
  const unit = lexer.unit();
  if (isSeparator(unit)) {
    const message = `Expected ${expected}, found a ${unit === COMMA ? 'comma' : 'blank'}`;
    return new Misreading(at, at + 1, { code: 'PXL-E015', message, hint: NO_BLANKS });
  }
  if (isNameStart(unit)) {
    return wrongWord(lexer, at, (word) => {
      const name = /^[A-Za-z0-9_]+/.exec(word)?.[0] ?? word;
      const message = `Expected ${expected}, found ${quoted(name)}`;
      return { code: 'PXL-E015', message, hint: wordAdvice(name) };
    });
  }
  const character = String.fromCodePoint(line.codePointAt(at) as number);
  if (/^[.−–—]/u.test(character)) return wrongWord(lexer, at, notANumber);
  return new Misreading(at, at + character.length, {
    code: 'PXL-E015',
    message: `Expected ${expected}, found ${quoted(character)}`,
    hint: characterAdvice(character),
  });
}

/** A text of more than `LIMITS.textCodePoints`, which begins at `start`. */
export function tooLong(start: number, text: string): Misreading {
  return new Misreading(start, start + text.length, {
    code: 'PXL-E011',
    message: `Expected at most ${LIMITS.textCodePoints} characters of text, found ${countCodePoints(text)}`,
    hint: 'split the text over several lines',
  });
}
