import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import { decode } from '../../../renderer/display/encode.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { FONT_NAMES } from '../../../renderer/fonts/font.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { PRICE_ONLY } from '../../../renderer/machine/pictures.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Allowance } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Params } from '../../../shared/params.ts';
import { placeless } from '../language/places.ts';
import { consult, type Refusal, type Verdict } from './oracle.ts';
import { asMarks, type Mark } from './oracle-marks.ts';
import { IMAGES } from './program-pictures.ts';
import { type Case, cases } from './programs.ts';

const SEED = 20261120;
const ALLOWANCE: Allowance = {
  ...{ steps: 3_000, shapes: 150, pixels_written: 12_000, bytes: 10_000 },
  shade: 30_000,
};

/** The machine's verdict, in the oracle's words. */
function judged(text: string, canvas: Canvas, params: Params, allowance = ALLOWANCE): Verdict | Refusal {
  const program = parse(sourceOf(text));
  try {
    const {
      list,
      price,
      used,
      warnings,
      params: settled,
    } = run(program, canvas, {
      params,
      allowance,
      images: IMAGES,
    });
    return {
      marks: decode(list),
      painted: Buffer.from(paintOnCpu(list)).toString('hex'),
      steps: price.steps,
      drawn: price.shapes,
      pixels: price.pixels_written,
      shaded: price.shade,
      params: settled,
      used,
      missing: warnings.length,
    };
  } catch (fault) {
    if (!(fault instanceof AuthorFault)) throw fault;
    const [{ code, line, calls = [], more_calls = 0 }, ...others] = fault.complaints;
    expect(others).toEqual([]);
    if (more_calls > 0) expect(calls).toHaveLength(LIMITS.listedCalls);
    return { code, line: line as number, calls, depth: calls.length + more_calls };
  }
}

function expected({ lines, canvas, params }: Case): Verdict | Refusal {
  const verdict = consult(lines, canvas, ALLOWANCE, params, IMAGES);
  if ('code' in verdict) return { ...verdict, calls: verdict.calls.slice(0, LIMITS.listedCalls) };
  return { ...verdict, missing: Math.min(verdict.missing, LIMITS.warnings) };
}

/** What was found, its shapes as marks where the oracle has marks. */
function marked(found: Verdict | Refusal, verdict: Verdict | Refusal, { width }: Canvas): Verdict | Refusal {
  if ('code' in found || 'code' in verdict) return found;
  return { ...found, marks: asMarks(found.marks as Shape[], verdict.marks as Mark[], width) };
}

/** Opcodes that are never executed: they cost nothing. */
const UNCOUNTED: ReadonlySet<string> = new Set(['DEF', 'GLOBAL', 'INK', 'ROW']);

/** What the runs of many programs came to. */
class Tally {
  readonly codes = new Map<string, number>();
  readonly opcodes = new Set<string>();
  readonly executed = new Set<string>();
  readonly functions = new Set<string>();
  readonly glyphs = new Set<string>();
  readonly fontGlyphs = new Set<string>();
  readonly fonts = new Set<string>();
  readonly blends = new Set<string>();
  /** Shapes that are known by their pixels alone. */
  patches = 0;
  pictures = 0;
  finished = 0;
  drew = 0;
  drewOutside = 0;
  passedBy = 0;
  looped = 0;
  called = 0;
  refusedInCall = 0;

  note({ lines }: Case, text: string, found: Verdict | Refusal): void {
    if ('code' in found) {
      this.codes.set(found.code, (this.codes.get(found.code) ?? 0) + 1);
      if (found.calls.length > 0) this.refusedInCall++;
      return;
    }
    const written = lines.flatMap((line) => (line.kind === 'statement' ? [line.opcode] : []));
    for (const opcode of written) this.opcodes.add(opcode);
    const { opcodes, functions = {}, glyphs, blend, fonts = {}, font_glyphs = {} } = found.used;
    for (const name of Object.keys(opcodes)) this.executed.add(name);
    for (const name of Object.keys(functions)) this.functions.add(name);
    for (const code of Object.keys(glyphs)) this.glyphs.add(code);
    for (const code of Object.keys(font_glyphs)) this.fontGlyphs.add(code);
    for (const font of Object.keys(fonts)) this.fonts.add(font);
    for (const rule of Object.keys(blend)) this.blends.add(rule);
    this.patches += found.marks.filter(({ kind }) => kind === 'patch').length;
    this.pictures += found.marks.filter(({ kind }) => kind === 'picture').length;
    if (found.drawn > 0 && Object.keys(blend).length === 0) this.drewOutside++;
    if (written.some((opcode) => !UNCOUNTED.has(opcode) && opcodes[opcode] === undefined)) this.passedBy++;
    this.finished++;
    if (found.marks.length > 0) this.drew++;
    // More steps than lines: something ran twice.
    if (found.steps > lines.length) this.looped++;
    if (/CALL|\b[fgh]\(/.test(text)) this.called++;
  }
}

/** Two alike: both have a hole, a translucent pixel and one of the pen. */
const SPRITE = ['s', 't'].map((each) => `SPRITE ${each}\nINK #f008 o\nROW .o\nROW #\nEND`).join('\n');

const PROGRAMS = 2_500;

describe('a random program', () => {
  it('is what its canonical text says, weights included', () => {
    fc.assert(
      fc.property(cases, ({ lines }) => {
        const printed = print({ lines });
        const parsed = parse(sourceOf(printed));
        expect(placeless(parsed.lines)).toEqual(placeless(lines));
        expect(print(parsed)).toBe(printed);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it('leaves behind what the oracle finds: list, price, params, what it used, or the refusal with its line and calls', () => {
    const tally = new Tally();
    fc.assert(
      fc.property(cases, (each) => {
        const text = print(each);
        const found = judged(text, each.canvas, each.params);
        const verdict = expected(each);
        expect(marked(found, verdict, each.canvas)).toEqual(verdict);
        tally.note(each, text, verdict);
      }),
      { seed: SEED, numRuns: PROGRAMS },
    );
    // The property is not about programs that do nothing, nor about refusals alone.
    expect(tally.finished).toBeGreaterThan(PROGRAMS / 2);
    expect(tally.drew).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.looped).toBeGreaterThan(PROGRAMS / 10);
    expect(tally.called).toBeGreaterThan(PROGRAMS / 4);
    expect(tally.refusedInCall).toBeGreaterThan(PROGRAMS / 20);
    expect(tally.drewOutside).toBeGreaterThan(PROGRAMS / 50);
    expect(tally.passedBy).toBeGreaterThan(PROGRAMS / 10);
    expect(tally.glyphs.size).toBeGreaterThan(15);
    expect(tally.fontGlyphs.size).toBeGreaterThan(30);
    expect([...tally.fonts].sort()).toEqual(FONT_NAMES.slice(1));
    expect([...tally.blends].sort()).toEqual(BLENDS.map(({ rule }) => rule).sort());
    expect(tally.patches).toBeGreaterThan(PROGRAMS);
    expect(tally.pictures).toBeGreaterThan(PROGRAMS / 10);
    const names = OPCODES.map(({ name }) => name).sort();
    expect([...tally.opcodes].sort()).toEqual(names);
    expect([...tally.executed].sort()).toEqual(names.filter((name) => !UNCOUNTED.has(name)));
    expect([...tally.functions].sort()).toEqual(FUNCTIONS.map(({ name }) => name).sort());
    for (const code of ['05', '12', '13', '14', '24', '25', '26', '27', '30', '31', '34', '41', '42']) {
      expect([code, tally.codes.get(`PXL-E0${code}`) ?? 0]).not.toEqual([code, 0]);
    }
  });

  it('costs the same every time; may cost exactly that, and nothing less', () => {
    let finished = 0;
    let shades = 0;
    fc.assert(
      fc.property(cases, (each) => {
        const text = print(each);
        const found = judged(text, each.canvas, each.params);
        if ('code' in found) return;
        finished++;
        const { steps, drawn, pixels, shaded } = found;
        expect(steps).toBeLessThanOrEqual(ALLOWANCE.steps);
        expect(drawn).toBeLessThanOrEqual(ALLOWANCE.shapes);
        expect(pixels).toBeLessThanOrEqual(ALLOWANCE.pixels_written);
        expect(shaded ?? 0).toBeLessThanOrEqual(ALLOWANCE.shade);
        const exact = {
          ...{ steps, shapes: drawn, pixels_written: pixels, bytes: ALLOWANCE.bytes },
          shade: shaded ?? 0,
        };
        const within = (less: Partial<Allowance>) =>
          judged(text, each.canvas, each.params, { ...exact, ...less });
        expect(within({})).toEqual(found);
        // What a run costs does not depend on the pixels of its images.
        const { price } = run(parse(sourceOf(text)), each.canvas, {
          params: each.params,
          images: PRICE_ONLY,
        });
        expect(price).toMatchObject({ steps, shapes: drawn, pixels_written: pixels });
        expect(within({ steps: steps - 1 })).toMatchObject({ code: 'PXL-E012' });
        if (drawn > 0) expect(within({ shapes: drawn - 1 })).toMatchObject({ code: 'PXL-E013' });
        if (pixels > 0) expect(within({ pixels_written: pixels - 1 })).toMatchObject({ code: 'PXL-E014' });
        if (shaded === undefined || shaded === 0) return;
        expect(within({ shade: shaded - 1 })).toMatchObject({ code: 'PXL-E042' });
        shades++;
      }),
      { seed: SEED + 1, numRuns: 500 },
    );
    expect(finished).toBeGreaterThan(200);
    expect(shades).toBeGreaterThan(20);
  });

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
