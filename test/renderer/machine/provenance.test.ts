import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../renderer/display/list.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { Provenance } from '../../../renderer/machine/provenance.ts';
import type { Moment } from '../../../renderer/machine/watch.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { LIMITS } from '../../../shared/limits.ts';

const CANVAS = { width: 24, height: 16 };

function coatsOf(text: string, x: number, y: number) {
  const provenance = new Provenance(x, y);
  run(parse(sourceOf(text)), CANVAS, { watch: provenance.watch });
  return provenance;
}

const PROGRAM = `COLOR #ff000080
RECT 2 2 10 10
DEF spot x y
  COLOR gold
  DISC x y 3
END
FOR i 0 2
  CALL spot 6+i*4 8
END
BLEND XOR
COLOR #00ff40
TXT 1 4 Why?
BLEND SCREEN
LINE 0 0 23 15
RECT twice(2) 12 twice(3) 3
DEF twice n
  RET n*2
END
CLIP 0 0 3 3
CLEAR navy`;

describe('the provenance of a pixel', () => {
  it('ends in the colour that the painter gives it, for every pixel', () => {
    const { list } = run(parse(sourceOf(PROGRAM)), CANVAS);
    const bytes = paintOnCpu(list);
    const painted = new Uint32Array(bytes.buffer);
    const several = new Set<number>();
    for (let y = 0; y < CANVAS.height; y++) {
      for (let x = 0; x < CANVAS.width; x++) {
        const provenance = coatsOf(PROGRAM, x, y);
        expect(provenance.pixel, `${x},${y}`).toBe(painted[y * CANVAS.width + x]);
        several.add(provenance.coats().length);
      }
    }
    expect([...several].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('is told from the front to the back, with lines, calls and what nothing is seen of', () => {
    const text = `CLEAR navy\n${PROGRAM.split('\n').slice(0, 9).join('\n')}\nCOLOR #fff8\nPIX 9 8`;
    const coats = coatsOf(text, 9, 8).coats();
    expect(coats.map(({ line, calls, hidden }) => [line, calls, hidden])).toEqual([
      [12, [], false],
      [6, [{ line: 9, name: 'spot' }], false],
      [6, [{ line: 9, name: 'spot' }], true],
      [3, [], true],
      [1, [], true],
    ]);
  });

  it('puts what a line draws after a DEF in it has returned to that line', () => {
    expect(coatsOf(PROGRAM, 5, 13).coats()[0]).toMatchObject({ line: 15, calls: [] });
  });

  it('names the BLIT that painted a pixel, and the calls that led to it; a hole is nobody’s', () => {
    const text = `SPRITE a
  INK #ff000080 r
  ROW r#.
END
CLEAR navy
DEF two x
  COLOR gold
  BLIT a x 2 2
  BLIT a x 2 2 0 1
END
CALL two 3`;
    const lines = (x: number) =>
      coatsOf(text, x, 2)
        .coats()
        .map(({ line, calls }) => [line, calls]);
    const calls = [{ line: 11, name: 'two' }];
    expect(lines(3)).toEqual([
      [8, calls],
      [5, []],
    ]);
    expect(lines(6)).toEqual([
      [9, calls],
      [8, calls],
      [5, []],
    ]);
    expect(lines(9)).toEqual([[5, []]]);
    expect(coatsOf(text, 7, 2).coats()).toMatchObject([{ line: 9, color: 0x800000ff }, { line: 5 }]);
  });

  it('knows the colour that an image has there, and that its holes show what is behind', () => {
    const [hole, veil, red, faint] = [0x00ffffff, 0x80ff0000, 0xff0000ff, 0x01020304];
    const rect: Shape = { kind: 'rect', x0: 0, y0: 0, x1: 9, y1: 9, color: 0xff112233 };
    const image: Shape = {
      kind: 'image',
      ...{ x0: 1, y0: 2, x1: 4, y1: 4 },
      pixels: [hole, veil, red, faint],
      columns: [1, 0, 0],
      rows: [2, 0],
    };
    const coatsAt = (x: number, y: number, shapes: readonly Shape[]) => {
      const provenance = new Provenance(x, y);
      const moment = { line: 1, listed: shapes.length, drawn: () => shapes, depth: 0, call: () => 0 };
      provenance.watch(moment as unknown as Moment);
      return provenance.coats().map(({ color, hidden }) => [color, hidden]);
    };
    const behind = [0xff112233, false];
    // The first row shows faint, red and red; the second veil and two holes.
    expect([1, 2, 3].map((x) => coatsAt(x, 2, [rect, image]))).toEqual([
      [[faint, false], behind],
      [
        [red, false],
        [0xff112233, true],
      ],
      [
        [red, false],
        [0xff112233, true],
      ],
    ]);
    expect([1, 2, 3].map((x) => coatsAt(x, 3, [rect, image]))).toEqual([
      [[veil, false], behind],
      [behind],
      [behind],
    ]);
    for (const [x, y] of [
      [0, 2],
      [4, 2],
      [1, 1],
      [1, 4],
    ] as const) {
      expect(coatsAt(x, y, [rect, image])).toEqual([behind]);
    }
    // An opaque pixel hides nothing in a mode that mixes.
    expect(coatsAt(2, 2, [rect, { ...image, blend: 'add' }])).toEqual([[red, false], behind]);
  });

  it('lists the front thousand, and counts the ones behind', () => {
    const painted = (turns: number) =>
      coatsOf(`CLEAR navy\nCOLOR #fff8\nFOR i 1 ${turns}\n  PIX 9 9\nEND`, 9, 9);
    const whole = painted(LIMITS.listedShapes - 1);
    expect([whole.count, whole.coats().length, whole.coats().at(-1)?.line]).toEqual([1_000, 1_000, 1]);
    const cut = painted(LIMITS.listedShapes);
    expect([cut.count, cut.coats().length, cut.coats().at(-1)?.line]).toEqual([1_001, 1_000, 4]);
    const far = coatsOf(`${'PIX 9 9\n'.repeat(2_500)}COLOR red\nPIX 9 9`, 9, 9);
    expect(far.count).toBe(2_501);
    const coats = far.coats();
    expect(coats.map(({ line }) => line)).toEqual([
      2_502,
      ...Array.from({ length: 999 }, (_, n) => 2_500 - n),
    ]);
    expect(coats.map(({ hidden }) => hidden)).toEqual([false, ...Array(999).fill(true)]);
  });

  it('lists the innermost sixteen calls of a shape, and counts the others', () => {
    const deep = (calls: number) =>
      coatsOf(
        `DEF f n\n  IF n>1\n    CALL f n-1\n    RET\n  END\n  PIX 9 9\nEND\nCALL f ${calls}`,
        9,
        9,
      ).coats()[0];
    const inner = { line: 3, name: 'f' };
    const outer = { line: 8, name: 'f' };
    expect(deep(1)).toMatchObject({ calls: [outer], moreCalls: 0 });
    expect(deep(16)).toMatchObject({ calls: [...Array(15).fill(inner), outer], moreCalls: 0 });
    expect(deep(17)).toMatchObject({ calls: Array(16).fill(inner), moreCalls: 1 });
    expect(deep(256)).toMatchObject({ calls: Array(16).fill(inner), moreCalls: 240 });
  });

  it('tells the calls of two CALLs of one DEF apart, and what comes after them', () => {
    const text = 'DEF spot\n  PIX 9 9\n  PIX 9 9\nEND\nCALL spot\nCALL spot\nPIX 9 9';
    const coats = coatsOf(text, 9, 9).coats();
    expect(coats.map(({ line, calls: [call] }) => [line, call?.line])).toEqual([
      [7, undefined],
      [3, 6],
      [2, 6],
      [3, 5],
      [2, 5],
    ]);
    // What one call draws shares the record of its calls: 400,000 shapes at 250 calls each would not fit into memory.
    expect(coats[1]?.calls).toBe(coats[2]?.calls);
    expect(coats[3]?.calls).not.toBe(coats[2]?.calls);
  });

  it('takes time that grows with the shapes, opaque and 250 calls deep too', () => {
    const seconds = (shapes: number) => {
      const start = process.cpuUsage();
      const deep = `DEF f n\nIF n>0\nCALL f n-1\nRET\nEND\nFOR i 1 ${shapes}\nRECT 0 0 1 1\nEND\nEND\nCALL f 250`;
      expect(coatsOf(deep, 0, 0).count).toBe(shapes);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    seconds(10_000);
    // Where each opaque shape told all before it that they are hidden, a hundred thousand took over ten seconds.
    expect(seconds(100_000)).toBeLessThan(4);
  });

  it('of SHADEs are what each made of the pixel before it, and end with the pixel that is painted', () => {
    const shade = (...lines: string[]) => ['SHADE 2 1 18 12', ...lines, 'END'].join('\n');
    const ground = 'GRAD 0 0 24 16 #102030 #e0c0a0';
    const modes = ['OVER', 'SRC', 'XOR', 'SCREEN'].map((mode) => `BLEND ${mode}`);
    const shades = modes.map(
      (mode, n) => `${mode}\n${shade(`SET r r+x*${n + 3}`, 'SET g y*20', 'SET a 99+x*9')}`,
    );
    const text = [ground, ...shades, 'SET k 9', shade('SET b b+k')].join('\n');
    const bytes = paintOnCpu(run(parse(sourceOf(text)), CANVAS).list);
    const words = new Uint32Array(bytes.buffer);
    for (let at = 0; at < words.length; at += 5) {
      const found = coatsOf(text, at % 24, Math.floor(at / 24));
      expect([at, found.pixel]).toEqual([at, words[at]]);
      const [front, second] = found.coats();
      if (front?.shape.kind === 'shade') expect(front.before).toBe(second?.pixel);
    }
  });

  it('are hidden by a SHADE only where nothing of what was there can show', () => {
    const hidden = (...lines: string[]) => {
      const text = ['RECT 0 0 9 9', 'SHADE 0 0 9 9', ...lines, 'END'].join('\n');
      return coatsOf(text, 3, 3).coats().at(-1)?.hidden;
    };
    const all = ['SET r x', 'SET g y', 'SET b 1'];
    expect(hidden(...all)).toBe(true);
    expect(hidden(...all.slice(1))).toBe(false);
    expect(hidden('SET v r', ...all)).toBe(false);
    expect(hidden('IF x', ...all, 'END')).toBe(false);
    expect(hidden(...all, 'SET a 254')).toBe(false);
    expect(hidden(...all, 'ADD b 1')).toBe(false);
  });

  it('of a pixel that nothing covers is the ground', () => {
    const provenance = coatsOf(PROGRAM, 23, 0);
    expect(provenance.coats()).toEqual([]);
    expect(provenance.pixel).toBe(0xff000000);
  });
});
