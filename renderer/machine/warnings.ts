/** The warnings of a run: characters without a glyph, each named once a line, and no more than a reply holds. */
import { LIMITS } from '../../shared/limits.ts';
import { FONT_NAMES, fontNamed } from '../fonts/font.ts';
import { quoted } from '../language/caret.ts';
import type { FaultCode } from '../language/codes.ts';
import { codePointHex } from './used.ts';

/** Something the author should know about a program that runs all the same. */
export type Warning = {
  readonly code: FaultCode;
  readonly message: string;
  /** Counts from 1. */
  readonly line: number;
  /** What to write instead, where there is something to advise. */
  readonly hint?: string;
};

/** Collects the characters that the font of the line lacks. */
export class MissingGlyphs {
  readonly #seen = new Set<string>();
  readonly #warnings: Warning[] = [];

  /** Notes that `line` draws the code point `code` as a box. */
  note(code: number, line: number): void {
    const key = `${line}:${code}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#warnings.length === LIMITS.warnings) return;
    const found = `U+${codePointHex(code)} ${quoted(String.fromCodePoint(code))}`;
    this.#warnings.push({
      code: 'PXL-W001',
      message: `Expected a character of the font, found ${found} on line ${line}: drawn as a box`,
      line,
      hint: fontAdvice(code),
    });
  }

  /** At most `LIMITS.warnings`, in the order of drawing; the last of too many says how many are not listed. */
  list(): readonly Warning[] {
    const listed = LIMITS.warnings - 1;
    const last = this.#warnings[listed];
    if (last === undefined || this.#seen.size === LIMITS.warnings) return this.#warnings;
    const more = this.#seen.size - listed;
    return [
      ...this.#warnings.slice(0, listed),
      {
        code: 'PXL-W002',
        message: `${more} more characters without a glyph, the first on line ${last.line}`,
        line: last.line,
      },
    ];
  }
}

/** Which fonts have a character. Their tables are read for this where they were not yet, so it is for what is listed only. */
function fontAdvice(code: number): string {
  const fonts = FONT_NAMES.filter((name) => fontNamed(name).glyph(code) !== undefined);
  if (fonts.length === 0) return 'no FONT has it';
  const names = fonts.map((name) => `FONT ${name.toUpperCase()}`);
  return `${names.join(' and ')} ${fonts.length > 1 ? 'have' : 'has'} it`;
}
