/** What `gvpie preview` puts on the screen fits it: rows, columns, and the words of the status line. */
import { describe, expect, it } from 'vitest';
import { wrap } from '../../cli/cells.ts';
import { type Drawing, frame, type Picture } from '../../cli/preview-frame.ts';
import { styleOf } from '../../cli/style.ts';

const PICTURE: Picture = {
  kind: 'picture',
  pixels: new Uint8Array(4 * 4 * 4).fill(255),
  canvas: { width: 4, height: 4 },
  price: { steps: 2, shapes: 1, pixels_written: 16, bytes: 64 },
  warnings: [],
  ms: 0.2,
};
const STATUS = 'a.pxl  4×4  2 steps, 1 shape, 16 pixels written  1 ms';

function framed(drawing: Drawing | undefined, columns: number, rows: number, note?: string): string[] {
  const show = {
    name: 'a.pxl',
    room: { columns, rows },
    palette: 'characters',
    style: styleOf({}, {}),
  } as const;
  return frame(drawing, show, note);
}

describe('a frame', () => {
  it('is the picture and a line with file, size, price and time', () => {
    expect(framed(PICTURE, 80, 24)).toEqual(['████', '████', STATUS]);
  });

  it('leaves a row for the status line: a picture that would take it is shrunk', () => {
    expect(framed(PICTURE, 80, 3)).toEqual(['████', '████', STATUS]);
    expect(framed(PICTURE, 80, 2)).toEqual(['██', STATUS.replace('4×4', '4×4 at 1:2')]);
    expect(framed(PICTURE, 80, 1)).toEqual(['██']);
  });

  it('cuts a status line that is too wide, and not one that just fits', () => {
    expect(framed(PICTURE, STATUS.length, 24).at(-1)).toBe(STATUS);
    expect(framed(PICTURE, STATUS.length - 1, 24).at(-1)).toBe(`${STATUS.slice(0, STATUS.length - 2)}…`);
    expect(framed(PICTURE, 1, 24).at(-1)).toBe('…');
  });

  it('counts warnings, and says a note in place of the price', () => {
    const warnings = [{ code: 'PXL-W001', message: '', line: 1 }] as unknown as Picture['warnings'];
    expect(framed({ ...PICTURE, warnings }, 80, 24).at(-1)).toBe(`${STATUS}  1 warning`);
    expect(framed(PICTURE, 80, 24, 'drawing …')).toEqual(['████', '████', 'a.pxl  drawing …']);
    expect(framed(undefined, 80, 24, 'drawing …')).toEqual(['a.pxl  drawing …']);
  });

  it('holds complaints that fit, wrapped, and cuts those that do not', () => {
    const complaints = [{ code: 'PXL-E006', message: 'Expected an opcode, found "FOO"', line: 2, column: 1 }];
    expect(framed({ kind: 'refused', complaints }, 40, 3)).toEqual([
      'a.pxl:2:1: error PXL-E006: Expected an o',
      'pcode, found "FOO"',
      'a.pxl  refused: 1 error',
    ]);
    expect(framed({ kind: 'refused', complaints }, 40, 2)).toEqual(['…', 'a.pxl  refused: 1 error']);
    expect(framed({ kind: 'refused', complaints }, 80, 2)).toHaveLength(2);
  });
});

describe('wrapping', () => {
  it('counts cells, not characters, and splits no dress', () => {
    expect(wrap('abcdef', 6)).toEqual(['abcdef']);
    expect(wrap('abcdef', 5)).toEqual(['abcde', 'f']);
    expect(wrap('漢漢漢', 5)).toEqual(['漢漢', '漢']);
    expect(wrap('\x1b[1mab\x1b[22mcd', 3)).toEqual(['\x1b[1mab\x1b[22mc', 'd']);
    expect(wrap('', 3)).toEqual(['']);
    expect(wrap('漢a', 1)).toEqual(['漢', 'a']);
  });
});
