/** SHADE: which pixels it works out and of what, and what that costs, against pictures and the oracle. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../../renderer/display/encode.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { type Run, type RunOptions, run } from '../../../renderer/machine/machine.ts';
import { Profile } from '../../../renderer/machine/profile.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { FULL_ALLOWANCE } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { AuthorFault, type Complaint } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { consult, type Verdict } from './oracle.ts';

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const CANVAS = { width: 12, height: 9 };

const runOf = (text: string, canvas: Canvas = CANVAS, options: RunOptions = {}): Run =>
  run(parse(sourceOf(text)), canvas, options);

const shade = (box: string, ...lines: string[]): string => [`SHADE ${box}`, ...lines, 'END'].join('\n');

/** That a run leaves behind what the oracle finds. */
function expectAsWritten(text: string, canvas: Canvas = CANVAS): Run {
  const verdict = consult(parse(sourceOf(text)).lines, canvas, FULL_ALLOWANCE, {}, new Map());
  const found = runOf(text, canvas);
  const { price, used, list } = found;
  const left: Partial<Verdict> = {
    ...{ painted: Buffer.from(paintOnCpu(list)).toString('hex'), used, shaded: price.shade },
    ...{ steps: price.steps, drawn: price.shapes, pixels: price.pixels_written },
  };
  expect([text, { ...verdict, ...left }]).toEqual([text, verdict]);
  return found;
}

function complaintOf(text: string, options: RunOptions = {}, canvas: Canvas = CANVAS): Complaint | undefined {
  try {
    runOf(text, canvas, options);
  } catch (fault) {
    if (fault instanceof AuthorFault) return fault.complaints[0];
    throw fault;
  }
  return undefined;
}

/** The red channel of the canvas, row by row. */
function reds(text: string, canvas: Canvas): number[][] {
  const bytes = paintOnCpu(runOf(text, canvas).list);
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (__, x) => bytes[(y * canvas.width + x) * 4] as number),
  );
}

/** Depends on all that a pixel knows. */
const BODY = ['SET t x*7-y*5+w*3-h', 'SET r t+r', 'SET g (t ^ x)*9', 'ADD b y*20+g/2', 'SET a 255-x*9+y*3'];

describe('a SHADE', () => {
  it('knows each pixel by its column and row in the rectangle, and the rectangle’s size', () => {
    expect(reds(shade('1 1 3 2', 'SET r 100+x*10+y'), { width: 5, height: 4 })).toEqual([
      [0, 0, 0, 0, 0],
      [0, 100, 110, 120, 0],
      [0, 101, 111, 121, 0],
      [0, 0, 0, 0, 0],
    ]);
    expect(reds(shade('1 0 2 1', 'SET r w*10+h'), { width: 3, height: 1 })).toEqual([[0, 21, 21]]);
  });

  it('begins with what the pixel was, and each pixel of itself alone', () => {
    const before = 'COLOR 9 0 0\nRECT 0 0 1 1\nCOLOR 5 0 0\nRECT 1 0 1 1';
    const twice = shade('0 0 3 1', 'SET r r*2+1');
    expect(reds(`${before}\n${twice}`, { width: 3, height: 1 })).toEqual([[19, 11, 1]]);
    expect(reds(`${before}\n${twice}\n${twice}`, { width: 3, height: 1 })).toEqual([[39, 23, 3]]);
  });

  it('keeps its count from the rectangle, where an edge of the canvas or the clip cuts it', () => {
    const canvas = { width: 4, height: 1 };
    expect(reds(shade('0-2 0 9 1', 'SET r x'), canvas)).toEqual([[2, 3, 4, 5]]);
    expect(reds(`CLIP 1 0 2 1\n${shade('0 0 4 1', 'SET r x+9')}`, canvas)).toEqual([[0, 10, 11, 0]]);
    expect(reds(`ORIGIN 2 0\n${shade('-1 0 9 1', 'SET r x+1')}`, canvas)).toEqual([[0, 1, 2, 3]]);
    expect(reds(shade(`${INT_MIN} 0 ${INT_MAX} 1`, 'SET r 1'), canvas)).toEqual([[0, 0, 0, 0]]);
    const far = shade(`${INT_MIN + 3} 0 ${INT_MAX} 1`, 'SET r x-2147483600');
    expect(reds(far, canvas)).toEqual([[45, 46, 0, 0]]);
    // The origin carries it beyond 32 bits and back.
    expect(reds(`ORIGIN ${INT_MAX} 0\n${shade(`${INT_MIN} 0 9 1`, 'SET r x+1')}`, canvas)).toEqual([
      [2, 3, 4, 5],
    ]);
  });

  it.each([
    ['the whole canvas', '0 0 width height'],
    ['across the left edge', '0-5 2 9 4'],
    ['across the top', '2 0-3 5 6'],
    ['across the right edge', '9 1 9 9'],
    ['across the bottom', '1 7 4 9'],
    ['one pixel in the corner', '11 8 1 1'],
    ['just beside the canvas', '12 0 5 5'],
    ['of no width', '3 3 0 4'],
    ['of no height', '3 3 4 0'],
    ['of all there is', `${INT_MIN} ${INT_MIN} ${INT_MAX} ${INT_MAX}`],
    ['larger than all', `0 0 ${INT_MAX} ${INT_MAX}`],
  ])('is what the page says: %s', (_, box) => {
    const ground = 'GRAD 0 0 width height #102030 #e0c0a0 ACROSS\nCLIP 1 1 10 7';
    expectAsWritten(`${ground}\nCLIP\n${shade(box, ...BODY)}`);
    expectAsWritten(`${ground}\n${shade(box, ...BODY)}`);
    expectAsWritten(`${ground}\nORIGIN 3 -2\n${shade(box, ...BODY)}\nDISC 5 5 2`);
  });

  it.each(['OVER', 'SRC', 'ADD', 'MULTIPLY', 'SCREEN', 'XOR'])(
    'is blended by the mode %s with its own alpha',
    (mode) => {
      const ground = 'GRAD 0 0 width height #102030 #e0c0a0 ACROSS';
      expectAsWritten(`${ground}\nBLEND ${mode}\n${shade('1 1 9 7', ...BODY)}`);
      expectAsWritten(`${ground}\nBLEND ${mode}\n${shade('1 1 9 7', 'SET a 0', 'SET r 200')}`);
      expectAsWritten(`${ground}\nBLEND ${mode}\n${shade('1 1 9 7', 'SET g 200')}`);
    },
  );

  it('reads the program’s names as they are when it is run, each for all pixels', () => {
    const text = `SET v 3\nDEF f q\nSET m q*2\n${shade('0 q 9 1', 'SET r v*10+q', 'SET g m', 'SET b width')}\nSET v v+1\nEND
CALL f 1\nCALL f 2\nSET v 9\nCALL f 3\n${shade('v 5 1 1', 'SET r v+tomato&255')}`;
    expectAsWritten(text);
    // A DEF in its operands is run before they are read.
    expectAsWritten(`DEF f\nGLOBAL v\nADD v 5\nRET v\nEND\nSET v 1\n${shade('v f() v 3', 'SET r v*10')}`);
  });

  it('has variables of its own for each pixel, which no other sees', () => {
    expectAsWritten(
      `SET n 7\n${shade('0 0 9 9', 'ADD n x', 'SET r n*9')}\nPIX n n\n${shade('0 0 9 9', 'SET r r+n')}`,
    );
    expect(reds(shade('0 0 3 1', 'ADD n 1', 'SET r n'), { width: 3, height: 1 })).toEqual([[1, 1, 1]]);
  });

  it('chooses, repeats and leaves as the page says', () => {
    expectAsWritten(
      shade(
        '0 0 width height',
        'LOOP width',
        'ADD n 1',
        'LOOP 4',
        'BREAK n%3==x%4',
        'ADD r 5',
        'IF y>4&&r>20',
        'BREAK',
        'ELSE IF x>y',
        'ADD g 3',
        'ELSE',
        'ADD b n',
        'IF n>7',
        'BREAK',
        'END',
        'END',
        'END',
        'BREAK n>x+y',
        'END',
        'ADD g n',
      ),
    );
  });

  it('never fails in its pixels: what is refused elsewhere is 0 there', () => {
    const text = shade(
      '0 0 width height',
      'SET r 50/(x - 5)',
      'SET g 9%(y - 3)+isqrt(x-9)',
      'SET b qdiv(y, x-2)>>16',
    );
    expectAsWritten(text);
    for (const line of ['SET q 1/0', 'SET q 1%0', 'SET q isqrt(-1)', 'SET q qdiv(1, 0)']) {
      expect(complaintOf(line)?.code).toMatch(/^PXL-E02[46]$/);
      expect(complaintOf(shade('0 0 9 9', line))).toBeUndefined();
    }
  });

  it('is drawn once for each time that it is run, alike bodies as one', () => {
    const { list } = expectAsWritten(
      `FOR i 0 3\n${shade('i*3 0 2 9', 'SET v x+i', 'SET r v*20')}\nEND\n${shade('0 8 9 1', 'set  OTHER X+2 ', 'SET r other*20')}\nSET i 2`,
    );
    expect(decode(list).map(({ kind }) => kind)).toEqual(Array(5).fill('shade'));
    // The last reads nothing of the program: another body. Of the same lines it would be one.
    expect(list.shades).toHaveLength(2);
    const alike = `SET k 1\nSET m 2\n${shade('0 0 2 2', 'SET v x+k', 'SET r v')}\n${shade('2 2 2 2', '# so', 'SET q x+m', 'SET r q')}`;
    expect(runOf(alike).list.shades).toHaveLength(1);
    expectAsWritten(alike);
  });
});

describe('what a SHADE costs', () => {
  const priceOf = (text: string, canvas: Canvas = CANVAS) => runOf(text, canvas).price;
  /** Operations of one pixel. */
  const pixelOf = (...lines: string[]): number | undefined => priceOf(shade('0 0 1 1', ...lines)).shade;

  it('is absent where none ran, and 0 where one had nothing to do', () => {
    expect(priceOf('RECT 0 0 9 9')).not.toHaveProperty('shade');
    expect(priceOf(`IF 0\n${shade('0 0 9 9', 'SET r 1')}\nEND`)).not.toHaveProperty('shade');
    expect(priceOf(shade('0 0 9 9'))).toMatchObject({ shade: 0, shapes: 1, pixels_written: 81 });
    expect(priceOf(shade('90 0 9 9', 'SET r 1'))).toMatchObject({ shade: 0, shapes: 1, pixels_written: 0 });
  });

  it('is of a line 1 and what it weighs, of an IF all of it, of a LOOP all turns, whatever a BREAK does', () => {
    expect(pixelOf('SET r 1')).toBe(1);
    expect(pixelOf('# so', 'SET r 1+x*2')).toBe(3);
    expect(pixelOf('ADD r hypot(x, y)')).toBe(1 + 8 + 2);
    expect(pixelOf('IF x', 'SET r 1', 'ELSE IF x>1', 'SET r 1', 'SET r 1', 'ELSE', 'SET r 1', 'END')).toBe(
      1 + 1 + 2 + 2 + 1,
    );
    expect(pixelOf('LOOP 10', 'END')).toBe(10);
    expect(pixelOf('LOOP 10', 'BREAK', 'SET r 1', 'END')).toBe(10 * 3);
    expect(pixelOf('LOOP 10', 'BREAK x>y', 'LOOP width*2', 'SET r 1', 'END', 'END')).toBe(
      10 * (2 + 24 * 2 + 1),
    );
    expect(pixelOf('LOOP 0', 'SET r 1', 'END')).toBe(0);
  });

  it('is that of a pixel times the pixels of the rectangle in the clip, added up', () => {
    const two = shade('0-3 0 9 4', 'SET r 1+1');
    expect(priceOf(two)).toMatchObject({ shade: 2 * 6 * 4, pixels_written: 24 });
    expect(priceOf(`CLIP 2 0 1 9\n${two}\n${two}`)).toMatchObject({
      shade: 2 * 2 * 4,
      pixels_written: 8,
      shapes: 2,
    });
  });

  it('is one step a line, as of every other, and one for each name of the program that it reads', () => {
    const steps = (text: string): number => priceOf(text).steps;
    const none = steps(`SET k 1\nSET m 1\n${shade('0 0 9 9', 'LOOP 9', 'SET r x+y', 'END')}`);
    expect(none).toBe(4);
    expect(steps(`SET k 1\nSET m 1\n${shade('0 0 9 9', 'SET r k+width', 'SET g k+red')}`)).toBe(none + 2);
    expect(steps(`SET k 1\nSET m 1\n${shade('1+1+1+1+1+1+1+1+1+1 0 9 9', 'SET r m')}`)).toBe(none + 2);
  });

  it('may be what is allowed, and no operation more; looked at before the pixels are', () => {
    const text = `RECT 0 0 1 1\n${shade('0 0 9 9', 'SET r 1+1')}`;
    const within = (shaded: number, pixels = 1e6) =>
      complaintOf(text, { allowance: { ...FULL_ALLOWANCE, shade: shaded, pixels_written: pixels } });
    expect(within(162)).toBeUndefined();
    expect(within(161)).toMatchObject({
      code: 'PXL-E042',
      line: 2,
      message: expect.stringContaining('found 162'),
    });
    expect(within(162, 81)).toMatchObject({ code: 'PXL-E014' });
    expect(within(161, 81)).toMatchObject({ code: 'PXL-E042' });
    expect(within(161)?.hint).toBe(`the limit was lowered for this run: the language allows ${2 ** 40}`);
  });

  it(`is at most ${LIMITS.shadePixel} for a pixel, said before anything is run`, () => {
    const lines = (count: number) => ['LOOP 65536', ...Array<string>(count).fill('SET r 1'), 'END'];
    expect(pixelOf(...lines(15))).toBe(LIMITS.shadePixel);
    const dear = `SET q 1/0\nIF 0\n${shade('0 0 1 1', ...lines(16))}\nEND`;
    expect(complaintOf(dear)).toMatchObject({ code: 'PXL-E041', line: 3 });
  });

  it(`is at most ${LIMITS.shadeOperations} for a run`, () => {
    const canvas = { width: 1024, height: 1024 };
    const full = shade('0 0 1024 1024', 'LOOP 65536', ...Array<string>(15).fill('SET r 1'), 'END');
    expect(priceOf(full, canvas).shade).toBe(LIMITS.shadeOperations);
    expect(complaintOf(`${full}\n${shade('0 0 1 1', 'SET r 1')}`, {}, canvas)).toMatchObject({
      code: 'PXL-E042',
    });
  });

  it('is known of each line that a profile tells of', () => {
    const profile = new Profile();
    const text = `FOR i 1 3\n${shade('0 0 2 i', 'SET r 1')}\nEND\nRECT 0 0 1 1`;
    const { price } = runOf(text, CANVAS, { watch: profile.watch });
    expect(price.shade).toBe(2 * (1 + 2 + 3));
    expect(profile.finish(price).map(({ line, times, shade: found }) => [line, times, found])).toEqual([
      [1, 1, undefined],
      [2, 3, 12],
      [5, 3, undefined],
      [6, 1, undefined],
      [7, 1, undefined],
    ]);
  });
});

describe('the n of a LOOP', () => {
  const text = (n: string) => `PARAM p 1 -9 70000\n${shade('0 0 1 1', `LOOP ${n}`, 'END')}`;
  const turnsOf = (n: string, p = 1) => runOf(text(n), CANVAS, { params: { p } }).price.shade;

  it('is worked out from PARAMs and the canvas', () => {
    expect([turnsOf('p', 65_536), turnsOf('p', 0), turnsOf('width*height-1'), turnsOf('p>0?7:8')]).toEqual([
      65_536, 0, 107, 7,
    ]);
    const operators = [
      '7-2',
      '7/2',
      '7%4',
      '7<<2',
      '-7>>1&255',
      '6&3',
      '6|3',
      '6^3',
      '7==7',
      '7!=7',
      '7<8',
      '7<=6',
    ];
    const more = [
      '7>8',
      '7>=7',
      '0&&1/0',
      '1||1/0',
      '1&&2',
      '0||0',
      '-(0 - 3)',
      '~-4',
      '!0',
      '!5',
      '-2147483648/-1&7',
    ];
    for (const n of [...operators, ...more]) expect([n, turnsOf(n)]).toEqual([n, value(n)]);
  });

  it('is from 0 to 65536, and said to be none on its line before anything is run', () => {
    for (const [p, code] of [
      [-1, 'PXL-E005'],
      [65_537, 'PXL-E005'],
    ] as const) {
      expect(complaintOf(`SET q 1/0\n${text('p')}`, { params: { p } })).toMatchObject({ code, line: 4 });
    }
    expect(complaintOf(text('9/p'), { params: { p: 0 } })).toMatchObject({ code: 'PXL-E024', line: 3 });
    expect(complaintOf(text('9%p'), { params: { p: 0 } })).toMatchObject({ code: 'PXL-E024', line: 3 });
  });

  it('may be of a PARAM with any name', () => {
    const named = (name: string) => `PARAM ${name} 3 0 9\n${shade('0 0 1 1', `LOOP ${name}`, 'END')}`;
    for (const name of ['__proto__', 'constructor', 'red']) expect(runOf(named(name)).price.shade).toBe(3);
  });
});

/** What the machine makes of an expression, drawn as so many pixels. */
function value(expression: string): number {
  return runOf(`RECT 0 0 (${expression}) 1`, { width: 300, height: 1 }).price.pixels_written;
}

describe('the SHADEs of a program', () => {
  const differing = (count: number) =>
    Array.from({ length: count }, (_, index) => shade('0 0 1 1', `SET r ${index}`)).join('\n');

  it(`may differ in ${LIMITS.shades} ways, run or not`, () => {
    expect(complaintOf(`IF 0\n${differing(LIMITS.shades)}\nEND`)).toBeUndefined();
    expect(complaintOf(`${differing(LIMITS.shades)}\n${differing(LIMITS.shades)}`)).toBeUndefined();
    expect(complaintOf(`IF 0\n${differing(LIMITS.shades + 1)}\nEND`)).toMatchObject({
      code: 'PXL-E040',
      line: 2 + 3 * LIMITS.shades,
    });
  });

  it('that were run name what stands in them as used, whichever way their pixels go', () => {
    const text = shade('99 0 1 1', 'IF 0', 'ADD r hash(1, 2)', 'ELSE', 'END', 'LOOP 0', 'BREAK', 'END');
    expect(runOf(text).used).toEqual({
      canvas: 1,
      blend: {},
      opcodes: { SHADE: 1, IF: 1, ADD: 1, ELSE: 1, LOOP: 1, BREAK: 1, END: 1, HALT: 1 },
      functions: { hash: 1 },
      glyphs: {},
    });
    expect(runOf(`HALT\n${text}`).used).toEqual(runOf('HALT').used);
    expect(runOf(`DEF f\nHALT\nEND\n${text.replace('99', 'f()')}`).used.opcodes).toEqual({
      SHADE: 1,
      HALT: 1,
    });
    expect(runOf(text.replace('99', '0')).used.blend).toEqual({ 'src-over': 1 });
  });
});
