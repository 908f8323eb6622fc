/** A million shapes that are not seen: what they cost in steps, and that they take no longer than that. */
import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { LIMITS } from '../../../shared/limits.ts';

/** As many as there are opcodes make a million, and as many texts of TEXT nearly all characters that there may be. */
const TURNS = 50_000;
const TEXT = 'twenty letters, ok?!';

/** Of so many rows that a shape which took time for each of them would be found out. */
const CANVAS = { width: 64, height: 4_000 };

interface Unseen {
  readonly line: string;
  /** Lines before it, of one step each; a SPRITE with its ROWs is one. */
  readonly before?: readonly string[];
  /** Of the line: 1 unless said otherwise. */
  readonly steps?: number;
  /** Operations, where the price has them. */
  readonly shade?: number;
  /** Characters that it draws, all but nothing of which is in the price: another limit bounds them. */
  readonly characters?: number;
}

const LARGE = ['FONT FIXED6X13', 'SIZE 16'];
const WIDE = ['PEN 255'];

/** Each lies beside the canvas on the level of all its rows, or above and below it; i goes up from 1. */
const UNSEEN: Readonly<Record<string, readonly Unseen[]>> = {
  TXT: [
    { line: `TXT 64 0 ${TEXT}`, before: LARGE, characters: 20 },
    { line: `TXT -9999 2000 ${TEXT}`, before: LARGE, characters: 20 },
    { line: `TXT 0 -208 ${TEXT}`, before: LARGE, characters: 20 },
  ],
  TEXTBOX: [{ line: `TEXTBOX -400 0 400 4000 ${TEXT}`, before: LARGE, characters: 20 }],
  RECT: [{ line: 'RECT -999 0 999 4000' }],
  PIX: [{ line: 'PIX -1 i' }],
  NUM: [{ line: 'NUM 64 0 10000+i%10000', before: LARGE, characters: 5 }],
  CLEAR: [{ line: 'CLEAR red', before: ['CLIP 64 0 9 4000'] }],
  LINE: [{ line: 'LINE -9999 -9 -1 9999' }, { line: 'LINE -9999 -9 -130 9999', before: WIDE }],
  POLYLINE: [{ line: 'POLYLINE -9999 -9 -130 9999 -200 5 -999 8000', before: WIDE }],
  BOX: [{ line: 'BOX -999 0 999 4000', before: WIDE }],
  RRECT: [{ line: 'RRECT -999 0 999 4000 400' }],
  DISC: [{ line: 'DISC -9001 2000 9000' }],
  CIRC: [{ line: 'CIRC -9001 2000 9000', before: WIDE }],
  FELLI: [{ line: 'FELLI -9001 2000 9000 16383' }],
  ELLI: [{ line: 'ELLI -9001 2000 9000 16383', before: WIDE }],
  TRI: [{ line: 'TRI -9999 -9999 -1 2000 -9999 9999' }],
  POLY: [{ line: 'POLY -9999 -9999 -1 2000 -9999 9999 -12000 50' }],
  PIE: [{ line: 'PIE -9001 2000 9000 i 20000+i' }],
  ARC: [{ line: 'ARC -9001 2000 9000 i 20000+i', before: WIDE }],
  BEZ: [
    // 1 + ⌊√1800⌋ segments, and 1 + ⌊√(3 · 65534)⌋: one step for every eight begun.
    { line: 'BEZ -9000 0 -8000 900 -7000 0', steps: 1 + Math.ceil(43 / 8) },
    { line: 'BEZ -9000 -16384 -8000 16383 -7000 -16384 -100 16383', steps: 1 + Math.ceil(444 / 8) },
  ],
  GRAD: [{ line: 'GRAD -999 0 999 4000 #000 #fff' }],
  BLIT: [{ line: 'BLIT a -4032 0 64 i', before: [`SPRITE a\n${'ROW #.\n'.repeat(63)}END`] }],
  SHADE: [{ line: 'SHADE -999 0 999 4000\nLOOP 9999\nADD r x\nEND\nEND', shade: 0 }],
};

function measured({ line, before = [] }: Unseen, turns = TURNS) {
  const program = parse(sourceOf([...before, `FOR i 1 ${turns}`, line, 'END'].join('\n')));
  const start = process.cpuUsage();
  const { price } = run(program, CANVAS);
  const { user, system } = process.cpuUsage(start);
  return { price, microseconds: user + system };
}

/** How often the pace of pixels that are seen: several times the slowest of these, where this was written. */
const MOST = 20;

describe('shapes that are not seen', () => {
  const cases = Object.values(UNSEEN).flat();
  const paces = new Map<string, number>();

  it('are tried of every opcode that draws, a million of them, within the limits', () => {
    const drawing = OPCODES.filter(({ chapter }) => chapter === 'drawing').map(({ name }) => name);
    expect(Object.keys(UNSEEN)).toEqual(drawing);
    for (const [opcode, tried] of Object.entries(UNSEEN)) {
      for (const { line } of tried) expect(line.split(' ')[0]).toBe(opcode);
    }
    expect(cases.length * TURNS).toBeGreaterThanOrEqual(LIMITS.shapes);
    expect(TURNS * TEXT.length).toBeGreaterThan(0.9 * LIMITS.characters);
  });

  it.each(cases.map((unseen) => [unseen.line, unseen] as const))(
    'cost the steps of the page and nothing else: %s',
    (line, unseen) => {
      const { before = [], steps = 1, characters = 0, shade } = unseen;
      const { price, microseconds } = measured(unseen);
      expect(price).toEqual({
        steps: before.length + 1 + TURNS * (steps + 1) + 1,
        shapes: TURNS,
        pixels_written: 0,
        bytes: CANVAS.width * CANVAS.height * 4,
        ...(shade === undefined ? {} : { shade }),
      });
      paces.set(line, microseconds / (price.steps + TURNS * characters));
    },
  );

  it('take time in proportion to their steps and characters', () => {
    const pixels = measured({ line: 'PIX 9 9' });
    const most = (MOST * pixels.microseconds) / pixels.price.steps;
    expect([...paces].filter(([, pace]) => pace > most)).toEqual([]);
    expect(paces.size).toBe(cases.length);
    // The control: a shape that is seen takes longer than that, were its rows not in its price.
    const { price, microseconds } = measured({ line: 'DISC 32 2000 9000', before: ['COLOR #0000'] }, 1_000);
    expect(microseconds / (2 * 1_000)).toBeGreaterThan(most);
    expect(microseconds / price.steps).toBeLessThan(most);
  });
});
