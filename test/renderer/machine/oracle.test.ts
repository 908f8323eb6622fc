/** The machine against the oracle: random programs, of which `test/long` has ten times as many. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { describeRandomPrograms, expected, judged, marked } from './oracle-verdicts.ts';

describeRandomPrograms(1_500);

/** Two alike: both have a hole, a translucent pixel and one of the pen. */
const SPRITE = ['s', 't'].map((each) => `SPRITE ${each}\nINK #f008 o\nROW .o\nROW #\nEND`).join('\n');

describe('a random program', () => {
  it('is judged by an oracle that can object', () => {
    const canvas = { width: 20, height: 20 };
    const pairs = [
      ['FOR i 1 3\nPIX i i\nEND', 'FOR i 1 4\nPIX i i\nEND'],
      ['SET x 5/-2\nPIX x+9 0', 'SET x (5 - 1)/-2-1\nPIX x+9 0'],
      ['COLOR #fff8\nPIX 1 1', 'COLOR #fff9\nPIX 1 1'],
      ['SET x 1\nSET x 1/0', 'SET x 1/0'],
      ['TXT 1 1 A', 'TXT 1 1 B'],
      // These differ in what they used alone.
      ['IF 0\nEND', 'WHILE 0\nEND'],
      ['TXT 1 1 é', 'TXT 1 1 è'],
      ['SET x min(1, 2)', 'SET x max(1, 1)'],
      ['SET x tw(ab)', 'SET x abs(1)'],
      ['FONT FIXED5X7\nSET x tw(ab)', 'FONT FIXED6X13\nSET x tw(ab)'],
      // By steps alone.
      ['POLY 1 1 9 1 9 9', 'POLY 1 1 9 1 9 9 9 1 9 9'],
      ['COLOR #0000\nLINE 3 9 3 40', 'COLOR #0000\nLINE 3 10 3 40'],
      // By pixels.
      ['DISC 9 9 5', 'DISC 9 9 6'],
      ['CLEAR red\nBLEND ADD\nDISC 9 9 5', 'CLEAR red\nBLEND SCREEN\nDISC 9 9 5'],
      ['PEN 2\nLINE 1 1 9 5', 'PEN 3\nLINE 1 1 9 5'],
      ['PIE 9 9 7 0 32768', 'PIE 9 9 7 1 32768'],
      ['GRAD 0 0 20 20 black white', 'GRAD 0 0 20 20 black white ACROSS'],
      ['SIZE 5\nTXT 0 0 A', 'SIZE 5\nTXT 1 0 A'],
      ['TEXTBOX 0 0 11 20 a b', 'TEXTBOX 0 0 17 20 a b'],
      [`${SPRITE}\nBLIT s 1 2 3 1`, `${SPRITE}\nBLIT s 1 2 3 3`],
      [`${SPRITE}\nBLIT s 1 2 3 0 1`, `${SPRITE}\nBLIT s 1 2 3 0 2`],
      [`${SPRITE}\nBLIT s 1 2 3`, `${SPRITE.replace('f008', 'f009')}\nBLIT s 1 2 3`],
      [`${SPRITE}\nBLIT s 1 2 3`, `${SPRITE}\nCOLOR #fffffffe\nBLIT s 1 2 3`],
      // By the steps of its second pixels, alike as they are, alone.
      [`${SPRITE}\nBLIT s 1 2\nBLIT s 1 2`, `${SPRITE}\nBLIT s 1 2\nBLIT t 1 2`],
      // In a SHADE: a name, a sign, a place, a blend, what it costs and what it used.
      ['SHADE 1 1 9 9\nSET r x*9\nEND', 'SHADE 1 1 9 9\nSET r y*9\nEND'],
      ['SHADE 0 0 9 9\nSET r 200/(x - 4)\nEND', 'SHADE 0 0 9 9\nSET r 200/(4 - x)\nEND'],
      ['SHADE 0 0 9 9\nSET r x\nEND', 'SHADE 1 0 9 9\nSET r x+1\nEND'],
      ['SHADE 0 0 9 9\nSET a 99\nSET g 99\nEND', 'BLEND SRC\nSHADE 0 0 9 9\nSET a 99\nSET g 99\nEND'],
      [
        'SHADE 0 0 9 9\nLOOP 5\nADD r x\nEND\nEND',
        'SHADE 0 0 9 9\nLOOP 6\nBREAK k==5\nADD k 1\nADD r x\nEND\nEND',
      ],
      ['SHADE 0 0 9 9\nIF 0\nSET r 1\nEND\nEND', 'SHADE 0 0 9 9\nIF 0\nADD r 1\nEND\nEND'],
      // One is refused.
      [`${SPRITE}\nSET x 64\nBLIT s 1 2 x`, `${SPRITE}\nSET x 65\nBLIT s 1 2 x`],
      ['LINE 16383 0 0 0', 'LINE 16384 0 0 0'],
    ] as const;
    for (const [one, other] of pairs) {
      const verdict = expected({ lines: parse(sourceOf(one)).lines, canvas, params: {} });
      const compared = (text: string) => marked(judged(text, canvas, {}), verdict, canvas);
      expect(compared(one)).toEqual(verdict);
      expect(compared(other)).not.toEqual(verdict);
    }
  });
});
