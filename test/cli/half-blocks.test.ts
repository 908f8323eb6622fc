/** Pictures as text: exact strings, the shrinking against an oracle by definition, and each palette's boundaries. */
import { describe, expect, it } from 'vitest';
import { halfBlocks, type Palette, paletteOf, shrinkFactor } from '../../cli/half-blocks.ts';
import { seededBetween } from '../../shared/seeded.ts';

const ROOM = { columns: 80, rows: 24 };

/** A picture from rows of colours 0xRRGGBB, shown in 80×24 cells. */
function shown(
  rows: readonly (readonly number[])[],
  palette: Palette = 'true colour',
  room = ROOM,
): string[] {
  const canvas = { width: rows[0]?.length ?? 0, height: rows.length };
  const pixels = Uint8Array.from(rows.flat().flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255, 255]));
  return halfBlocks(pixels, canvas, room, palette);
}

/** The colours of lines in true colour, read as a terminal does; undefined is its own background. */
function readBack(lines: readonly string[]): (number | undefined)[][] {
  return lines.flatMap((line) => {
    const upper: (number | undefined)[] = [];
    const lower: (number | undefined)[] = [];
    let [front, back]: (number | undefined)[] = [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what dresses the cells.
    for (const [piece] of line.matchAll(/\x1b\[[\d;]*m|./gu)) {
      if (piece === '▀') {
        upper.push(front);
        lower.push(back);
      } else {
        for (const [, layer, r, g, b] of piece.matchAll(/([34])8;2;(\d+);(\d+);(\d+)/g)) {
          const color = (Number(r) << 16) | (Number(g) << 8) | Number(b);
          if (layer === '3') front = color;
          else back = color;
        }
      }
    }
    return lower.every((color) => color === undefined) ? [upper] : [upper, lower];
  });
}

/** The rule of shrinking as a sentence says it: slow, and sharing nothing with what is tested. */
function oracle(rows: readonly (readonly number[])[], factor: number): number[][] {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  return Array.from({ length: Math.ceil(height / factor) }, (_, row) =>
    Array.from({ length: Math.ceil(width / factor) }, (_, column) => {
      const box = rows
        .slice(row * factor, (row + 1) * factor)
        .flatMap((line) => line.slice(column * factor, (column + 1) * factor));
      const channels = [16, 8, 0].map((shift) => {
        const sum = box.reduce((total, color) => total + ((color >> shift) & 255) ** 2, 0);
        let least = 0;
        while (least * least * box.length < sum) least++;
        return least;
      });
      return ((channels[0] as number) << 16) | ((channels[1] as number) << 8) | (channels[2] as number);
    }),
  );
}

const [BLACK, WHITE, RED, BLUE] = [0, 0xffffff, 0xff0000, 0x0000ff];

describe('half-blocks in true colour', () => {
  it('show the upper pixel in front and the lower behind', () => {
    expect(shown([[RED], [BLUE]])).toEqual(['\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[0m']);
  });

  it('name a colour only where it changes, each half on its own, and anew on each line', () => {
    const rows = [
      [RED, RED, RED, WHITE, BLUE],
      [BLUE, BLUE, RED, RED, WHITE],
      [WHITE, WHITE, WHITE, WHITE, WHITE],
      [WHITE, WHITE, WHITE, WHITE, WHITE],
    ];
    expect(shown(rows)).toEqual([
      '\x1b[38;2;255;0;0;48;2;0;0;255m▀▀' +
        '\x1b[48;2;255;0;0m▀' +
        '\x1b[38;2;255;255;255m▀' +
        '\x1b[38;2;0;0;255;48;2;255;255;255m▀\x1b[0m',
      '\x1b[38;2;255;255;255;48;2;255;255;255m▀▀▀▀▀\x1b[0m',
    ]);
  });

  it('leave the lower half of the last line alone where the height is odd', () => {
    expect(shown([[RED, RED, BLUE]])).toEqual(['\x1b[38;2;255;0;0m▀▀\x1b[38;2;0;0;255m▀\x1b[0m']);
    const lines = shown([[RED], [BLUE], [WHITE]]);
    expect(lines).toEqual(['\x1b[38;2;255;0;0;48;2;0;0;255m▀\x1b[0m', '\x1b[38;2;255;255;255m▀\x1b[0m']);
  });

  it('give every pixel of a random picture back, when they are read as a terminal reads them', () => {
    const between = seededBetween(1);
    for (const [width, height] of [
      [1, 1],
      [7, 6],
      [80, 48],
      [80, 47],
    ] as const) {
      // Few colours, so that neighbours are often equal.
      const rows = Array.from({ length: height }, () =>
        Array.from({ length: width }, () => between(0, 3) * 0x0f2040),
      );
      expect(readBack(shown(rows))).toEqual(rows);
    }
  });
});

describe('the shrinking', () => {
  it.each([
    [{ width: 80, height: 48 }, 1],
    [{ width: 81, height: 48 }, 2],
    [{ width: 80, height: 49 }, 2],
    [{ width: 160, height: 96 }, 2],
    [{ width: 161, height: 1 }, 3],
    [{ width: 1, height: 97 }, 3],
    [{ width: 1, height: 1 }, 1],
    [{ width: 16_384, height: 4_096 }, 205],
  ])('takes for %j in 80×24 cells the factor %i', (canvas, factor) => {
    expect(shrinkFactor(canvas, ROOM)).toBe(factor);
  });

  it('takes the smallest factor that fits, by trying all', () => {
    const between = seededBetween(2);
    for (let turn = 0; turn < 500; turn++) {
      const canvas = { width: between(1, 300), height: between(1, 300) };
      const room = { columns: between(1, 40), rows: between(1, 20) };
      let least = 1;
      const fits = (): boolean =>
        Math.ceil(canvas.width / least) <= room.columns &&
        Math.ceil(Math.ceil(canvas.height / least) / 2) <= room.rows;
      while (!fits()) least++;
      expect(shrinkFactor(canvas, room), `${JSON.stringify({ canvas, room })}`).toBe(least);
    }
  });

  it('mixes as the oracle does, at the edges that a factor leaves too', () => {
    const between = seededBetween(3);
    for (let turn = 0; turn < 60; turn++) {
      const [width, height] = [between(1, 40), between(1, 40)];
      const rows = Array.from({ length: height }, () =>
        Array.from({ length: width }, () => (between(0, 3) === 0 ? between(0, 0x1000000) : BLACK)),
      );
      const room = { columns: between(1, 20), rows: between(1, 10) };
      const factor = shrinkFactor({ width, height }, room);
      expect(readBack(shown(rows, 'true colour', room)), `turn ${turn}`).toEqual(oracle(rows, factor));
    }
  });

  it('is held to an oracle that objects to one flipped bit', () => {
    const rows = Array.from({ length: 8 }, () => Array.from({ length: 8 }, () => 0x808080));
    const flipped = rows.map((row, y) => row.map((color, x) => (x === 5 && y === 5 ? color ^ 0x80 : color)));
    const room = { columns: 4, rows: 2 };
    expect(readBack(shown(flipped, 'true colour', room))).toEqual(oracle(flipped, 2));
    expect(readBack(shown(flipped, 'true colour', room))).not.toEqual(oracle(rows, 2));
  });

  it('keeps one colour as it is, and never makes black of what is lit', () => {
    const even = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => 0x123456));
    expect(new Set(readBack(shown(even, 'true colour', { columns: 7, rows: 3 })).flat())).toEqual(
      new Set([0x123456]),
    );
    const dot = even.map((row, y) => row.map((_, x) => (x === 49 && y === 49 ? 0x010101 : BLACK)));
    expect(readBack(shown(dot, 'true colour', { columns: 1, rows: 1 }))[0]).toEqual([0x010101]);
  });

  it('keeps a line one pixel wide well in sight: at 1:8 it has a third of its brightness, not an eighth', () => {
    const rows = Array.from({ length: 16 }, () =>
      Array.from({ length: 16 }, (_, x) => (x === 3 ? WHITE : 0)),
    );
    expect(readBack(shown(rows, 'true colour', { columns: 2, rows: 1 }))).toEqual([
      [0x5b5b5b, BLACK],
      [0x5b5b5b, BLACK],
    ]);
  });

  it('sums more than 32 bits hold', () => {
    const canvas = { width: 400, height: 400 };
    const white = new Uint8Array(400 * 400 * 4).fill(255);
    const [line] = halfBlocks(white, canvas, { columns: 1, rows: 1 }, 'true colour');
    expect(400 * 400 * 255 ** 2).toBeGreaterThan(2 ** 32);
    expect(line).toBe('\x1b[38;2;255;255;255m▀\x1b[0m');
  });
});

describe('half-blocks in 256 colours', () => {
  /** The number by which a colour is called. */
  const nearest = (color: number): number =>
    Number(/38;5;(\d+)m▀/.exec(shown([[color]], '256 colours')[0] ?? '')?.[1]);

  it.each([
    [BLACK, 16],
    [WHITE, 231],
    [RED, 196],
    [0x00ff00, 46],
    [BLUE, 21],
    [0x5f87af, 67],
    [0x080808, 232],
    [0x808080, 244],
    [0xeeeeee, 255],
  ])('are exact where the palette has the colour: %i', (color, number) => {
    expect(nearest(color)).toBe(number);
  });

  it('take the nearer of two, on both sides of the middle, and the first of two that are as near', () => {
    // Between the cube's two brightest reds, 215 and 255, the middle is 235.
    expect([nearest(0xea0000), nearest(0xeb0000), nearest(0xec0000)]).toEqual([160, 160, 196]);
    // Between black and the darkest grey, 8, it is 4.
    expect([nearest(0x040404), nearest(0x050505)]).toEqual([16, 232]);
    // Grey 95 is in the cube, 88 among the greys.
    expect([nearest(0x5f5f5f), nearest(0x5c5c5c), nearest(0x5b5b5b)]).toEqual([59, 59, 240]);
  });

  it('share what colours that are shown alike say', () => {
    expect(shown([[0xff0000, 0xfe0100, 0x0000ff]], '256 colours')).toEqual([
      '\x1b[38;5;196m▀▀\x1b[38;5;21m▀\x1b[0m',
    ]);
  });
});

describe('a picture in characters alone', () => {
  const grey = (level: number): number => level * 0x010101;
  const cell = (above: number, below: number): string =>
    shown([[grey(above)], [grey(below)]], 'characters')[0] ?? '';

  it('has half-blocks where one half is much brighter, and holds no escape', () => {
    expect(
      shown(
        [
          [WHITE, WHITE, BLACK, BLACK],
          [WHITE, BLACK, WHITE, BLACK],
        ],
        'characters',
      ),
    ).toEqual(['█▀▄ ']);
    expect([cell(96, 0), cell(95, 0), cell(0, 96), cell(0, 95)]).toEqual(['▀', ' ', '▄', ' ']);
  });

  it('has five shades of the two halves together', () => {
    expect([51, 52, 102, 103, 153, 154, 204, 205, 255].map((level) => cell(level, level)).join('')).toBe(
      ' ░░▒▒▓▓██',
    );
  });

  it('takes what is below an odd height for black', () => {
    expect(shown([[WHITE, BLACK, grey(90)]], 'characters')).toEqual(['▀  ']);
  });

  it('sees green brighter than red, and red brighter than blue', () => {
    expect(shown([[0x00ff00, RED, BLUE]], 'characters')).toEqual(['▀  ']);
    expect(
      shown(
        [
          [0x00ff00, RED, BLUE],
          [0x00ff00, RED, BLUE],
        ],
        'characters',
      ),
    ).toEqual(['▓░ ']);
  });
});

describe('the palette', () => {
  it.each([
    [{ COLORTERM: 'truecolor', TERM: 'xterm-256color' }, 'true colour'],
    [{ COLORTERM: '24bit' }, 'true colour'],
    [{ COLORTERM: 'yes', TERM: 'xterm-256color' }, '256 colours'],
    [{ TERM: 'xterm' }, '256 colours'],
    [{}, '256 colours'],
    [{ COLORTERM: 'truecolor', NO_COLOR: '1' }, 'characters'],
    [{ COLORTERM: 'truecolor', NO_COLOR: '' }, 'true colour'],
    [{ COLORTERM: 'truecolor', TERM: 'dumb' }, 'characters'],
  ] as const)('of %j is %s', (environment, palette) => {
    expect(paletteOf(environment)).toBe(palette);
  });
});
