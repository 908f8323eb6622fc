/** A font as a compact table: which code points it has, and the pixels of all glyphs as one string of bits. */
import { invariant } from '../../shared/faults.ts';
import type { Bitmap } from '../display/list.ts';
import type { BdfFont } from './bdf.ts';

export interface FontTable {
  /** Pixels; see `BdfFont`. */
  readonly advance: number;
  readonly width: number;
  readonly height: number;
  readonly ascent: number;
  /** The code points, ascending: `20+5f` is 0x5f of them from 0x20 on. Runs stand apart by white space. */
  readonly runs: string;
  /** In base64, over as many lines as wanted: every glyph's rows from the top, `width` bits each, the left pixel first. */
  readonly bits: string;
}

/** The table of a font. The same font gives the same table, to the letter. */
export function packFont({ advance, width, height, ascent, glyphs }: BdfFont): FontTable {
  const runs: { first: number; count: number }[] = [];
  const bytes = new Uint8Array(Math.ceil((glyphs.size * width * height) / 8));
  let at = 0;
  for (const [code, { rows }] of glyphs) {
    const run = runs.at(-1);
    if (run !== undefined && run.first + run.count === code) run.count++;
    else runs.push({ first: code, count: 1 });
    for (const row of rows) {
      for (let bit = width - 1; bit >= 0; bit--, at++) {
        if (((row >>> bit) & 1) === 1) bytes[at >> 3]! |= 0x80 >> (at & 7);
      }
    }
  }
  return {
    ...{ advance, width, height, ascent },
    runs: runs.map(({ first, count }) => `${first.toString(16)}+${count.toString(16)}`).join(' '),
    bits: Buffer.from(bytes).toString('base64'),
  };
}

/** All that a table says of the pixels of its glyphs, whatever the lines that it is written in. */
export function shapesOf({ width, height, runs, bits }: FontTable): string {
  return `${width}×${height} ${runs.trim().replace(/\s+/g, ' ')} ${bits.replace(/\s+/g, '')}`;
}

/** Some code points that follow one another, and the place of the first one's glyph among all glyphs. */
interface Run {
  readonly first: number;
  readonly count: number;
  readonly place: number;
}

/** The glyphs of a table. It is read when the first one is asked for, and each glyph is made once. */
export class TableGlyphs {
  readonly #table: FontTable;
  readonly #made = new Map<number, Bitmap>();
  #read: { readonly runs: readonly Run[]; readonly bytes: Uint8Array } | undefined;

  constructor(table: FontTable) {
    this.#table = table;
  }

  /** Every code point that has a glyph, ascending. */
  codePoints(): number[] {
    this.#read ??= readTable(this.#table);
    return this.#read.runs.flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, index) => first + index),
    );
  }

  /** The bitmap of a code point, always the same object for the same one; undefined where the font has none. */
  glyph(codePoint: number): Bitmap | undefined {
    const known = this.#made.get(codePoint);
    if (known !== undefined) return known;
    this.#read ??= readTable(this.#table);
    const { runs, bytes } = this.#read;
    const run = runs.find(({ first, count }) => codePoint < first + count);
    if (run === undefined || codePoint < run.first || !Number.isInteger(codePoint)) return undefined;
    const { width, height } = this.#table;
    const start = (run.place + codePoint - run.first) * width * height;
    const rows = Array.from({ length: height }, (_, y) => bitsAt(bytes, start + y * width, width));
    const bitmap = { width, height, rows };
    this.#made.set(codePoint, bitmap);
    return bitmap;
  }
}

function readTable({ runs, bits, width, height }: FontTable): { runs: readonly Run[]; bytes: Uint8Array } {
  let place = 0;
  const read = runs
    .trim()
    .split(/\s+/)
    .map((run) => {
      const [first = Number.NaN, count = Number.NaN] = run
        .split('+')
        .map((digits) => Number.parseInt(digits, 16));
      place += count;
      return { first, count, place: place - count };
    });
  const bytes = Buffer.from(bits, 'base64');
  invariant(
    bytes.length === Math.ceil((place * width * height) / 8),
    `a font table of ${bytes.length} bytes`,
  );
  return { runs: read, bytes };
}

/** `count` bits from bit `start` on, 1 to 32 of them, as an unsigned number. */
function bitsAt(bytes: Uint8Array, start: number, count: number): number {
  let bits = 0;
  for (let at = start; at < start + count; at++) bits = bits * 2 + ((bytes[at >> 3]! >> (7 - (at & 7))) & 1);
  return bits;
}
