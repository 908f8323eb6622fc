/** Random programs as the machine and the oracle run them: what either leaves behind, in one form. */
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
export function judged(
  text: string,
  canvas: Canvas,
  params: Params,
  allowance = ALLOWANCE,
): Verdict | Refusal {
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

export function expected({ lines, canvas, params }: Case): Verdict | Refusal {
  const verdict = consult(lines, canvas, ALLOWANCE, params, IMAGES);
  if ('code' in verdict) return { ...verdict, calls: verdict.calls.slice(0, LIMITS.listedCalls) };
  return { ...verdict, missing: Math.min(verdict.missing, LIMITS.warnings) };
}

/** What was found, its shapes as marks where the oracle has marks. */
export function marked(
  found: Verdict | Refusal,
  verdict: Verdict | Refusal,
  { width }: Canvas,
): Verdict | Refusal {
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

/** @param programs how many the two are compared by; some properties are tried with fewer */
export function describeRandomPrograms(programs: number): void {
  describe('a random program', () => {
    it(`is what its canonical text says, weights included, ${programs / 2} of them`, () => {
      fc.assert(
        fc.property(cases, ({ lines }) => {
          const printed = print({ lines });
          const parsed = parse(sourceOf(printed));
          expect(placeless(parsed.lines)).toEqual(placeless(lines));
          expect(print(parsed)).toBe(printed);
        }),
        { seed: SEED, numRuns: programs / 2 },
      );
    });

    it(`leaves behind what the oracle finds: list, price, params, what it used, or the refusal with its line and calls, ${programs} of them`, () => {
      const tally = new Tally();
      fc.assert(
        fc.property(cases, (each) => {
          const text = print(each);
          const found = judged(text, each.canvas, each.params);
          const verdict = expected(each);
          expect(marked(found, verdict, each.canvas)).toEqual(verdict);
          tally.note(each, text, verdict);
        }),
        { seed: SEED, numRuns: programs },
      );
      // The property is not about programs that do nothing, nor about refusals alone.
      expect(tally.finished).toBeGreaterThan(programs / 2);
      expect(tally.drew).toBeGreaterThan(programs / 4);
      expect(tally.looped).toBeGreaterThan(programs / 10);
      expect(tally.called).toBeGreaterThan(programs / 4);
      expect(tally.refusedInCall).toBeGreaterThan(programs / 20);
      expect(tally.drewOutside).toBeGreaterThan(programs / 50);
      expect(tally.passedBy).toBeGreaterThan(programs / 10);
      expect(tally.glyphs.size).toBeGreaterThan(15);
      expect(tally.fontGlyphs.size).toBeGreaterThan(30);
      expect([...tally.fonts].sort()).toEqual(FONT_NAMES.slice(1));
      expect([...tally.blends].sort()).toEqual(BLENDS.map(({ rule }) => rule).sort());
      expect(tally.patches).toBeGreaterThan(programs);
      expect(tally.pictures).toBeGreaterThan(programs / 10);
      const names = OPCODES.map(({ name }) => name).sort();
      expect([...tally.opcodes].sort()).toEqual(names);
      expect([...tally.executed].sort()).toEqual(names.filter((name) => !UNCOUNTED.has(name)));
      expect([...tally.functions].sort()).toEqual(FUNCTIONS.map(({ name }) => name).sort());
      for (const code of ['05', '12', '13', '14', '24', '25', '26', '27', '30', '31', '34', '41', '42']) {
        expect([code, tally.codes.get(`PXL-E0${code}`) ?? 0]).not.toEqual([code, 0]);
      }
    });

    it(`costs the same every time; may cost exactly that, and nothing less, ${programs / 5} of them`, () => {
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
        { seed: SEED + 1, numRuns: programs / 5 },
      );
      expect(finished).toBeGreaterThan(programs / 12.5);
      expect(shades).toBeGreaterThan(programs / 125);
    });
  });
}
