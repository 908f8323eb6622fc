import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bitmap, Shape } from '../../../renderer/display/list.ts';
import { WHITE } from '../../../renderer/display/list.ts';
import type { Program, Statement } from '../../../renderer/language/ast.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { pixelsWritten } from '../../../renderer/machine/price.ts';
import { GLYPH_ADVANCE, glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import type { Canvas } from '../../../shared/canvas.ts';

/** How often each pixel of the canvas is written, row by row. */
type Writes = number[];

const isSet = (bitmap: Bitmap, column: number, row: number) =>
  ((BigInt(bitmap.rows[row] as number) >> BigInt(bitmap.width - 1 - column)) & 1n) === 1n;

/** The oracle: asks every pixel of the canvas about every statement, in unbounded integers. */
function expectedWrites(program: Program, canvas: Canvas): Writes {
  const writes: Writes = Array(canvas.width * canvas.height).fill(0);
  for (const [at] of writes.entries()) {
    const [px, py] = [BigInt(at % canvas.width), BigInt(Math.floor(at / canvas.width))];
    for (const line of program.lines) {
      if (line.kind !== 'statement' || line.opcode === 'HALT') continue;
      const [x, y] = [BigInt(line.operands.x), BigInt(line.operands.y)];
      if (line.opcode === 'RECT') {
        const inside =
          px >= x && px < x + BigInt(line.operands.w) && py >= y && py < y + BigInt(line.operands.h);
        if (inside) writes[at] = (writes[at] as number) + 1;
        continue;
      }
      for (const [index, character] of [...line.operands.text].entries()) {
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
const rect = fc
  .record({ x: place, y: place, w: size, h: size })
  .map((operands): Statement => ({ kind: 'statement', line: 1, opcode: 'RECT', operands }));
const text = fc
  .record({
    x: place,
    y: place,
    text: fc
      .array(fc.constantFrom('A', 'g', ' ', '.', '@', 'é', '😀', '\t'), { minLength: 1, maxLength: 6 })
      .map((characters) => characters.join('')),
  })
  .map((operands): Statement => ({ kind: 'statement', line: 1, opcode: 'TXT', operands }));
const programs = fc.array(fc.oneof(rect, text), { maxLength: 4 }).map((lines): Program => ({ lines }));
const canvases = fc.record({
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 16 }),
});

describe('pixels written', () => {
  it('are those that asking every pixel finds, and so is the display list', () => {
    let written = 0;
    fc.assert(
      fc.property(programs, canvases, (program, canvas) => {
        const { shapes, price } = run(program, canvas);
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
    const operands = { x: 0, y: 0, text: 'A' };
    const program: Program = { lines: [{ kind: 'statement', line: 1, opcode: 'TXT', operands }] };
    const [shape] = run(program, canvas).shapes;
    if (shape?.kind !== 'glyph') throw new Error('expected a glyph');
    const rows = shape.bitmap.rows.with(3, (shape.bitmap.rows[3] as number) ^ 1);
    const flipped: Shape = { ...shape, bitmap: { ...shape.bitmap, rows } };
    const expected = expectedWrites(program, canvas);
    expect(pixelsWritten(shape, canvas)).toBe(sum(expected));
    expect(pixelsWritten(flipped, canvas)).not.toBe(sum(expected));
    expect(paintedWrites([flipped], canvas)).not.toEqual(expected);
  });

  it('are exact for bitmaps of any size at any overhang', () => {
    const bitmaps = fc
      .record({ width: fc.integer({ min: 1, max: 32 }), height: fc.integer({ min: 1, max: 32 }) })
      .chain(({ width, height }) =>
        fc
          .array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: height, maxLength: height })
          .map((rows): Bitmap => ({ width, height, rows })),
      );
    const around = fc.integer({ min: -34, max: 26 });
    fc.assert(
      fc.property(bitmaps, around, around, canvases, (bitmap, x, y, canvas) => {
        const shape: Shape = { kind: 'glyph', x, y, bitmap, color: WHITE };
        expect(pixelsWritten(shape, canvas)).toBe(sum(paintedWrites([shape], canvas)));
      }),
      { seed: 20261120, numRuns: 1_500 },
    );
  });

  it('count the top bit of a row of 32', () => {
    const bitmap: Bitmap = { width: 32, height: 1, rows: [0xffffffff] };
    const canvas = { width: 40, height: 1 };
    const at = (x: number) => pixelsWritten({ kind: 'glyph', x, y: 0, bitmap, color: WHITE }, canvas);
    expect([at(0), at(8), at(9), at(-1), at(-31), at(-32), at(40)]).toEqual([32, 32, 31, 31, 1, 0, 0]);
  });
});
