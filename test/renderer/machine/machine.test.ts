import { describe, expect, it } from 'vitest';
import { decode } from '../../../renderer/display/encode.ts';
import { type Bitmap, WHITE } from '../../../renderer/display/list.ts';
import type { Program } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import { type Allowance, FULL_ALLOWANCE, lowest } from '../../../shared/allowance.ts';
import { DEFAULT_CANVAS } from '../../../shared/canvas.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;

/** What a run leaves behind, its display list as shapes. */
function runText(text: string, canvas = DEFAULT_CANVAS) {
  const { list, ...rest } = run(parse(sourceOf(text)), canvas);
  expect(list.canvas).toEqual(canvas);
  return { shapes: decode(list), ...rest };
}

function rectOf(text: string, canvas = { width: 10, height: 8 }) {
  const { shapes, price } = runText(text, canvas);
  const [rect] = shapes;
  if (rect === undefined) {
    expect(price.pixels_written).toBe(0);
    return undefined;
  }
  if (rect.kind !== 'rect') throw new Error('expected a rectangle');
  expect(price.pixels_written).toBe((rect.x1 - rect.x0) * (rect.y1 - rect.y0));
  return [rect.x0, rect.y0, rect.x1, rect.y1];
}

function glyphPlaces(text: string, canvas = DEFAULT_CANVAS) {
  return runText(text, canvas).shapes.map((shape) =>
    shape.kind === 'glyph' ? [shape.x, shape.y] : ['a rectangle'],
  );
}

describe('RECT', () => {
  it('fills w × h pixels from (x, y) in opaque white', () => {
    expect(runText('RECT 2 3 4 5').shapes).toEqual([
      { kind: 'rect', x0: 2, y0: 3, x1: 6, y1: 8, color: WHITE },
    ]);
  });

  it.each([
    ['RECT 0 0 10 8', [0, 0, 10, 8]],
    ['RECT -1 -1 12 10', [0, 0, 10, 8]],
    ['RECT 9 7 1 1', [9, 7, 10, 8]],
    ['RECT 9 7 2 2', [9, 7, 10, 8]],
    ['RECT -3 -3 4 4', [0, 0, 1, 1]],
    [`RECT ${MIN} ${MIN} ${MAX} ${MAX}`, undefined],
    [`RECT -1 -1 ${MAX} ${MAX}`, [0, 0, 10, 8]],
    [`RECT 1 1 ${MAX} ${MAX}`, [1, 1, 10, 8]],
    [`RECT ${MAX} 0 ${MAX} 1`, undefined],
    [`RECT ${-MAX + 1} 0 ${MAX} 1`, [0, 0, 1, 1]],
    [`RECT ${-MAX} 0 ${MAX} 1`, undefined],
  ])('is clipped to the canvas, never wrapped: %s', (text, clipped) => {
    expect(rectOf(text)).toEqual(clipped);
  });

  it.each(['10 0 1 1', '0 8 1 1', '-1 0 1 1', '0 -1 1 1', '0 0 0 1', '0 0 1 0', '0 0 0 0'])(
    'draws nothing beside the canvas or without area: %s',
    (operands) => {
      const { shapes, price } = runText(`RECT ${operands}`, { width: 10, height: 8 });
      expect(shapes).toEqual([]);
      expect(price).toMatchObject({ shapes: 1, pixels_written: 0 });
    },
  );

  it('counts a pixel once for every rectangle that covers it', () => {
    expect(runText('RECT 0 0 4 4\nRECT 2 2 4 4').price.pixels_written).toBe(32);
  });

  it('counts more pixels than 32 bits hold', () => {
    const canvas = { width: 8192, height: 8192 };
    const allowance = { ...FULL_ALLOWANCE, pixels_written: Number.POSITIVE_INFINITY };
    const program = parse(sourceOf('RECT 0 0 8192 8192\n'.repeat(100)));
    expect(run(program, canvas, { allowance }).price).toEqual({
      steps: 101,
      shapes: 100,
      pixels_written: 100 * 8192 * 8192,
      bytes: 8192 * 8192 * 4,
    });
  });
});

describe('TXT', () => {
  it('puts a glyph every 6 pixels, its top left at (x, y), in opaque white', () => {
    expect(runText('TXT 3 4 AB').shapes).toEqual([
      { kind: 'glyph', x: 3, y: 4, bitmap: glyphFor(0x41), color: WHITE },
      { kind: 'glyph', x: 9, y: 4, bitmap: glyphFor(0x42), color: WHITE },
    ]);
  });

  it('advances by code point, not by UTF-16 unit', () => {
    expect(glyphPlaces('TXT 0 0 😀A')).toEqual([
      [0, 0],
      [6, 0],
    ]);
  });

  it('advances over a blank as over any character', () => {
    expect(glyphPlaces('TXT 0 0  A')).toEqual([
      [0, 0],
      [6, 0],
    ]);
  });

  it.each([
    ['TXT -4 0 A', 1],
    ['TXT -5 0 A', 0],
    ['TXT 9 0 A', 1],
    ['TXT 10 0 A', 0],
    ['TXT 0 -6 A', 1],
    ['TXT 0 -7 A', 0],
    ['TXT 0 7 A', 1],
    ['TXT 0 8 A', 0],
  ])('emits a glyph while one pixel of its cell is on the canvas: %s', (text, count) => {
    expect(glyphPlaces(text, { width: 10, height: 8 })).toHaveLength(count);
  });

  it('cuts a glyph to the canvas', () => {
    const { width, height, rows } = glyphFor(0x41) as Bitmap;
    const cut = { width: width - 2, height: height - 3, rows: rows.slice(3).map((row) => row & 0b111) };
    expect(runText('TXT -2 -3 A').shapes).toEqual([{ kind: 'glyph', x: 0, y: 0, bitmap: cut, color: WHITE }]);
    expect(runText('TXT 0 0 A').shapes).not.toMatchObject([{ bitmap: cut }]);
  });

  it('emits of a long text what is in sight', () => {
    expect(glyphPlaces(`TXT -600 0 ${'A'.repeat(4000)}`, { width: 12, height: 8 })).toEqual([
      [0, 0],
      [6, 0],
    ]);
  });

  it.each([
    [`TXT ${MAX} 0 AAAA`],
    [`TXT ${MAX} ${MAX} AAAA`],
    [`TXT 0 ${MIN} AAAA`],
    [`TXT ${MIN} 0 ${'A'.repeat(LIMITS.textCodePoints)}`],
  ])('does not wrap at the ends of 32 bits: %.20s', (text) => {
    expect(runText(text)).toMatchObject({ shapes: [], price: { shapes: 1, pixels_written: 0 } });
  });
});

describe('HALT', () => {
  it('stops', () => {
    const { shapes, price } = runText('RECT 0 0 1 1\nHALT\nRECT 0 0 2 2\nTXT 0 0 é\nHALT');
    expect(shapes).toHaveLength(1);
    expect(price).toMatchObject({ steps: 2, shapes: 1, pixels_written: 1 });
  });

  it('is added where it is missing, and counts', () => {
    for (const text of ['RECT 0 0 1 1', 'RECT 0 0 1 1\n# end\n\n']) {
      expect(runText(text)).toEqual(runText('RECT 0 0 1 1\nHALT'));
    }
    expect(runText('')).toEqual(runText('HALT'));
    expect(runText('').price).toEqual({ steps: 1, shapes: 0, pixels_written: 0, bytes: 32_768 });
  });
});

describe('the price', () => {
  it('counts executed statements as steps, and TXT and RECT as shapes, visible or not', () => {
    const text = '# c\n\nRECT 999 0 1 1\nTXT 999 0 Hi\nRECT 0 0 0 0\nRECT 0 0 1 1\nHALT\nRECT 0 0 1 1';
    expect(runText(text).price).toEqual({ steps: 5, shapes: 4, pixels_written: 1, bytes: 32_768 });
  });
});

describe('the fuel', () => {
  const refusal = (program: Program, fuel: Partial<Allowance> | undefined) => {
    try {
      run(program, DEFAULT_CANVAS, fuel && { allowance: lowest(fuel) });
    } catch (fault) {
      if (fault instanceof AuthorFault) return fault.complaints;
      throw fault;
    }
    return undefined;
  };
  const program = parse(sourceOf('RECT 0 0 1 1\n\nTXT 0 0 a\nHALT'));
  const unended = parse(sourceOf('RECT 0 0 1 1\n\nTXT 0 0 a\n'));

  it('is enough when it is exactly what is needed', () => {
    expect(refusal(program, { steps: 3, shapes: 2 })).toBeUndefined();
    expect(refusal(unended, { steps: 3, shapes: 2 })).toBeUndefined();
  });

  it('ends at one step too many, with the line', () => {
    expect(refusal(program, { steps: 2, shapes: 2 })).toMatchObject([
      {
        code: 'PXL-E012',
        message: 'Expected at most 2 steps, found one more on line 4',
        line: 4,
      },
    ]);
    expect(refusal(program, { steps: 1, shapes: 2 })).toMatchObject([{ code: 'PXL-E012', line: 3 }]);
    expect(refusal(unended, { steps: 2, shapes: 2 })).toMatchObject([{ code: 'PXL-E012', line: 4 }]);
  });

  it('ends at one shape too many, with the line', () => {
    expect(refusal(program, { steps: 3, shapes: 1 })).toMatchObject([
      {
        code: 'PXL-E013',
        message: 'Expected at most 1 shapes, found one more on line 3',
        line: 3,
      },
    ]);
  });

  it('ends at one pixel too many, with the line', () => {
    const twice = parse(sourceOf('RECT 0 0 10 10\nRECT 5 5 10 10\n'));
    expect(refusal(twice, { pixels_written: 200 })).toBeUndefined();
    expect(refusal(twice, { pixels_written: 199 })).toMatchObject([{ code: 'PXL-E014', line: 2 }]);
    expect(refusal(twice, { pixels_written: 99 })).toMatchObject([{ code: 'PXL-E014', line: 1 }]);
  });

  it('is that of the table of limits unless another is given', () => {
    const turns = (count: number) => parse(sourceOf(`FOR i 1 ${count}\nRECT 0 0 0 0\nEND`));
    expect(refusal(turns(LIMITS.shapes + 1), undefined)).toMatchObject([{ code: 'PXL-E013', line: 2 }]);
    expect(refusal(turns(LIMITS.shapes), undefined)).toBeUndefined();
  });
});

describe('a character without a glyph', () => {
  it('draws the box and is named with its line', () => {
    const { shapes, warnings } = runText('\nTXT 0 0 é');
    expect(shapes).toEqual([{ kind: 'glyph', x: 0, y: 0, bitmap: MISSING_GLYPH, color: WHITE }]);
    expect(warnings).toEqual([
      {
        code: 'PXL-W001',
        message: 'Expected a character of the font, found U+00E9 "é" on line 2: drawn as a box',
        line: 2,
        hint: 'FONT FIXED5X7 and FONT FIXED6X13 have it',
      },
    ]);
  });

  it.each([
    ['in GVPIE', 'TXT 0 0 °', 'FONT FIXED5X7 and FONT FIXED6X13 have it'],
    ['in GVPIE, of FIXED6X13 alone', 'TXT 0 0 ♡', 'FONT FIXED6X13 has it'],
    ['in FIXED5X7', 'FONT FIXED5X7\nTXT 0 0 ♡', 'FONT FIXED6X13 has it'],
    ['in all of them', 'FONT FIXED6X13\nTXT 0 0 😀', 'no FONT has it'],
    ['in all of them, a control', 'TXT 0 0 a\tb', 'no FONT has it'],
  ])('comes with the fonts that have it: missing %s', (_, text, hint) => {
    expect(runText(text).warnings.map((warning) => warning.hint)).toEqual([hint]);
    // The control: the font that the hint names draws it.
    const font = hint.match(/FONT FIXED\w+/)?.[0];
    if (font !== undefined) expect(runText(text.replace(/TXT/, `${font}\nTXT`)).warnings).toEqual([]);
  });

  it.each([
    ['a\tb', 'U+0009 "␉"'],
    ['a\u001bb', 'U+001B "␛"'],
    ['a\rb', 'U+000D "␍"'],
    ['😀', 'U+1F600 "😀"'],
    ['\u202e', 'U+202E "\ufffd"'],
  ])('may be a control or anything else: %j', (text, name) => {
    expect(runText(`TXT 0 0 ${text}`).warnings.map(({ message }) => message)).toEqual([
      `Expected a character of the font, found ${name} on line 1: drawn as a box`,
    ]);
  });

  it('is named once a line, however often it stands there', () => {
    const { warnings } = runText('TXT 0 0 éaéèé\nTXT 0 0 é');
    expect(warnings.map(({ line, message }) => [line, message.match(/U\+\w+/)?.[0]])).toEqual([
      [1, 'U+00E9'],
      [1, 'U+00E8'],
      [2, 'U+00E9'],
    ]);
  });

  it('is named even where it is not seen', () => {
    const { shapes, warnings } = runText('TXT 9999 0 é');
    expect([shapes.length, warnings.length]).toEqual([0, 1]);
  });

  it('is not named where it is not run, nor is any of ASCII', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
    expect(runText(`TXT 0 0 ${ascii}\nHALT\nTXT 0 0 é`).warnings).toEqual([]);
  });

  const some = (count: number) =>
    runText(
      Array.from({ length: count }, (_, index) => `TXT 0 0 ${String.fromCodePoint(0x4e00 + index)}`).join(
        '\n',
      ),
    ).warnings;

  it('is listed up to the limit', () => {
    expect(some(LIMITS.warnings).map(({ code }) => code)).toEqual(Array(LIMITS.warnings).fill('PXL-W001'));
  });

  it('is counted beyond it, in the last of as many warnings', () => {
    for (const over of [1, 30]) {
      const warnings = some(LIMITS.warnings + over);
      expect(warnings).toHaveLength(LIMITS.warnings);
      expect(warnings.slice(0, -1)).toEqual(some(LIMITS.warnings - 1));
      expect(warnings.at(-1)).toEqual({
        code: 'PXL-W002',
        message: `${over + 1} more characters without a glyph, the first on line ${LIMITS.warnings}`,
        line: LIMITS.warnings,
      });
    }
  });
});
