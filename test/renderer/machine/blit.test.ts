/** BLIT: which pixel of a picture each pixel of the canvas shows, and what that costs, against pictures and the oracle. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../../renderer/display/encode.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { type Run, type RunOptions, run } from '../../../renderer/machine/machine.ts';
import { type ImagePixels, PRICE_ONLY } from '../../../renderer/machine/pictures.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { type Allowance, FULL_ALLOWANCE } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { consult, type Verdict } from './oracle.ts';

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const NO_IMAGES: ImagePixels = new Map();
const CHECKSUM = 'c3'.repeat(32);

const runOf = (text: string, canvas: Canvas, options: RunOptions = {}): Run =>
  run(parse(sourceOf(text)), canvas, options);

/** The canvas as text: a letter for each of a few colours. */
function drawn(text: string, canvas: Canvas): string[] {
  const bytes = paintOnCpu(runOf(text, canvas).list);
  const letters: Record<string, string> = {
    '0,0,0': '.',
    '255,0,0': 'r',
    '0,255,0': 'g',
    '255,255,255': 'w',
  };
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (__, x) => {
      const at = (y * canvas.width + x) * 4;
      return letters[bytes.subarray(at, at + 3).join(',')] ?? '?';
    }).join(''),
  );
}

/** What a run leaves behind beside its list, in the oracle's words. */
function left(text: string, canvas: Canvas, images = NO_IMAGES): Partial<Verdict> {
  const { list, price, used } = runOf(text, canvas, { images });
  const { steps, shapes: drawn, pixels_written: pixels } = price;
  return { painted: Buffer.from(paintOnCpu(list)).toString('hex'), steps, drawn, pixels, used };
}

/** That a run leaves behind what the oracle finds. */
function expectAsWritten(text: string, canvas: Canvas, images = NO_IMAGES): void {
  const verdict = consult(parse(sourceOf(text)).lines, canvas, FULL_ALLOWANCE, {}, images);
  expect([text, { ...verdict, ...left(text, canvas, images) }]).toEqual([text, verdict]);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (fault) {
    if (fault instanceof AuthorFault) return fault.complaints[0].code;
    throw fault;
  }
  return 'none';
}

/** Three columns and two rows, all of whose pixels differ. */
const FLAG = 'SPRITE flag\nINK red r\nINK lime g\nROW r.g\nROW .#\nEND';

describe('BLIT', () => {
  it.each([
    ['', ['r.g.', '.w..', '....']],
    ['1 1', ['.r..', 'w...', '.g..']],
    ['1 2', ['.w..', 'g.r.', '....']],
    ['1 3', ['g...', '.w..', 'r...']],
    ['1 0 1', ['g.r.', '.w..', '....']],
    ['1 0 2', ['.w..', 'r.g.', '....']],
    ['1 0 3', ['.w..', 'g.r.', '....']],
    ['1 1 1', ['.g..', 'w...', '.r..']],
    ['1 1 2', ['r...', '.w..', 'g...']],
    ['1 -1', ['g...', '.w..', 'r...']],
    ['1 4', ['r.g.', '.w..', '....']],
  ])('by %j shows the picture as it is written: mirrored, then turned clockwise', (how, rows) => {
    expect(drawn(`${FLAG}\nBLIT flag 0 0 ${how}`, { width: 4, height: 3 })).toEqual(rows);
  });

  it('makes scale × scale pixels of each, the top left of all at (x, y), counted from the origin', () => {
    const text = `${FLAG}\nORIGIN 3 -1\nBLIT flag -2 2 2 1`;
    expect(drawn(text, { width: 6, height: 8 })).toEqual([
      '......',
      '...rr.',
      '...rr.',
      '.ww...',
      '.ww...',
      '...gg.',
      '...gg.',
      '......',
    ]);
  });

  it('shows what the oracle says at every edge of a clip, whichever way and however large', () => {
    const canvas = { width: 9, height: 8 };
    for (const scale of [1, 2, 3, 5]) {
      for (let how = 0; how < 16; how++) {
        const lines: string[] = [];
        for (const [x, y] of [
          [-1, -1],
          [2, 1],
          [7, 6],
          [-3 * scale + 1, 3],
          [4, -2 * scale + 1],
          [-3 * scale, 0],
        ] as const) {
          lines.push(`BLIT flag ${x} ${y} ${scale} ${how >> 2} ${how & 3}`);
        }
        const programs = [lines, ['CLIP 1 2 5 3', ...lines], ['CLIP 3 2 0 3', ...lines]];
        for (const program of programs) expectAsWritten(`${FLAG}\n${program.join('\n')}`, canvas);
      }
    }
  });

  it('lies anywhere in 32 bits, and further with the origin, without coming back on the other side', () => {
    const canvas = { width: 7, height: 6 };
    for (const far of [INT_MAX, INT_MAX - 1, INT_MIN, INT_MIN + 1, INT_MIN + 192, -192, -191, -3, 6, 7]) {
      for (const line of [`BLIT flag ${far} 0`, `BLIT flag 0 ${far} 64 3 1`, `BLIT flag ${far} ${far} 64`]) {
        expectAsWritten(`${FLAG}\n${line}`, canvas);
        expectAsWritten(`${FLAG}\nORIGIN ${far} ${far}\n${line}`, canvas);
        expectAsWritten(`${FLAG}\nORIGIN ${far > 0 ? -far : INT_MAX} 0\n${line}`, canvas);
      }
    }
  });

  it.each([0, 1, 2, 3, 4, 5])('draws each pixel with its own alpha in blend mode %i', (mode) => {
    const word = ['OVER', 'SRC', 'ADD', 'MULTIPLY', 'SCREEN', 'XOR'][mode];
    const inks = ['ff8000', '00ff0080', '0000ffff', '12345601', 'ffffff00', 'a0b0c0fe'];
    const sprite = [
      'SPRITE s',
      ...inks.map((digits, index) => `INK #${digits} ${index}`),
      'ROW 012345.',
      'ROW #',
    ];
    for (const pen of ['white', '#ff000080', '#00ff0000']) {
      const text = `${sprite.join('\n')}\nEND\nCLEAR #406080\nBLEND ${word}\nCOLOR ${pen}\nBLIT s 0 0\nBLIT s 1 1 2`;
      expectAsWritten(text, { width: 12, height: 5 });
    }
  });

  it('replaces under SRC what is no hole, and leaves the rest', () => {
    const text = `SPRITE s\nINK #ff000001 r\nINK #00ff0000 g\nROW rg.#\nEND\nCLEAR lime\nBLEND SRC\nCOLOR #ffffff10\nBLIT s 0 0`;
    expect(drawn(text, { width: 5, height: 1 })).toEqual(['rggwg']);
    expect(drawn(text.replace('#ffffff10', '#fff0'), { width: 5, height: 1 })).toEqual(['rgggg']);
    // The control: without SRC nothing of it is opaque.
    expect(drawn(text.replace('SRC', 'OVER'), { width: 5, height: 1 })).toEqual(['?gg?g']);
  });

  it('draws the # of a SPRITE in the colour that holds at each BLIT, unless an INK has it', () => {
    const text = 'SPRITE p\nROW #\nEND\nSPRITE i\nROW #\nINK red #\nEND';
    const draws =
      'BLIT p 0 0\nCOLOR lime\nBLIT p 1 0\nBLIT i 2 0\nPUSH\nCOLOR red\nBLIT p 3 0\nPOP\nBLIT p 4 0';
    expect(drawn(`${text}\n${draws}`, { width: 6, height: 1 })).toEqual(['wgrrg.']);
  });

  it('counts rows by code points, and what a row is short of as holes', () => {
    const text = 'SPRITE s\nINK red 🚀\nINK lime é😀\nROW 🚀é\nROW  😀#🚀\nEND\nBLIT s 0 0\nBLIT s 4 0 1 2';
    expect(drawn(text, { width: 8, height: 2 })).toEqual(['rg..rwg.', '.gwr..gr']);
  });

  it('draws an IMAGE as it draws a SPRITE of the same pixels', () => {
    const colours = ['ff0000ff', '00ff0080', '0000ff00', 'ffffff01', '123456fe', 'ff8000ff'];
    const pixels = Uint32Array.from(colours, (rgba) => Buffer.from(rgba, 'hex').readUInt32LE(0));
    const inks = colours.map((rgba, index) => `INK #${rgba} ${index}`).join('\n');
    const sprite = `SPRITE s\n${inks}\nROW 012\nROW 345\nEND`;
    const image = `IMAGE s 3 2 ${CHECKSUM}`;
    const images = new Map([[CHECKSUM, pixels]]);
    for (let how = 0; how < 16; how++) {
      const draw = `CLEAR #406080\nBLIT s 0 0 2 ${how >> 2} ${how & 3}\nBLEND SRC\nBLIT s 3 3`;
      const canvas = { width: 9, height: 8 };
      const [one, other] = [`${sprite}\n${draw}`, `${image}\n${draw}`].map((text) =>
        left(text, canvas, images),
      );
      expect({ ...one, used: undefined }).toEqual({ ...other, used: undefined });
      expectAsWritten(`${image}\n${draw}`, canvas, images);
    }
  });

  it('shows a part of a sheet through a CLIP', () => {
    const text =
      'SPRITE sheet\nINK red r\nINK lime g\nROW rrgg\nROW rr##\nEND\nPUSH\nCLIP 1 1 2 2\nBLIT sheet 1-2 1\nPOP';
    expect(drawn(text, { width: 4, height: 4 })).toEqual(['....', '.gg.', '.ww.', '....']);
  });

  it('uses what was executed: the INKs and ROWs are in the program', () => {
    const { used } = runOf(`${FLAG}\nBLIT flag 0 0`, { width: 4, height: 4 });
    expect(used).toEqual({
      canvas: 1,
      blend: { 'src-over': 1 },
      opcodes: { BLIT: 1, HALT: 1, SPRITE: 1 },
      glyphs: {},
    });
    const image = `IMAGE i 1 1 ${CHECKSUM}`;
    const never = runOf(image, { width: 4, height: 4 }, { images: PRICE_ONLY }).used;
    expect(never.opcodes).toEqual({ HALT: 1, IMAGE: 1 });
  });
});

/** Steps of a run beside one for each of so many lines that were executed. */
function extra(text: string, lines: number, canvas: Canvas = { width: 40, height: 40 }): number {
  return runOf(text, canvas, { images: PRICE_ONLY }).price.steps - lines;
}

describe('the price of a BLIT', () => {
  const plain = 'SPRITE a\nINK red r\nROW rrr\nROW rrr\nROW rrr\nEND';
  const pen = 'SPRITE a\nROW ###\nROW ...\nROW ...\nEND';

  it('is a step for every eight columns and rows that are seen, and for every eight pixels that are listed first', () => {
    // SPRITE, BLIT and HALT; 3 + 3 sides and 9 pixels.
    expect(extra(`${plain}\nBLIT a 0 0`, 3)).toBe(1 + 2);
    expect(extra(`${plain}\nBLIT a 0 0\nBLIT a 0 0`, 4)).toBe(1 + 2 + 1);
    expect(extra(`${plain}\nBLIT a 0 0 9`, 3)).toBe(7 + 2);
    // 3 · 9 columns, of which 1 is not seen, and 4 rows.
    expect(extra(`${plain}\nCLIP 1 23 99 99\nBLIT a 0 0 9`, 4)).toBe(Math.ceil((26 + 4) / 8) + 2);
    expect(extra(`${plain}\nBLIT a 40 0`, 3)).toBe(0);
    expect(extra(`${plain}\nCLIP 5 5 0 1\nBLIT a 5 5`, 4)).toBe(0);
  });

  it('is that of its pixels once more for each colour of a pen that they need, and once more under SRC', () => {
    expect(extra(`${plain}\nBLIT a 0 0\nCOLOR red\nBLIT a 0 0`, 5)).toBe(1 + 2 + 1);
    expect(extra(`${pen}\nBLIT a 0 0\nCOLOR red\nBLIT a 0 0`, 5)).toBe(1 + 2 + 1 + 2);
    expect(extra(`${pen}\nBLIT a 0 0\nCOLOR red\nBLIT a 0 0\nCOLOR white\nBLIT a 0 0`, 7)).toBe(3 + 3 + 1);
    expect(extra(`${plain}\nBLIT a 0 0\nBLEND SRC\nBLIT a 0 0\nBLIT a 0 0`, 6)).toBe(3 + 3 + 1);
    expect(extra(`${plain}\nBLIT a 0 0\nBLEND ADD\nBLIT a 0 0`, 5)).toBe(3 + 1);
  });

  it('remembers as many pictures as the limit says, and forgets them all before it takes one more', () => {
    const canvas = { width: 1, height: 1 };
    const most = LIMITS.remembered;
    // Each colour is another picture: SPRITE and HALT, then FOR, COLOR, BLIT with its side and its pixel, and END.
    const steps = (count: number, again: readonly number[]): number => {
      const draws = again.map((color) => `COLOR ${color}\nBLIT a 0 0`).join('\n');
      const program = `SPRITE a\nROW #\nEND\nFOR i 1 ${count}\nCOLOR i\nBLIT a 0 0\nEND\n${draws}`;
      return extra(program, 2 + 1 + 4 * count + 3 * again.length, canvas);
    };
    expect(steps(most, [1, most])).toBe(most);
    expect(steps(most + 1, [1, most, 1, most + 1])).toBe(most + 1 + 2);
    expectAsWritten(
      `SPRITE a\nROW #\nEND\nFOR i 1 ${most + 1}\nCOLOR i\nBLIT a 0 0\nEND\nBLIT a 0 0\nCOLOR 1\nBLIT a 0 0`,
      canvas,
    );
  });

  it('is its box in the clip, holes too, and one shape, seen or not', () => {
    const price = (text: string) => runOf(text, { width: 40, height: 40 }).price;
    expect(price(`${pen}\nBLIT a 0 0`)).toMatchObject({ shapes: 1, pixels_written: 9 });
    expect(price(`${pen}\nBLIT a 39 38`)).toMatchObject({ shapes: 1, pixels_written: 2 });
    expect(price(`${pen}\nBLIT a 40 0`)).toMatchObject({ shapes: 1, pixels_written: 0 });
    expect(price(`${pen}\nCOLOR #0000\nBLIT a 0 0 2`)).toMatchObject({ pixels_written: 36 });
  });

  it('is nothing for INKs, ROWs and the END of a SPRITE, and a step for a SPRITE and an IMAGE', () => {
    expect(extra(plain, 2)).toBe(0);
    expect(extra(`IMAGE a 9 9 ${CHECKSUM}`, 2)).toBe(0);
  });

  it('may be exactly what is allowed, and nothing less', () => {
    const text = `${pen}\nBLIT a 0 0 3 1\nCOLOR red\nBLIT a 1 1`;
    const canvas = { width: 8, height: 8 };
    const { steps, shapes, pixels_written } = runOf(text, canvas).price;
    const code = (less: Partial<Allowance>) =>
      codeOf(() =>
        runOf(text, canvas, { allowance: { ...FULL_ALLOWANCE, steps, shapes, pixels_written, ...less } }),
      );
    expect(code({})).toBe('none');
    expect(code({ steps: steps - 1 })).toBe('PXL-E012');
    expect(code({ shapes: shapes - 1 })).toBe('PXL-E013');
    expect(code({ pixels_written: pixels_written - 1 })).toBe('PXL-E014');
  });

  it('is refused where scale or flips leave their ranges as it runs', () => {
    const text = (operands: string) => `${plain}\nSET low 0\nSET high 65\nSET four 4\nBLIT a 0 0 ${operands}`;
    const code = (operands: string) => codeOf(() => runOf(text(operands), { width: 8, height: 8 }));
    expect(['low+1', 'high-1', '1 high*high', '1 0 low', '1 0 four-1'].map(code)).toEqual(
      Array(5).fill('none'),
    );
    expect(['low', 'high', '1 0 low-1', '1 0 four'].map(code)).toEqual(Array(4).fill('PXL-E005'));
  });
});

describe('the display list of BLITs', () => {
  it('has the pixels of a picture once, whatever shows them', () => {
    const side = 'r'.repeat(16);
    const text = `SPRITE a\nINK red r\n${Array(16).fill(`ROW ${side}`).join('\n')}\nEND`;
    const canvas = { width: 64, height: 64 };
    // As docs/language.md counts them: nine, a word for each column and row that is seen, and the pixels.
    const words = (draws: string) => {
      const { shapes, pool } = runOf(`${text}\n${draws}`, canvas).list;
      return shapes.length + pool.length;
    };
    expect(words('BLIT a 0 0')).toBe(256 + 9 + 32);
    expect(words('BLIT a 0 0\nBLIT a 9 9 2 1 3\nCOLOR lime\nBLIT a 60 63')).toBe(256 + 41 + 73 + 14);
    expect(words('BLIT a 0 0\nBLEND SRC\nBLIT a 0 0')).toBe(2 * (256 + 41));
    expect(words('BLIT a 64 0')).toBe(0);
  });

  it('is refused before it is too long, with and without the pixels of its IMAGEs', () => {
    const image = `IMAGE a ${LIMITS.canvasSide} ${LIMITS.imagePixels / LIMITS.canvasSide} ${CHECKSUM}`;
    const images = new Map([[CHECKSUM, new Uint32Array(LIMITS.imagePixels)]]);
    const canvas = { width: 8, height: 8 };
    for (const given of [images, PRICE_ONLY] as const) {
      const code = (text: string) => codeOf(() => runOf(text, canvas, { images: given }));
      expect(code(`${image}\nBLIT a 0 0`)).toBe('none');
      expect(code(`${image}\nBLIT a 0 0\nBLEND SRC\nBLIT a 0 0`)).toBe('PXL-E035');
    }
  });

  it('may have exactly as many words as are allowed', () => {
    const { canvasSide, imagePixels, listWords } = LIMITS;
    // Words of a BLIT as wide as the canvas; of one that is seen as one pixel, of which a new pen takes one more.
    const [wide, small, rect] = [8 + 1 + canvasSide + 1, 8 + 1 + 2, 8];
    const wides = Math.floor((listWords - imagePixels) / wide);
    // Room for the pixel of the first pen, so many small ones, rectangles and one small one more.
    const rest = listWords - imagePixels - wides * wide - 1 - small;
    const smalls = [1, 2, 3, 4, 5, 6, 7, 8].find((count) => (rest - count * small) % rect === 0) as number;
    const lines = [
      'SPRITE p\nROW #\nEND',
      `IMAGE a ${canvasSide} ${imagePixels / canvasSide} ${CHECKSUM}`,
      `FOR i 1 ${wides}\nBLIT a 0 0\nEND`,
      'CLIP 0 0 1 1',
      `FOR i 1 ${smalls}\nBLIT p 0 0\nEND`,
      `FOR i 1 ${(rest - smalls * small) / rect}\nRECT 0 0 1 1\nEND`,
    ];
    const canvas = { width: canvasSide, height: 1 };
    const codeWith = (last: string) =>
      codeOf(() => runOf([...lines, last].join('\n'), canvas, { images: PRICE_ONLY }));
    expect(codeWith('BLIT p 0 0')).toBe('none');
    expect(codeWith('COLOR red\nBLIT p 0 0')).toBe('PXL-E035');
    expect(codeWith('BLIT p 0 0\nRECT 0 0 1 1')).toBe('PXL-E035');
  });
});

describe('the pixels of IMAGEs', () => {
  const text = `IMAGE a 2 1 ${CHECKSUM}\nBLIT a 0 0`;
  const canvas = { width: 2, height: 1 };

  it.each([
    ['none at all', undefined],
    ['none of its checksum', new Map([['d4'.repeat(32), new Uint32Array(2)]])],
    ['too few', new Map([[CHECKSUM, new Uint32Array(1)]])],
    ['too many', new Map([[CHECKSUM, new Uint32Array(3)]])],
  ])('are an invariant: a run that is given %s does not begin', (_, images) => {
    expect(() => runOf(text, canvas, images === undefined ? {} : { images })).toThrow('invariant broken');
    expect(() => runOf(`IMAGE a 2 1 ${CHECKSUM}`, canvas, images === undefined ? {} : { images })).toThrow(
      'invariant broken',
    );
  });

  it('are not needed for the price, which is the same with them', () => {
    const images = new Map([[CHECKSUM, Uint32Array.of(0xff0000ff, 0)]]);
    const full = runOf(text, canvas, { images });
    const priced = runOf(text, canvas, { images: PRICE_ONLY });
    expect([priced.price, priced.used, priced.warnings]).toEqual([full.price, full.used, full.warnings]);
    expect(decode(full.list)).toMatchObject([{ kind: 'image', x0: 0, x1: 2 }]);
    expect(decode(priced.list)).toMatchObject([{ kind: 'image', x0: 0, x1: 2 }]);
    // They are holes: the same program paints the canvas as it was.
    const [black, red] = [Array(2).fill([0, 0, 0, 255]), [255, 0, 0, 255]];
    expect([...paintOnCpu(priced.list)]).toEqual(black.flat());
    expect([...paintOnCpu(full.list)]).toEqual([...red, 0, 0, 0, 255]);
  });
});
