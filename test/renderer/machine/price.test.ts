import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListBuilder } from '../../../renderer/display/builder.ts';
import { decode } from '../../../renderer/display/encode.ts';
import type { Bitmap, Shape } from '../../../renderer/display/list.ts';
import { WHITE } from '../../../renderer/display/list.ts';
import type { Line, Operand } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { Cutter } from '../../../renderer/machine/cutter.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { inkOf } from '../../../renderer/machine/price.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import type { Canvas } from '../../../shared/canvas.ts';

/** How often each pixel of the canvas is written, row by row. */
type Writes = number[];

const isSet = (bitmap: Bitmap, column: number, row: number) =>
  ((BigInt(bitmap.rows[row] as number) >> BigInt(bitmap.width - 1 - column)) & 1n) === 1n;

/** A line: of a RECT w and h, of a TXT its text. */
interface Said {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly text?: string;
}

function programOf(said: readonly Said[]) {
  const number = (value: number): Operand => ({ kind: 'number', value });
  const lines = said.map(({ x, y, w, h, text }, index): Line => {
    const rest = text === undefined ? [number(w), number(h)] : [{ kind: 'text' as const, text }];
    const opcode = text === undefined ? 'RECT' : 'TXT';
    return {
      kind: 'statement',
      line: index + 1,
      opcode,
      operands: [number(x), number(y), ...rest],
      weight: 0,
    };
  });
  return parse(sourceOf(print({ lines })));
}

/** The oracle: asks every pixel of the canvas about every statement, in unbounded integers. */
function expectedWrites(program: readonly Said[], canvas: Canvas): Writes {
  const writes: Writes = Array(canvas.width * canvas.height).fill(0);
  for (const [at] of writes.entries()) {
    const [px, py] = [BigInt(at % canvas.width), BigInt(Math.floor(at / canvas.width))];
    for (const { x: left, y: top, w, h, text } of program) {
      const [x, y] = [BigInt(left), BigInt(top)];
      if (text === undefined) {
        const inside = px >= x && px < x + BigInt(w) && py >= y && py < y + BigInt(h);
        if (inside) writes[at] = (writes[at] as number) + 1;
        continue;
      }
      for (const [index, character] of [...text].entries()) {
        const bitmap = glyphFor(character.codePointAt(0) as number) ?? MISSING_GLYPH;
        const column = px - x - BigInt(GLYPH_ADVANCE * index);
        const row = py - y;
        if (column < 0n || column >= bitmap.width || row < 0n || row >= bitmap.height) continue;
        if (isSet(bitmap, Number(column), Number(row))) writes[at] = (writes[at] as number) + 1;
      }
    }
  }
  return writes;
}

/** What painting a display list writes, and whether it ever leaves the canvas in a rectangle. */
function paintedWrites(shapes: readonly Shape[], canvas: Canvas): Writes {
  const writes: Writes = Array(canvas.width * canvas.height).fill(0);
  const write = (x: number, y: number) => {
    const at = y * canvas.width + x;
    writes[at] = (writes[at] as number) + 1;
  };
  for (const shape of shapes) {
    if (shape.kind === 'rect') {
      for (let y = shape.y0; y < shape.y1; y++) for (let x = shape.x0; x < shape.x1; x++) write(x, y);
      continue;
    }
    if (shape.kind !== 'glyph') throw new Error('expected a rectangle or a glyph');
    const { bitmap } = shape;
    for (let row = 0; row < bitmap.height; row++) {
      for (let column = 0; column < bitmap.width; column++) {
        const [x, y] = [shape.x + column, shape.y + row];
        const inside = x >= 0 && y >= 0 && x < canvas.width && y < canvas.height;
        if (inside && isSet(bitmap, column, row)) write(x, y);
      }
    }
  }
  return writes;
}

const sum = (writes: Writes) => writes.reduce((total, count) => total + count, 0);

const near = fc.integer({ min: -20, max: 24 });
const extreme = fc.constantFrom(-(2 ** 31), -(2 ** 31) + 1, -(2 ** 31) + 8, 2 ** 31 - 8, 2 ** 31 - 1);
const place = fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: extreme }, fc.integer());
const size = fc.oneof(
  { weight: 4, arbitrary: fc.nat(30) },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 31 - 1, 2 ** 31 - 2, 2 ** 31 - 9) },
  fc.nat(),
);
const rect: fc.Arbitrary<Said> = fc.record({ x: place, y: place, w: size, h: size });
const text: fc.Arbitrary<Said> = fc.record({
  x: place,
  y: place,
  w: fc.constant(0),
  h: fc.constant(0),
  text: fc
    .array(fc.constantFrom('A', 'g', ' ', '.', '@', 'é', '😀', '\t'), { minLength: 1, maxLength: 6 })
    .map((characters) => characters.join(''))
    // Blanks at a line's end are no part of the text.
    .filter((characters) => !/[ \t]$/.test(characters)),
});
const programs = fc.array(fc.oneof(rect, text), { maxLength: 4 });
const canvases = fc.record({
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 16 }),
});

describe('pixels written', () => {
  it('are those that asking every pixel finds, and so is the display list', () => {
    let written = 0;
    fc.assert(
      fc.property(programs, canvases, (program, canvas) => {
        const { list, price } = run(programOf(program), canvas);
        const shapes = decode(list);
        const expected = expectedWrites(program, canvas);
        expect(price.pixels_written).toBe(sum(expected));
        expect(paintedWrites(shapes, canvas)).toEqual(expected);
        written += price.pixels_written;
      }),
      { seed: 20261120, numRuns: 1_500 },
    );
    // The programs do draw: the property is not about blank canvases.
    expect(written).toBeGreaterThan(10_000);
  });

  it('are told from those of a glyph with one bit flipped (the oracle can object)', () => {
    const canvas = { width: 8, height: 8 };
    const program: Said[] = [{ x: 0, y: 0, w: 0, h: 0, text: 'A' }];
    const { list, price } = run(programOf(program), canvas);
    const [shape] = decode(list);
    if (shape?.kind !== 'glyph') throw new Error('expected a glyph');
    const rows = shape.bitmap.rows.with(3, (shape.bitmap.rows[3] as number) ^ 1);
    const flipped: Shape = { ...shape, bitmap: { ...shape.bitmap, rows } };
    const expected = expectedWrites(program, canvas);
    expect(price.pixels_written).toBe(sum(expected));
    expect(inkOf(shape.bitmap)).toBe(sum(expected));
    expect(inkOf(flipped.bitmap)).not.toBe(sum(expected));
    expect(paintedWrites([flipped], canvas)).not.toEqual(expected);
  });
});

/** The part of a bitmap at (x, y) that the canvas shows, with its place; undefined when that is nothing. */
function partOf(cutter: Cutter, bitmap: Bitmap, x: number, y: number, canvas: Canvas) {
  const [left, top] = [Math.max(0, -x), Math.max(0, -y)];
  const [right, bottom] = [
    Math.min(bitmap.width, canvas.width - x),
    Math.min(bitmap.height, canvas.height - y),
  ];
  if (left >= right || top >= bottom) return undefined;
  return { x: x + left, y: y + top, part: cutter.cut(bitmap, left, top, right, bottom) };
}

describe('the part of a bitmap that an edge leaves', () => {
  const bitmaps = fc
    .record({ width: fc.integer({ min: 1, max: 32 }), height: fc.integer({ min: 1, max: 32 }) })
    .chain(({ width, height }) =>
      fc
        .array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: height, maxLength: height })
        .map((rows): Bitmap => ({ width, height, rows })),
    );
  const around = fc.integer({ min: -34, max: 26 });

  it('writes what the whole one would write, and its ink is that, at any size and overhang', () => {
    let cuts = 0;
    fc.assert(
      fc.property(bitmaps, around, around, canvases, (bitmap, x, y, canvas) => {
        const expected = paintedWrites([{ kind: 'glyph', x, y, bitmap, color: WHITE }], canvas);
        const seen = partOf(new Cutter(), bitmap, x, y, canvas);
        if (seen === undefined) {
          expect(sum(expected)).toBe(0);
          return;
        }
        cuts++;
        expect(inkOf(seen.part)).toBe(sum(expected));
        const builder = new ListBuilder();
        builder.glyph(seen.x, seen.y, seen.part, WHITE);
        const shapes = decode(builder.finish(canvas));
        expect(shapes).toEqual([{ kind: 'glyph', x: seen.x, y: seen.y, bitmap: seen.part, color: WHITE }]);
        expect(paintedWrites(shapes, canvas)).toEqual(expected);
      }),
      { seed: 20261120, numRuns: 1_500 },
    );
    expect(cuts).toBeGreaterThan(200);
  });

  it('counts the top bit of a row of 32', () => {
    const bitmap: Bitmap = { width: 32, height: 1, rows: [0xffffffff] };
    const canvas = { width: 40, height: 1 };
    const at = (x: number) => {
      const seen = partOf(new Cutter(), bitmap, x, 0, canvas);
      return seen === undefined ? 0 : inkOf(seen.part);
    };
    expect([at(0), at(8), at(9), at(-1), at(-31), at(-32), at(40)]).toEqual([32, 32, 31, 31, 1, 0, 0]);
  });

  it('is the same object for the same part, and the bitmap itself where nothing is cut', () => {
    const cutter = new Cutter();
    const bitmap: Bitmap = { width: 3, height: 2, rows: [0b101, 0b010] };
    expect(cutter.cut(bitmap, 0, 0, 3, 2)).toBe(bitmap);
    expect(cutter.cut(bitmap, 1, 0, 3, 2)).toEqual({ width: 2, height: 2, rows: [0b01, 0b10] });
    expect(cutter.cut(bitmap, 1, 0, 3, 2)).toBe(cutter.cut(bitmap, 1, 0, 3, 2));
    expect(cutter.cut(bitmap, 0, 1, 2, 2)).toEqual({ width: 2, height: 1, rows: [0b01] });
  });
});
