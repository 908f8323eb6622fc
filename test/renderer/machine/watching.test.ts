import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { type RunOptions, run } from '../../../renderer/machine/machine.ts';
import { Profile } from '../../../renderer/machine/profile.ts';
import { Trace } from '../../../renderer/machine/trace.ts';
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

  it('ends with the line that was refused, whose step is not known', () => {
    const trace = new Trace(1, 10);
    expect(() => runText('SET x 4\nSET x x/0', { watch: trace.watch })).toThrow(AuthorFault);
    expect(trace.finish(undefined).map(({ step, line, changed }) => [step, line, changed])).toEqual([
      [1, 1, { x: 4 }],
      [undefined, 2, {}],
    ]);
  });
});
