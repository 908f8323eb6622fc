/** TrueType: a font of bitmaps as a file whose outlines are the bitmaps' pixels, so that other engines draw the same. */
import type { Bitmap } from '../../renderer/display/list.ts';
import type { Font } from '../../renderer/fonts/font.ts';

/** The size at which a bitmap's pixel is a pixel. */
export const PIXELS_PER_EM = 16;
/** Units of a bitmap's pixel. */
const UNIT = 64;
/** Printable ASCII. */
const FIRST = 0x20;
const LAST = 0x7e;
const MAGIC = 0x5f0f3cf5;
const VERSION_1 = 0x10000;
/** Windows, Unicode, American English. */
const NAMED_FOR = [3, 1, 0x409] as const;

interface Outline {
  readonly bytes: Buffer;
  readonly left: number;
  readonly points: number;
  readonly contours: number;
}

/** The file, with the glyphs of printable ASCII; what else is asked for is the font's missing glyph. */
export function trueTypeOf(font: Font, family: string): Uint8Array {
  const codes = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);
  const bitmaps = [font.missing, ...codes.map((code) => font.glyph(code) ?? font.missing)];
  const glyphs = bitmaps.map((bitmap) => outlineOf(bitmap, font.ascent));
  const offsets = [0];
  for (const { bytes } of glyphs) offsets.push((offsets.at(-1) as number) + bytes.length);
  const [up, down] = [font.ascent * UNIT, (font.ascent - font.height) * UNIT];
  const [width, advance] = [font.width * UNIT, font.advance * UNIT];
  const most = (of: 'points' | 'contours') => Math.max(...glyphs.map((glyph) => glyph[of]));
  return fileOf({
    'OS/2': Buffer.concat([
      words(4, advance, 400, 5, ...zeros(12)),
      Buffer.alloc(10),
      longs(1, 0, 0, 0),
      Buffer.from('GVPI'),
      words(0x40, FIRST, LAST, up, down, 0, up, -down),
      longs(1, 0),
      words(up, up, 0, FIRST, 0),
    ]),
    cmap: characterMap(),
    glyf: Buffer.concat(glyphs.map(({ bytes }) => bytes)),
    head: Buffer.concat([
      longs(VERSION_1, VERSION_1, 0, MAGIC),
      words(0b1011, UNIT * PIXELS_PER_EM),
      longs(0, 0, 0, 0),
      words(0, down, width, up, 0, 8, 2, 1, 0),
    ]),
    hhea: Buffer.concat([
      longs(VERSION_1),
      words(up, down, 0, advance, 0, 0, width, 1, ...zeros(7), glyphs.length),
    ]),
    hmtx: Buffer.concat(glyphs.map(({ left }) => words(advance, left))),
    loca: longs(...offsets),
    maxp: Buffer.concat([
      longs(VERSION_1),
      words(glyphs.length, most('points'), most('contours'), 0, 0, 1, ...zeros(8)),
    ]),
    name: names(family),
    post: Buffer.concat([longs(0x30000, 0), words(0, 0), longs(1, 0, 0, 0, 0)]),
  });
}

/** A rectangle, clockwise, for each run of set pixels in a row. */
function outlineOf({ width, rows }: Bitmap, ascent: number): Outline {
  const points: [x: number, y: number][] = [];
  for (const [row, bits] of rows.entries()) {
    const [top, bottom] = [(ascent - row) * UNIT, (ascent - row - 1) * UNIT];
    for (const [start, end] of runsOf(bits, width)) {
      const [left, right] = [start * UNIT, end * UNIT];
      points.push([left, top], [right, top], [right, bottom], [left, bottom]);
    }
  }
  if (points.length === 0) return { bytes: Buffer.alloc(0), left: 0, points: 0, contours: 0 };
  const contours = points.length / 4;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const steps = (all: readonly number[]) =>
    words(...all.map((value, index) => value - (all[index - 1] ?? 0)));
  const left = Math.min(...xs);
  const bytes = Buffer.concat([
    words(contours, left, Math.min(...ys), Math.max(...xs), Math.max(...ys)),
    words(...Array.from({ length: contours }, (_, index) => index * 4 + 3)),
    words(0),
    Buffer.alloc(points.length, 1),
    steps(xs),
    steps(ys),
  ]);
  return { bytes: padded(bytes), left, points: points.length, contours };
}

function runsOf(bits: number, width: number): [start: number, end: number][] {
  const runs: [number, number][] = [];
  let start = -1;
  for (let x = 0; x <= width; x++) {
    const isSet = x < width && ((bits >>> (width - 1 - x)) & 1) === 1;
    if (isSet && start < 0) start = x;
    if (isSet || start < 0) continue;
    runs.push([start, x]);
    start = -1;
  }
  return runs;
}

/** Format 4: one segment for the characters, and the last one, which has none. */
function characterMap(): Buffer {
  const segments = 2;
  return Buffer.concat([
    words(0, 1, 3, 1),
    longs(12),
    words(4, 16 + segments * 8, 0, segments * 2, 4, 1, 0, LAST, 0xffff, 0, FIRST, 0xffff, 1 - FIRST, 1, 0, 0),
  ]);
}

function names(family: string): Buffer {
  const entries = [
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family.replaceAll(' ', '-')],
  ] as const;
  const texts = entries.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  let at = 0;
  const records = entries.map(([id], index) => {
    const length = texts[index]?.length ?? 0;
    at += length;
    return words(...NAMED_FOR, id, length, at - length);
  });
  return Buffer.concat([words(0, entries.length, 6 + 12 * entries.length), ...records, ...texts]);
}

/** The tables behind their directory. */
function fileOf(tables: Readonly<Record<string, Buffer>>): Uint8Array {
  // The directory is sorted by the tags' bytes.
  const sorted = Object.entries(tables).sort(([a], [b]) => (a < b ? -1 : 1));
  let at = 12 + 16 * sorted.length;
  const directory = sorted.map(([tag, table]) => {
    const entry = Buffer.concat([Buffer.from(tag.padEnd(4)), longs(sumOf(table), at, table.length)]);
    at += padded(table).length;
    return entry;
  });
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  const head = words(sorted.length, power * 16, Math.log2(power), (sorted.length - power) * 16);
  return Buffer.concat([longs(VERSION_1), head, ...directory, ...sorted.map(([, table]) => padded(table))]);
}

function sumOf(table: Buffer): number {
  const bytes = padded(table);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

function padded(bytes: Buffer): Buffer {
  const rest = bytes.length % 4;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - rest)]);
}

/** 16 bits each, signed or not. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, index * 2);
  return bytes;
}

/** 32 bits each. */
function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}
