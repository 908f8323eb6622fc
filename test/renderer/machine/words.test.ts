/** The words of the display list, held to the table of docs/language.md: the rule of the layers from the painted pixels. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { seeded } from '../../../shared/seeded.ts';

const SMALL = { width: 40, height: 40 };
const SEED = 20_261_121;

const listOf = (text: string, canvas: Canvas) => run(parse(sourceOf(text)), canvas).list;

function wordsOf(text: string, canvas: Canvas = SMALL): number {
  const { shapes, pool } = listOf(text, canvas);
  return shapes.length + pool.length;
}

describe('the words of a shape', () => {
  it.each([
    ['RECT 1 1 9 9', 8],
    ['RECT 40 0 9 9', 0],
    ['RECT 1 1 0 9', 0],
    ['COLOR #fff0\nRECT 1 1 9 9\nPIX 1 1', 0],
    ['COLOR #fff0\nBLEND SRC\nRECT 1 1 9 9', 8],
    ['PIX 39 39', 8],
    ['CLEAR #fff0', 8],
    ['CLIP 0 0 0 9\nCLEAR', 0],
  ])('are eight of a rectangle that is seen: %j', (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });

  it.each([
    ['BOX 1 1 9 9', 32],
    ['BOX 1 1 3 3', 32],
    ['BOX 1 1 2 9', 8],
    ['PEN 4\nBOX 1 1 9 8', 8],
    ['BOX -3 1 9 9', 24],
    ['CLIP 2 2 5 5\nBOX 1 1 9 9', 0],
  ])('are eight for each side of a BOX: %j', (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });

  it.each([
    ['GRAD 0 0 9 5 #000 #040000', 5 * 8],
    ['GRAD 0 0 9 5 #000 #010000', 2 * 8],
    ['GRAD 0 0 9 5 #0000 #00000004', 4 * 8],
    ['BLEND SRC\nGRAD 0 0 9 5 #0000 #00000004', 5 * 8],
    ['CLIP 0 1 9 2\nGRAD 0 0 9 5 #000 #040000', 2 * 8],
  ])('are eight for each strip of a GRAD: %j', (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });

  it.each([
    ['TXT 0 0 a', 8 + 7],
    ['TXT 0 0 aa a', 4 * 8 + 2 * 7],
    ['TXT 0 0 a\nNUM 0 0 11\nTEXTBOX 0 0 9 9 1', 4 * 8 + 2 * 7],
    // One box for all that the font has not, and another for another font.
    ['TXT 0 0 éèß\nFONT FIXED5X7\nTXT 0 0 😀', 4 * 8 + 2 * 7],
    ['TXT 0 0 a\nSIZE 2\nTXT 0 0 a', 2 * 8 + 7 + 14],
    ['CLIP 0 0 9 4\nTXT 0 0 a\nTXT 0 0 a', 2 * 8 + 4],
    ['TEXTBOX 0 0 9 4 a\nTXT 0 0 a', 2 * 8 + 4 + 7],
    ['CLIP 0 0 9 4\nTXT 0 0 a\nCLIP 0 0 9 3\nTXT 0 0 a', 2 * 8 + 4 + 3],
    ['TXT -4 0 a\nTXT -5 0 a', 8 + 7],
    // Two windows that lie apart, and a letter over both.
    ['CLIP 10 0 9 9\nCLIP 0 0 4 9\nSIZE 2\nTXT 3 0 a', 0],
    ['CLIP 0 10 9 9\nCLIP 0 0 9 4\nSIZE 2\nTXT 0 3 a', 0],
  ])('are eight for each letter, and one for each row of a new bitmap: %j', (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });

  it('are eight for each rectangle of a letter that is too large for a bitmap', () => {
    // The bars of a dash and of an equals sign.
    expect([4, 5].map((size) => wordsOf(`SIZE ${size}\nTXT 0 0 -`))).toEqual([8 + 28, 8]);
    expect(wordsOf('SIZE 5\nTXT 0 0 ==', { width: 99, height: 40 })).toBe(4 * 8);
  });

  it('are fourteen of a SHADE, and one for each name of the program that it reads', () => {
    expect(wordsOf('SHADE 1 1 9 9\nSET r x+y\nEND')).toBe(14);
    expect(wordsOf('SET p 1\nSET q 2\nSHADE 1 1 9 9\nSET r x+p*p\nSET g q\nEND')).toBe(16);
    expect(wordsOf('SHADE 1 1 9 9\nSET a 0\nEND')).toBe(14);
    expect(wordsOf('SHADE 40 0 9 9\nSET r x+y\nEND')).toBe(0);
  });

  it('are nine and its columns and rows of a BLIT, and its pixels where they are new', () => {
    const sprite = 'SPRITE a\nROW ##.\nROW ..#\nEND\n';
    expect(wordsOf(`${sprite}BLIT a 0 0`)).toBe(9 + 5 + 6);
    expect(wordsOf(`${sprite}BLIT a 0 0\nBLIT a 0 0 2 1\nBLIT a 39 0`)).toBe(3 * 9 + 5 + 10 + 3 + 6);
    expect(wordsOf(`${sprite}COLOR #0000\nBLIT a 0 0\nBLIT a 40 0`)).toBe(9 + 5 + 6);
  });
});

/** The start and end of each run of a row of the canvas that is not black. */
function runsOf(bytes: Uint8Array, { width }: Canvas, y: number): [start: number, end: number][] {
  const runs: [number, number][] = [];
  for (let x = 0; x < width; x++) {
    if (bytes[(y * width + x) * 4] === 0) continue;
    const last = runs.at(-1);
    if (last?.[1] === x) last[1] = x + 1;
    else runs.push([x, x + 1]);
  }
  return runs;
}

/** The rule of the layers, as the page has it, for one shape that alone is painted. */
function layerWords(text: string, canvas: Canvas, gap = 4, slack = 16_384, times = 4): number {
  const bytes = paintOnCpu(listOf(text, canvas));
  const rows = Array.from({ length: canvas.height }, (_, y) => runsOf(bytes, canvas, y));
  let words = 0;
  for (let depth = 0; rows.some((runs) => runs.length > depth); depth++) {
    let layer: { left: number; right: number; top: number; bottom: number; pixels: number } | undefined;
    for (const [y, runs] of rows.entries()) {
      const run = runs[depth];
      if (run === undefined) continue;
      const [start, end] = run;
      const [left, right] = [Math.min(start, layer?.left ?? start), Math.max(end, layer?.right ?? end)];
      const pixels = (layer?.pixels ?? 0) + end - start;
      const isNew =
        layer === undefined ||
        y - layer.bottom - 1 > gap ||
        (right - left) * (y - layer.top + 1) > times * pixels + slack;
      if (isNew) {
        layer = { left: start, right: end, top: y, bottom: y, pixels: end - start };
        words += 8 + 2;
      } else {
        words += 2 * (y - (layer?.bottom as number));
        layer = { left, right, top: layer?.top as number, bottom: y, pixels };
      }
    }
  }
  return words;
}

/** Shapes on canvases of which some are larger than a layer's box may be, the same at every call. */
function* shapes(): Generator<readonly [text: string, canvas: Canvas]> {
  const random = seeded(SEED);
  const upTo = (most: number): number => Math.floor(random() * most);
  for (let round = 0; round < 60; round++) {
    const side = round % 3 === 0 ? 400 : 60;
    const points = Array.from({ length: 6 + upTo(24) }, () => upTo(side));
    const numbers = points.slice(0, points.length & ~1).join(' ');
    yield [`FILLRULE EVENODD\nPOLY ${numbers}`, { width: side, height: side }];
    yield [`PEN ${1 + upTo(3)}\nPOLYLINE ${numbers}`, { width: side, height: side }];
  }
  for (const text of [
    'DISC 200 200 180',
    'PEN 2\nCIRC 200 200 199',
    'LINE 0 0 399 399',
    'RRECT 3 3 390 200 90',
  ]) {
    yield [text, { width: 400, height: 400 }];
    yield [`CLIP 50 60 300 200\n${text}`, { width: 400, height: 400 }];
  }
  yield ['PEN 3\nARC 200 200 150 1000 60000\n', { width: 400, height: 400 }];
}

/** How many of the shapes have other words than the rule with these numbers says. */
function objections(gap: number, slack: number, times: number): number {
  return [...shapes()].filter(
    ([text, canvas]) => wordsOf(text, canvas) !== layerWords(text, canvas, gap, slack, times),
  ).length;
}

describe('the words of layers', () => {
  it(`are as the page says, seed ${SEED}`, () => {
    for (const [text, canvas] of shapes()) {
      expect([text, wordsOf(text, canvas)]).toEqual([text, layerWords(text, canvas)]);
    }
  });

  it.each([
    ['three rows', 3, 16_384, 4],
    ['five rows', 5, 16_384, 4],
    ['a smaller box', 4, 16_000, 4],
    ['a larger box', 4, 17_000, 4],
    ['three times the pixels', 4, 16_384, 3],
  ])('are held by this comparison: with %s it objects', (_, gap, slack, times) => {
    expect(objections(gap, slack, times)).toBeGreaterThan(0);
  });
});

describe('the bitmaps of letters', () => {
  it('are remembered up to the limit, then forgotten all at once', () => {
    const most = LIMITS.remembered;
    // A letter of 20 × 28 pixels has 85,260 parts.
    const canvas = { width: 20, height: 28 };
    const first = 'CLIP\nCLIP 0 0 1 1\nTXT 0 0 A';
    const whole = 'CLIP\nTXT 0 0 B';
    /** The words of so many parts, one after another, and of texts after them: those of the texts alone. */
    const added = (count: number, ...texts: readonly string[]): number => addedAfter('', count, ...texts);
    const addedAfter = (before: string, count: number, ...texts: readonly string[]): number => {
      const parts = [
        before,
        'SIZE 4\nSET n 0\nFOR x 0 19\nFOR w 1 20-x\nFOR y 0 27\nFOR h 1 28-y',
        `CLIP\nCLIP x y w h\nTXT 0 0 A\nADD n 1\nIF n==${count} JMP done\nEND\nEND\nEND\nEND\ndone:`,
      ];
      return wordsOf([...parts, ...texts].join('\n'), canvas) - partWords(count);
    };
    expect(added(most - 1, first, whole, first)).toBe(8 + (8 + 28) + 8);
    expect(added(most, first, whole, first)).toBe(8 + (8 + 28) + (8 + 1));
    const [last, again] = ['TXT 0 0 A', partWords(most + 1) - partWords(most)];
    expect(added(most + 1, last, first, first)).toBe(8 + (8 + 1) + 8);
    // The whole letter is among the bitmaps and not among the parts, so these are forgotten one later, here by another's.
    expect(added(most + 1, last.replace('A', 'B'), last)).toBe(again + again);
    // A letter that was drawn before all of them is listed anew once it is forgotten, and then no more.
    const early = 'SIZE 4\nTXT 0 0 B';
    expect(addedAfter(early, most - 1, whole, whole)).toBe(8 + 28 + 8 + 8);
    expect(addedAfter(early, most, whole, whole)).toBe(8 + 28 + 8 + 28 + 8);
  });
});

/** Words of the first parts of a letter of 20 × 28 pixels: for each, its rows and its shape. */
function partWords(count: number): number {
  let words = 0;
  let left = count;
  for (let x = 0; x < 20; x++) {
    for (let w = 1; w <= 20 - x; w++) {
      for (let y = 0; y < 28; y++) for (let h = 1; h <= 28 - y && left > 0; h++, left--) words += 8 + h;
    }
  }
  return words;
}
