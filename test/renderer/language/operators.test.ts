/** The table of operators: complete, in order, and true of what the machine computes. */
import { describe, expect, it } from 'vitest';
import {
  OPERATORS,
  operatorAt,
  operatorLevels,
  PRECEDENCE,
  prefixes,
} from '../../../renderer/language/operators.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';

/** Whether a program comes to its end: it divides by 0 where the test is 0. */
const holds = (test: string): boolean => {
  try {
    run(parse(sourceOf(`SET a 1/(${test})`)), { width: 1, height: 1 });
    return true;
  } catch {
    return false;
  }
};

describe('the table of operators', () => {
  it.each(OPERATORS.map(({ sign, example }) => [sign, ...example] as const))(
    'has an example of %s that is right: %s is %i',
    (sign, expression, value) => {
      expect(expression).toContain(sign === '?:' ? '?' : sign);
      expect(holds(`(${expression})==${value}`)).toBe(true);
      expect(holds(`(${expression})==${value + 1}`)).toBe(false);
    },
  );

  it('has every operator between two values that is read, and no other', () => {
    const signs = Object.keys(PRECEDENCE);
    for (const sign of signs) expect(operatorAt(`a${sign}b`, 1, 1 + sign.length + 1)).toBe(sign);
    const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(0x20 + n));
    const found = new Set(ascii.flatMap((a) => ascii.map((b) => operatorAt(a + b, 0, 2))));
    expect([...found].filter((sign) => sign !== undefined).sort()).toEqual(signs.sort());
  });

  it('says by its order what is read first', () => {
    for (const [level, signs] of operatorLevels().entries()) {
      for (const sign of signs) expect(PRECEDENCE[sign as keyof typeof PRECEDENCE]).toBe(level + 1);
    }
    const listed = OPERATORS.map(({ precedence }) => precedence).filter((one) => one !== undefined);
    expect(listed).toEqual([...listed].sort((one, other) => one - other));
    expect(prefixes().sort()).toEqual(['!', '+', '-', '~']);
  });
});
