import { describe, expect, it } from 'vitest';
import { hasParams, readParams } from '../../shared/params.ts';
import { paramsSchema } from '../../shared/record-schemas.ts';

const read = (value: unknown) => readParams(value, 'params');
const LONGEST = 'n'.repeat(64);

describe('readParams', () => {
  it('gives each name in lower case with its value', () => {
    expect(read({ Count: 3, _b9: -4 })).toEqual({ count: 3, _b9: -4 });
    expect(read({})).toEqual({});
  });

  it.each([
    ['the highest value', { a: 2 ** 31 - 1 }],
    ['the lowest value', { a: -(2 ** 31) }],
    ['the longest name', { [LONGEST]: 0 }],
    ['a whole number that JSON writes with a fraction', JSON.parse('{"a":1.0e1}')],
    ['names that every object has', { constructor: 1, tostring: 2 }],
  ])('takes %s', (_, value) => {
    expect(read(value)).toEqual(value);
  });

  it('takes minus zero for zero', () => {
    expect(Object.is((read({ a: -0 }) as { a: number }).a, 0)).toBe(true);
  });

  it('loses no name, not even the one that JavaScript keeps for itself', () => {
    const text = '{"__proto__":5}';
    const found = read(JSON.parse(text));
    expect(JSON.stringify(found)).toBe(text);
    expect(paramsSchema.safeParse(found)).toMatchObject({ success: true });
    expect(JSON.stringify(paramsSchema.parse(JSON.parse(text)))).toBe(text);
  });

  it.each([
    [null, 'Expected params to be an object such as {"count":3}, found null'],
    [[1], 'Expected params to be an object such as {"count":3}, found an array'],
    ['{}', 'Expected params to be an object such as {"count":3}, found "{}"'],
    [
      { '1a': 1 },
      'Expected params to have names of 1 to 64 letters, digits and _, no digit in front, found "1a"',
    ],
    [{ a: '3' }, 'Expected "a" of params to be a whole number from -2147483648 to 2147483647, found "3"'],
    [
      { Count: 1, count: 1 },
      'Expected params to have each name once, whatever its case, found "Count" and "count"',
    ],
  ])('says what is wrong with %j', (value, words) => {
    expect(read(value)).toBe(words);
  });

  it.each([
    ['a value one too high', { a: 2 ** 31 }],
    ['a value one too low', { a: -(2 ** 31) - 1 }],
    ['half a number', { a: 0.5 }],
    ['a number beyond numbers', JSON.parse('{"a":1e999}')],
    ['no number', { a: null }],
    ['a truth', { a: true }],
    ['a name one too long', { [`${LONGEST}n`]: 0 }],
    ['no name', { '': 0 }],
    ['a name with a blank', { 'a b': 0 }],
    ['a letter that is not ASCII', { größe: 0 }],
    ['a letter that folds to one of ASCII', { '\u212A': 0 }],
  ])('refuses %s', (_, value) => {
    expect(read(value)).toMatch(/^Expected .*, found /);
  });

  it('refuses in a short message, however long the name', () => {
    expect((read({ ['x'.repeat(1_000_000)]: 1 }) as string).length).toBeLessThan(200);
  });
});

describe('params as gvpie writes them', () => {
  it.each([
    ['none', {}, true],
    ['lower-case names', { a: 1, b_2: -2 }, true],
    ['a name with a capital', { A: 1 }, false],
    ['a value that is text', { a: '1' }, false],
    ['minus zero, which no PARAM stands for', { a: -0 }, false],
    ['a value one too high', { a: 2 ** 31 }, false],
    ['an array', [], false],
    ['null', null, false],
  ])('%s', (_, value, good) => {
    expect(paramsSchema.safeParse(value).success).toBe(good);
  });

  it('are none, or some', () => {
    expect([hasParams({}), hasParams({ a: 0 })]).toEqual([false, true]);
  });
});
