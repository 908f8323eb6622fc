/** Programs that draw: as many shapes, pixels, characters and cut glyphs as there may be, and one more. */
import { LIMITS } from '../../../shared/limits.ts';
import { exhausts, finishes, type Hostile, lines, ROOM, stopped } from './hostile.ts';

const SHAPES = LIMITS.shapes;
const CHARACTERS = LIMITS.characters;
const LONGEST = LIMITS.textCodePoints;
const STATES = LIMITS.savedStates;
const LARGEST = { width: 16_384, height: 4_096 };
const MAX = '2147483647';
const MIN = '-2147483648';

const loop = (turns: number, ...body: readonly string[]) =>
  [`FOR i 1 ${turns}`, ...body, 'END', ''].join('\n');
/** Steps of a loop: its FOR, its turns' lines and ENDs, and the HALT. */
const turns = (count: number, body = 1) => finishes(1 + count * (body + 1) + 1);
const text = 'x'.repeat(LONGEST);

/** Each glyph of the font, on lines of their own. */
const glyphs = lines(95, (n) => `TXT 0 0 ${n === 0 ? '\u00A0' : String.fromCharCode(0x20 + n)}`);
/** Every part of 5 × 7 pixels of every glyph. */
const cuts = `DEF all\n${glyphs}END
FOR x 0 4
FOR w 1 5-x
FOR y 0 6
FOR h 1 7-y
CLIP x y w h
CALL all
CLIP
END
END
END
END`;

/** 5, 4, … 1 FORs of w, 7 of y in each of their 15 turns, 28 of h in each: CLIP, CALL, 95 TXT, END, CLIP, END. */
const CUT_STEPS = 1 + 5 * 2 + 15 * 2 + 15 * 7 * 2 + 15 * 28 * (5 + 95) + 1;

/** Missing characters, all of two bytes and apart, in every line. */
const missing = () => {
  const distinct = String.fromCodePoint(...Array.from({ length: 1_800 }, (_, n) => 0x80 + 0x20 + n));
  const line = `TXT 0 0 ${distinct}`;
  return lines(Math.floor(ROOM / (Buffer.byteLength(line) + 1)), line);
};
const missingLines = Math.floor(ROOM / (8 + 2 * 1_800 + 1));

export const DRAWING: readonly Hostile[] = [
  { name: 'a million PIX', source: () => loop(SHAPES, 'PIX i&63 0'), end: turns(SHAPES) },
  {
    name: 'a million PIX and one',
    source: () => loop(SHAPES + 1, 'PIX i&63 0'),
    end: stopped('PXL-E013', 2, 2 * SHAPES + 2),
  },
  { name: 'a million RECTs of nothing', source: () => loop(SHAPES, 'RECT 0 0 0 0'), end: turns(SHAPES) },
  {
    name: 'a million RECTs far outside',
    source: () => loop(SHAPES, `RECT ${MAX} ${MAX} ${MAX} ${MAX}`),
    end: turns(SHAPES),
  },
  {
    name: 'a million pixels by chance in colours by chance',
    source: () => loop(SHAPES, `COLOR rnd(${MAX})`, 'PIX rnd(64) rnd(64)'),
    end: turns(SHAPES, 2),
  },
  {
    name: 'RECTs of the whole canvas, to the last pixel',
    source: () => loop(8, 'RECT 0 0 width height'),
    canvas: LARGEST,
    end: turns(8),
  },
  {
    name: 'RECTs of the whole canvas, one too many',
    source: () => loop(9, `RECT ${MIN.slice(0, -4)} -9 ${MAX} ${MAX}`),
    canvas: LARGEST,
    end: stopped('PXL-E014', 2, 18),
  },
  {
    name: 'CLEARs until the pixels end',
    source: () => loop(SHAPES, 'CLEAR i'),
    canvas: LARGEST,
    end: stopped('PXL-E014', 2, 18),
  },
  {
    name: 'a million CLEARs',
    source: () => loop(SHAPES, 'CLEAR i'),
    canvas: { width: 16, height: 16 },
    end: turns(SHAPES),
  },
  {
    name: 'a million invisible RECTs',
    source: () => `COLOR #0000\n${loop(SHAPES, 'RECT 0 0 64 64')}`,
    end: finishes(2 * SHAPES + 3),
  },
  {
    name: 'a million RECTs through BLEND',
    source: () => loop(250_000, 'BLEND SRC', 'RECT 0 0 9 9', 'BLEND OVER', 'RECT 9 9 9 9'),
    end: turns(250_000, 4),
  },
  {
    name: 'CLIPs until it ends',
    source: () => 'WHILE 1\nCLIP 0 0 9 9\nCLIP\nEND',
    end: exhausts(0, [1, 1], [2, 1], [3, 1]),
  },
  {
    name: 'ORIGINs until it ends',
    dear: true,
    source: () => `WHILE 1\nORIGIN ${MAX} ${MAX}\nORIGIN -${MAX} -${MAX}\nEND`,
    end: exhausts(0, [1, 1], [2, 1], [3, 1]),
  },
  {
    name: 'PUSHes and POPs until it ends',
    source: () => 'WHILE 1\nPUSH\nPOP\nEND',
    end: exhausts(0, [1, 1], [2, 1], [3, 1]),
  },
  {
    name: 'COLORs until it ends',
    dear: true,
    source: () => `WHILE 1\nCOLOR ${MAX} ${MIN} 1 2\nEND`,
    end: exhausts(0, [1, 1], [2, 1]),
  },
  { name: 'PUSHes at the limit', source: () => lines(STATES, 'PUSH'), end: finishes(STATES + 1) },
  {
    name: 'PUSHes, one too many',
    source: () => loop(MAX.length * 100, 'PUSH'),
    end: stopped('PXL-E030', 2, 2 * STATES + 2),
  },
  { name: 'a POP too many', source: () => 'PUSH\nPOP\nPOP', end: stopped('PXL-E030', 3, 3) },
  {
    name: 'an ORIGIN at the edge',
    source: () => `ORIGIN ${MAX} ${MIN}\nPIX ${MAX} ${MIN}\nTXT ${MAX} 0 x\nCLIP ${MAX} 0 ${MAX} 9\nCLEAR`,
    end: finishes(6),
  },
  {
    name: 'an ORIGIN beyond the edge',
    source: () => `ORIGIN ${MAX} 0\nORIGIN 1 0`,
    end: stopped('PXL-E031', 2, 2),
  },
  { name: 'a CLIP of less than nothing', source: () => 'CLIP 0 0 1-width 9', end: stopped('PXL-E005', 1, 1) },
  {
    name: 'texts of 4,096, to the last character',
    source: () => loop(256, `TXT 0 0 ${text}`),
    end: turns(256),
  },
  {
    name: 'texts of 4,096, one too many',
    source: () => loop(257, `TXT 0 0 ${text}`),
    end: stopped('PXL-E029', 2, 514),
  },
  {
    name: 'texts in a CLIP of nothing',
    source: () => `CLIP 0 0 0 0\n${loop(256, `TXT 0 0 ${text}`)}`,
    end: finishes(515),
  },
  { name: 'texts far outside', source: () => loop(256, `TXT ${MAX} ${MIN} ${text}`), end: turns(256) },
  {
    name: 'texts of blanks',
    source: () => loop(256, `TXT 0 0 ${' '.repeat(LONGEST - 1)}x`),
    end: turns(256),
  },
  {
    name: 'texts of one missing glyph',
    source: () => loop(256, `TXT 0 0 ${'é'.repeat(LONGEST)}`),
    end: turns(256),
  },
  { name: 'texts of 1,800 missing glyphs, a MiB of them', source: missing, end: finishes(missingLines + 1) },
  {
    name: 'texts of 250,000 characters that are all missing and apart',
    dear: true,
    source: () =>
      lines(
        63,
        (n) =>
          `TXT 0 0 ${String.fromCodePoint(...Array.from({ length: LONGEST }, (_, k) => 0x20_000 + n * LONGEST + k))}`,
      ),
    end: finishes(64),
  },
  {
    name: 'texts of 4,096 at every step',
    source: () => `WHILE 1\nTXT 0 0 ${text}\nEND`,
    end: stopped('PXL-E029', 2, 2 * 257),
  },
  {
    name: 'numbers, to the last character',
    source: () => loop(Math.floor(CHARACTERS / 11), `NUM 0 0 ${MIN}`),
    end: turns(Math.floor(CHARACTERS / 11)),
  },
  {
    name: 'numbers, one too many',
    source: () => loop(SHAPES, `NUM 0 0 ${MIN}`),
    end: stopped('PXL-E029', 2, 2 * Math.ceil(CHARACTERS / 11)),
  },
  { name: 'every part of every glyph', source: () => cuts, end: finishes(CUT_STEPS) },
  {
    name: 'the longest list: a million shapes with a million characters',
    source: () => `${loop(256, `TXT 0 0 ${text}`)}${loop(SHAPES - 256, 'PIX 0 0')}`,
    canvas: { width: 16_384, height: 8 },
    end: finishes(1 + 512 + 1 + 2 * (SHAPES - 256) + 1),
  },
];
