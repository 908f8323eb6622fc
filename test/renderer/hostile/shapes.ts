/** Programs that draw shapes and large letters: the worst of each within the limits, and the longest display lists. */
import { LIMITS } from '../../../shared/limits.ts';
import { cost, dear, exhausts, finishes, type Hostile, lines, stopped } from './hostile.ts';

const { shapes: SHAPES, steps: STEPS, listWords: WORDS, textCodePoints: LONGEST } = LIMITS;
const LARGEST = { width: 16_384, height: 4_096 };
/** As tall as a canvas may be. */
const TALL = { width: 4_096, height: 16_384 };
const MAX = '2147483647';

const loop = (turns: number, ...body: readonly string[]) =>
  [`FOR i 1 ${turns}`, ...body, 'END', ''].join('\n');
/** Steps of a loop of one line, its HALT included, after so many others. */
const turns = (count: number, each: number, before = 0) => finishes(before + 1 + count * (each + 1) + 1);
/** Words of a shape in the list, besides its rows' or its bitmap's. */
const SHAPE = 8;

/** 250 peaks across the largest canvas, of which each edge reaches from the top to the bottom. */
const points = Array.from({ length: 500 }, (_, n) => `${32 * n + (n & 1)} ${n & 1 ? 4_095 : 0}`).join(' ');
const ZIGZAG = cost(2 * 500 - 4) + 500 * 4_095;
/** The same, but each edge crosses each other one. */
const star = Array.from(
  { length: 500 },
  (_, n) => `${n & 1 ? 16_383 - 16 * n : 16 * n} ${n & 1 ? 4_095 : 0}`,
).join(' ');

/** So many letters and signs of the wider font. */
const GLYPHS = 700;
const PAGES = [0x1e00, 0x2200, 0x400];
const glyph = (n: number) => String.fromCodePoint((PAGES[n >> 8] as number) + (n & 255));
/** Of each of them, 12 × 26 pixels in SIZE 2, every run of columns in each of 18 bands of 8 rows: a million parts. */
const parts = `FONT FIXED6X13
SIZE 2
DEF all
${lines(GLYPHS, (n) => `TXT 0 0 ${glyph(n)}`)}END
FOR x 0 11
FOR w 1 12-x
FOR y 0 17
CLIP x y w 8
CALL all
CLIP
END
END
END`;
const RUNS = 78;
/** FONT, SIZE and the first FOR; 12 FORs of w with their ENDs; RUNS of y with theirs; in each band as many TXT and 5 more. */
const PARTS_STEPS = 3 + 12 * 2 + RUNS * 2 + RUNS * 18 * (GLYPHS + 5) + 1;

export const SHAPE_PROGRAMS: readonly Hostile[] = [
  {
    name: 'POLYs of 500 points from edge to edge of the largest canvas',
    dear: true,
    source: () => loop(4, `POLY ${points}`),
    canvas: LARGEST,
    end: turns(4, ZIGZAG),
  },
  {
    name: 'POLYs of 500 points from edge to edge, until the steps end',
    source: () => `FILLRULE EVENODD\n${loop(SHAPES, `POLY ${star}`)}`,
    canvas: LARGEST,
    end: exhausts(2, [3, ZIGZAG], [4, 1]),
  },
  {
    name: 'POLYs of 500 points far outside',
    source: () => loop(STEPS, `POLY ${points.replaceAll(/ (\d+)( |$)/g, ' -$1$2')}`),
    canvas: LARGEST,
    end: exhausts(1, [2, cost(996)], [3, 1]),
    dear: true,
  },
  {
    name: 'a million TRIs that are points',
    source: () => loop(SHAPES, 'TRI 9 9 9 9 9 9'),
    end: turns(SHAPES, 1),
  },
  {
    name: 'LINEs of the widest pen from corner to corner',
    source: () => `PEN 255\n${loop(SHAPES, 'LINE 0 0 16383 4095')}`,
    canvas: LARGEST,
    end: stopped('PXL-E014', 3, STEPS),
  },
  {
    name: 'a million LINEs as thin and short as may be',
    source: () => loop(SHAPES, 'LINE i&63 1 i&63 1'),
    end: turns(SHAPES, 2),
  },
  {
    name: 'POLYLINEs of 500 lines of the widest pen, until the steps end',
    source: () => `PEN 255\nCOLOR #0000\n${loop(SHAPES, `POLYLINE ${points}`)}`,
    canvas: LARGEST,
    end: exhausts(3, [4, cost(998) + 499 * 4_096], [5, 1]),
    dear: true,
  },
  {
    name: 'DISCs of the largest radius, until the pixels end',
    source: () => loop(SHAPES, 'DISC 8192 32 16383'),
    canvas: { width: 16_384, height: 64 },
    end: stopped('PXL-E014', 2, 513 * 66 + 2),
  },
  {
    name: 'DISCs of the largest radius, until the list is full',
    source: () => loop(SHAPES, 'DISC 32 32 16383'),
    end: stopped('PXL-E035', 2, (Math.floor(WORDS / (2 * 64 + SHAPE)) + 1) * 66 + 2),
  },
  {
    name: 'ELLIs of two large radii, invisible, until the steps end',
    dear: true,
    source: () => `COLOR #0000\nPEN 255\n${loop(SHAPES, 'ELLI 8192 2048 8191 16383')}`,
    canvas: LARGEST,
    end: exhausts(3, [4, 1 + 4_096], [5, 1]),
  },
  {
    name: 'a million DISCs of one pixel',
    dear: true,
    source: () => loop(SHAPES, 'DISC i&63 9 0'),
    end: turns(SHAPES, 2),
  },
  {
    name: 'a million CIRCs beside the clip',
    source: () => loop(SHAPES, 'CIRC 0-9999 32 9000'),
    end: turns(SHAPES, 1),
  },
  {
    name: 'FELLIs one pixel wide, until the list is full',
    source: () => loop(SHAPES, 'FELLI 8192 8000 0 8000'),
    canvas: LARGEST,
    end: stopped('PXL-E035', 2, (Math.floor(WORDS / (2 * 4_096 + SHAPE)) + 1) * 4_098 + 2),
  },
  {
    name: 'ARCs of two runs a row and a notch, until the list is full',
    dear: true,
    source: () => `PEN 20\n${loop(SHAPES, 'ARC 2048 8192 2000 32800 32700')}`,
    canvas: TALL,
    end: stopped('PXL-E035', 3, STEPS),
  },
  {
    name: 'a million PIEs of a sliver',
    source: () => loop(SHAPES, 'PIE 32 32 1 i i+1'),
    end: turns(SHAPES, 4),
  },
  dear({
    name: 'a hundred thousand BEZ that bend the most, far outside',
    source: () => loop(100_000, 'BEZ 0 16383 16383 100 0-16384 16383 0 100'),
    // 1 + ⌊√(3 · 49151)⌋ segments: a step for every eight begun.
    end: turns(100_000, 1 + Math.ceil(384 / 8)),
  }),
  {
    name: 'RRECTs of all canvas, until the pixels end',
    source: () => loop(SHAPES, `RRECT 0-99999 0-99999 ${MAX} ${MAX} 16383`),
    canvas: LARGEST,
    end: stopped('PXL-E014', 2, 9 * 4_098 + 2),
  },
  {
    name: 'BOXes, until the list is full',
    source: () => loop(SHAPES, 'BOX 1 1 9 9'),
    end: stopped('PXL-E035', 2, 2 * (WORDS / (4 * SHAPE)) + 3),
  },
  {
    name: 'GRADs of a thousand strips, until the list is full',
    source: () => loop(SHAPES, 'GRAD 0 0 16384 1 #01020304 #ffeeddcc ACROSS'),
    canvas: LARGEST,
    end: stopped('PXL-E035', 2, STEPS),
  },
  {
    name: 'GRADs of a thousand strips that are invisible',
    dear: true,
    source: () => loop(SHAPES, 'GRAD 0 0 16384 1 #01020300 #ffeedd00 ACROSS'),
    canvas: LARGEST,
    end: stopped('PXL-E012', 2, STEPS),
  },
  {
    name: 'a million GRADs of two billion rows, of which none is seen',
    source: () => loop(SHAPES, `GRAD 0 0-${MAX} 9 ${MAX} #000 #fff`),
    end: turns(SHAPES, 1),
  },
  {
    name: 'TEXTBOXes of 4,096 letters in lines of one that are not seen',
    source: () => loop(256, `TEXTBOX 0 0 0 ${MAX} ${'x'.repeat(LONGEST)}`),
    end: turns(256, 1),
  },
  {
    name: 'TEXTBOXes of 4,096 letters in lines of one, cut to a column',
    source: () => `ALIGN CENTER\n${loop(256, `TEXTBOX 9 0 1 ${MAX} ${'x'.repeat(LONGEST)}`)}`,
    end: turns(256, 1, 1),
  },
  {
    name: 'TEXTBOXes of words that never fit beside one another',
    source: () => loop(256, `TEXTBOX 0 0 12000 64 ${`a ${'b'.repeat(2_045)}`.repeat(2)}`),
    end: turns(256, 1),
  },
  {
    name: 'TEXTBOXes of blanks that hang over, to the last character',
    source: () => loop(256, `TEXTBOX 0 0 1 1 ${' '.repeat(LONGEST - 1)}x`),
    end: turns(256, 1),
  },
  {
    name: 'TEXTBOXes of blanks that hang over, and one character too many',
    source: () => `${loop(256, `TEXTBOX 0 0 1 1 ${' '.repeat(LONGEST - 1)}x`)}TXT 0 0 x`,
    end: stopped('PXL-E029', 4, 1 + 2 * 256 + 1),
  },
  {
    name: 'TEXTBOXes of blanks between two letters, a million of them',
    source: () => loop(SHAPES - 1, `TEXTBOX 0 0 1 1 a${' '.repeat(LONGEST - 2)}b`),
    end: stopped('PXL-E029', 2, 2 * 257),
  },
  {
    name: 'texts of the largest letters, until the pixels end',
    source: () => `FONT FIXED6X13\nSIZE 16\n${loop(SHAPES, `TXT 0 0 ${'▒'.repeat(170)}`)}`,
    canvas: LARGEST,
    end: stopped('PXL-E014', 4, STEPS),
  },
  {
    name: 'texts of letters in 39 parts, until the list is full',
    source: () => `FONT FIXED6X13\nSIZE 3\n${loop(SHAPES, `TXT 0 0 ${'▒'.repeat(910)}`)}`,
    canvas: LARGEST,
    end: stopped('PXL-E035', 4, STEPS),
  },
  {
    name: 'parts of 700 large letters, a million of them',
    dear: true,
    source: () => parts,
    end: finishes(PARTS_STEPS),
  },
  {
    name: 'the largest letters where they are not seen',
    source: () => `SIZE 16\n${loop(256, `TXT 0 0-112 ${'@'.repeat(LONGEST)}`)}`,
    end: turns(256, 1, 1),
  },
];
