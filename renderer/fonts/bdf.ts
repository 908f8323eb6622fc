/** The reader of BDF texts, as fonts are drawn in: one width for all glyphs, each within one cell, in the order of code points. */
import type { Bitmap } from '../display/list.ts';

/** A font of one width, as its BDF text says. */
export interface BdfFont {
  /** What STARTPROPERTIES lists, texts without their quotation marks. */
  readonly properties: ReadonlyMap<string, string>;
  /** From one character's left edge to the next one's, pixels. */
  readonly advance: number;
  /** The cell, pixels; 1 to 32 each. */
  readonly width: number;
  readonly height: number;
  /** Rows of the cell above the baseline. */
  readonly ascent: number;
  /** By code point, ascending, each as large as the cell. */
  readonly glyphs: ReadonlyMap<number, Bitmap>;
}

/** A BDF text that is no font of one width. */
export class BdfError extends Error {
  override readonly name = 'BdfError';
  /** Counts from 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** The largest width and height of a bitmap. */
const LARGEST = 32;
const LAST_CODE_POINT = 0x10ffff;

/**
 * Reads a BDF 2.1 text. COMMENTs may stand before CHARS; of a glyph, STARTCHAR, ENCODING, SWIDTH, DWIDTH, BBX and BITMAP
 * come in this order.
 *
 * @throws {BdfError} for the first line that is not as it must be
 */
export function readBdf(text: string): BdfFont {
  return new Reader(text).font();
}

class Reader {
  readonly #lines: readonly string[];
  /** The line that was read last; counts from 1. */
  #line = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  font(): BdfFont {
    this.#header('STARTFONT', /^2\.1$/);
    this.#header('FONT', /./);
    this.#header('SIZE', /./);
    const [width, height, left, bottom] = this.#numbers('FONTBOUNDINGBOX', 4);
    const inRange = (size: number): boolean => size >= 1 && size <= LARGEST;
    if (!inRange(width) || !inRange(height))
      throw this.#wrong(`a cell of 1 to ${LARGEST} pixels each way`, `${width}×${height}`);
    if (left !== 0) throw this.#wrong('a cell that begins at 0', `${left}`);
    const ascent = height + bottom;
    const properties = this.#properties(
      new Map([
        ['FONT_ASCENT', `${ascent}`],
        ['FONT_DESCENT', `${-bottom}`],
      ]),
    );

    const [count] = this.#numbers('CHARS', 1);
    if (count < 1) throw this.#wrong('1 glyph or more', `${count}`);
    const glyphs = new Map<number, Bitmap>();
    let last = -1;
    let advance: number | undefined;
    for (let index = 0; index < count; index++) {
      this.#argument('STARTCHAR', /./);
      const [code] = this.#numbers('ENCODING', 1);
      if (code <= last || code > LAST_CODE_POINT)
        throw this.#wrong(`a code point from ${last + 1} to ${LAST_CODE_POINT}`, `${code}`);
      last = code;
      this.#numbers('SWIDTH', 2);
      const [right, down] = this.#numbers('DWIDTH', 2);
      advance ??= right;
      if (right < 1 || right !== advance || down !== 0)
        throw this.#wrong(`DWIDTH ${Math.max(1, advance)} 0`, `DWIDTH ${right} ${down}`);
      glyphs.set(code, this.#bitmap(width, height, ascent));
    }
    this.#exactly('ENDFONT');
    const rest = this.#lines.slice(this.#line);
    if (rest.length === 0) throw this.#wrong('a line feed after ENDFONT', 'the end');
    if (rest.join('\n') !== '') throw this.#wrong('nothing after ENDFONT', `"${this.#next()}"`);
    return { properties, advance: advance as number, width, height, ascent, glyphs };
  }

  /** A glyph from BBX to ENDCHAR, laid into the font's cell. */
  #bitmap(cellWidth: number, cellHeight: number, ascent: number): Bitmap {
    const [width, height, left, bottom] = this.#numbers('BBX', 4);
    const top = ascent - bottom - height;
    const fits =
      width >= 1 &&
      height >= 1 &&
      left >= 0 &&
      top >= 0 &&
      left + width <= cellWidth &&
      top + height <= cellHeight;
    if (!fits) throw this.#wrong('a box within FONTBOUNDINGBOX', `BBX ${width} ${height} ${left} ${bottom}`);
    this.#exactly('BITMAP');
    const rows = new Array<number>(cellHeight).fill(0);
    const digits = 2 * Math.ceil(width / 8);
    const padding = 2 ** (digits * 4 - width);
    for (let row = 0; row < height; row++) {
      const found = this.#next();
      const bits = new RegExp(`^[0-9A-Fa-f]{${digits}}$`).test(found)
        ? Number.parseInt(found, 16)
        : Number.NaN;
      if (!Number.isInteger(bits / padding))
        throw this.#wrong(`a row of ${width} pixels as ${digits} hex digits`, `"${found}"`);
      rows[top + row] = (bits / padding) * 2 ** (cellWidth - left - width);
    }
    this.#exactly('ENDCHAR');
    return { width: cellWidth, height: cellHeight, rows };
  }

  /** @param metrics those that FONTBOUNDINGBOX says as well, and must agree with it */
  #properties(metrics: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const [count] = this.#numbers('STARTPROPERTIES', 1, true);
    const properties = new Map<string, string>();
    for (let index = 0; index < count; index++) {
      const found = this.#next();
      const [, key, number, text] = /^(\w+) (?:(-?\d+)|"(.*)")$/.exec(found) ?? [];
      if (key === undefined || properties.has(key))
        throw this.#wrong('a new property, a number or a quoted text', `"${found}"`);
      const metric = metrics.get(key);
      if (metric !== undefined && metric !== number)
        throw this.#wrong(`${key} ${metric}, as FONTBOUNDINGBOX has it`, `"${found}"`);
      properties.set(key, (number ?? text) as string);
    }
    this.#exactly('ENDPROPERTIES');
    for (const key of metrics.keys())
      if (!properties.has(key)) throw this.#wrong(`the property ${key}`, 'none');
    return properties;
  }

  #next(): string {
    const line = this.#lines[this.#line++];
    if (line === undefined) throw this.#wrong('another line', 'the end');
    return line;
  }

  #exactly(line: string): void {
    const found = this.#next();
    if (found !== line) throw this.#wrong(line, `"${found}"`);
  }

  /** What follows the keyword, from its line. */
  #argument(keyword: string, pattern: RegExp, commented = false): string {
    let found = this.#next();
    while (commented && /^COMMENT( |$)/.test(found)) found = this.#next();
    const argument = found.startsWith(`${keyword} `) ? found.slice(keyword.length + 1) : '';
    if (!pattern.test(argument)) throw this.#wrong(`${keyword} and what belongs to it`, `"${found}"`);
    return argument;
  }

  #header(keyword: string, pattern: RegExp): string {
    return this.#argument(keyword, pattern, true);
  }

  #numbers(keyword: string, count: 1, commented?: boolean): [number];
  #numbers(keyword: string, count: 2): [number, number];
  #numbers(keyword: string, count: 4): [number, number, number, number];
  #numbers(keyword: string, count: number, commented = /^(FONT|CHARS)/.test(keyword)): number[] {
    const pattern = new RegExp(`^-?\\d{1,9}( -?\\d{1,9}){${count - 1}}$`);
    return this.#argument(keyword, pattern, commented).split(' ').map(Number);
  }

  #wrong(expected: string, found: string): BdfError {
    return new BdfError(Math.min(this.#line, this.#lines.length), `Expected ${expected}, found ${found}`);
  }
}
