import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import type { AuthorFault } from '../../../shared/faults.ts';
import type { Params } from '../../../shared/params.ts';
import { faultOf } from '../../support/fault-of.ts';

const canvas = { width: 64, height: 16 };

describe('a PARAM', () => {
  it.each(['__proto__', 'constructor', 'n'])(
    'named %s has its default, and the value that is given',
    (name) => {
      const program = parse(sourceOf(`PARAM ${name} 5 0 9\nRECT 0 0 ${name} 1`));
      const bare = run(program, canvas);
      expect(Object.entries(bare.params)).toEqual([[name, 5]]);
      expect(bare.price.pixels_written).toBe(5);
      const given = run(program, canvas, { params: JSON.parse(`{"${name}": 7}`) as Params });
      expect(Object.entries(given.params)).toEqual([[name, 7]]);
      expect(given.price.pixels_written).toBe(7);
    },
  );

  it('that is not there is refused with no more than 8 of those that are', () => {
    const hint = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `param_${index}`);
      const program = parse(sourceOf(names.map((name) => `PARAM ${name} 1 1 1`).join('\n')));
      const fault = faultOf(() => run(program, canvas, { params: { another: 1 } })) as AuthorFault;
      return fault.complaints[0].hint;
    };
    const eight = 'param_0, param_1, param_2, param_3, param_4, param_5, param_6, param_7';
    expect(hint(0)).toBe('the program has no PARAM');
    expect(hint(8)).toBe(`the program has ${eight}`);
    expect(hint(9)).toBe(`the program has ${eight}, …`);
  });
});
