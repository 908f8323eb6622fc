import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { type RunOptions, run } from '../../../renderer/machine/machine.ts';
import { Profile } from '../../../renderer/machine/profile.ts';
import { Trace } from '../../../renderer/machine/trace.ts';
import { FULL_ALLOWANCE } from '../../../shared/allowance.ts';
import { DEFAULT_CANVAS } from '../../../shared/canvas.ts';
import { AuthorFault } from '../../../shared/faults.ts';

const program = (text: string) => parse(sourceOf(text));
const runText = (text: string, options: RunOptions = {}) => run(program(text), DEFAULT_CANVAS, options);

const BARS = `PARAM n 3 1 9
DEF bar i v
  RECT i*10 0 5 v
  SET v 0
END
FOR i 1 n
  CALL bar i i*2
END
TXT 0 20 ok`;

describe('a profile', () => {
  const profile = new Profile();
  const { price } = runText(BARS, { watch: profile.watch });
  const lines = profile.finish(price);

  it('says how often each line ran and what it added', () => {
    expect(
      lines.map(({ line, times, shapes, pixels_written }) => [line, times, shapes, pixels_written]),
    ).toEqual([
      [1, 1, 0, 0],
      [3, 3, 3, 5 * (2 + 4 + 6)],
      [4, 3, 0, 0],
      [5, 3, 0, 0],
      [6, 1, 0, 0],
      [7, 3, 0, 0],
      [8, 3, 0, 0],
      [9, 1, 1, price.pixels_written - 60],
      [10, 1, 0, 0],
    ]);
  });

  it('adds up to the price, which is that of a run nobody watched', () => {
    const sum = (field: 'steps' | 'shapes' | 'pixels_written') =>
      lines.reduce((total, line) => total + line[field], 0);
    expect([sum('steps'), sum('shapes'), sum('pixels_written')]).toEqual([
      price.steps,
      price.shapes,
      price.pixels_written,
    ]);
    expect(runText(BARS).price).toEqual(price);
  });
});

describe('a trace', () => {
  function traceOf(text: string, from = 1, count = 100) {
    const trace = new Trace(from, count);
    const { price } = runText(text, { watch: trace.watch });
    return { steps: trace.finish(price.steps), executed: trace.executed, price };
  }

  it('says what each line changed, drew, and inside which DEF', () => {
    const { steps, price } = traceOf(BARS);
    expect(steps.slice(0, 6).map(({ line, calls, changed }) => [line, calls.join(), changed])).toEqual([
      [1, '', {}],
      [6, '', { i: 1 }],
      [7, '', { i: 1, v: 2 }],
      [3, 'bar', {}],
      [4, 'bar', { v: 0 }],
      [5, 'bar', {}],
    ]);
    expect(steps[3]?.shapes).toMatchObject([{ kind: 'rect', x0: 10, y0: 0, x1: 15, y1: 2 }]);
    expect(steps.at(-2)?.shapes.map(({ kind }) => kind)).toEqual(['glyph', 'glyph']);
    expect(steps.at(-1)).toMatchObject({ line: 10, step: price.steps });
  });

  it('draws what the run draws', () => {
    const { steps } = traceOf(BARS);
    expect(steps.flatMap(({ shapes }) => shapes)).toHaveLength(runText(BARS).list.shapeCount);
  });

  it('keeps a window of the lines, alike in it as in the whole', () => {
    const whole = traceOf(BARS);
    const part = traceOf(BARS, 4, 3);
    expect(part.steps).toEqual(whole.steps.slice(3, 6));
    expect(part.executed).toBe(whole.executed);
    expect(traceOf(BARS, 1_000, 3).steps).toEqual([]);
  });

  it('begun in the midst of calls, says what the whole says: every open DEF is known', () => {
    const deep = 'DEF down n\nSET k n*10\nIF n>0\nCALL down n-1\nEND\nSET k k+1\nEND\nCALL down 3';
    const whole = traceOf(deep);
    expect(whole.executed).toBe(21);
    for (let from = 1; from <= whole.executed; from++) {
      expect(traceOf(deep, from, 100).steps, `from ${from}`).toEqual(whole.steps.slice(from - 1));
    }
  });

  it('tells apart two calls that follow each other at once', () => {
    const { steps } = traceOf('DEF same n\nSET k n\nRET k\nEND\nSET x same(same(5))');
    expect(steps.map(({ line, changed }) => [line, changed])).toEqual([
      // The arguments of both calls, which are the same, and what the line sets at its end.
      [5, { n: 5, k: 0, x: 5 }],
      [2, { k: 5 }],
      [3, {}],
      [2, { k: 5 }],
      [3, {}],
      [6, {}],
    ]);
  });

  it('puts what a line draws after a DEF in it has returned to that line, as the profile does', () => {
    const text = 'DEF f x\nPIX 9 9\nRET x\nEND\nRECT 0 0 f(3) f(4)\nSET y f(1)+f(2)';
    const { steps, price } = traceOf(text);
    expect(steps.map(({ line, step, changed, shapes }) => [line, step, changed.y, shapes.length])).toEqual([
      [5, 1, undefined, 1],
      [2, 2, undefined, 1],
      [3, 3, undefined, 0],
      [2, 4, undefined, 1],
      [3, 5, undefined, 0],
      [6, 6, 3, 0],
      [2, 7, undefined, 1],
      [3, 8, undefined, 0],
      [2, 9, undefined, 1],
      [3, 10, undefined, 0],
      [7, 11, undefined, 0],
    ]);
    const profile = new Profile();
    runText(text, { watch: profile.watch });
    expect(
      profile
        .finish(price)
        .map(({ line, times, shapes, pixels_written }) => [line, times, shapes, pixels_written]),
    ).toEqual([
      [2, 4, 4, 4],
      [3, 4, 0, 0],
      [5, 1, 1, 12],
      [6, 1, 0, 0],
      [7, 1, 0, 0],
    ]);
  });

  it('of a line that is refused after a DEF in it has returned has no step for it', () => {
    const trace = new Trace(1, 10);
    expect(() => runText('DEF f\nRET 0\nEND\nSET x 1/f()', { watch: trace.watch })).toThrow(AuthorFault);
    expect(trace.finish(undefined).map(({ step, line }) => [step, line])).toEqual([
      [undefined, 4],
      [2, 2],
    ]);
  });

  it.each([
    ['a division by 0', 'SET x 4\nSET x x/0', {}],
    ['a step too many', 'SET x 4\nSET x 5', { allowance: { ...FULL_ALLOWANCE, steps: 1 } }],
    ['a shape too many', 'SET x 4\nPIX x x', { allowance: { ...FULL_ALLOWANCE, shapes: 0 } }],
  ])('ends with the line that was refused, whose step is not known: %s', (_, text, options) => {
    const trace = new Trace(1, 10);
    expect(() => runText(text, { ...options, watch: trace.watch })).toThrow(AuthorFault);
    expect(trace.finish(undefined).map(({ step, line, changed }) => [step, line, changed])).toEqual([
      [1, 1, { x: 4 }],
      [undefined, 2, {}],
    ]);
  });

  it('takes time for what a step changes, not for all that could', () => {
    const variables = Array.from({ length: 50_000 }, (_, n) => `SET v${n} 1`).join('\n');
    const deep = 'DEF down n\nIF n>0\nCALL down n-1\nELSE\nFOR i 1 300000\nEND\nEND\nEND\nCALL down 250';
    const start = process.cpuUsage();
    expect(traceOf(variables, 1, 1_000).steps).toHaveLength(1_000);
    expect(traceOf(deep, 1, 1_000).executed).toBeGreaterThan(300_000);
    const { user, system } = process.cpuUsage(start);
    // 0.6 s on a quiet machine; with a Map of all variables and a copy of the whole stack for each step, 20 s.
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
