import { describe, expect, it } from 'vitest';
import { FULL_ALLOWANCE, lowest, readLimits } from '../../shared/allowance.ts';

describe('readLimits', () => {
  it.each([
    ['nothing', {}],
    ['one', { shapes: 0 }],
    ['all', { steps: 1, shapes: 2, pixels_written: 3, bytes: 4, shade: 5 }],
    ['more than the language allows', { steps: 1e300 }],
  ])('takes %s', (_, value) => {
    expect(readLimits(value, 'limits')).toEqual(value);
  });

  it.each([
    [5, 'Expected limits to be an object such as {"steps":1000}, found 5'],
    [
      { step: 1 },
      'Expected limits to have no names but steps, shapes, pixels_written, bytes, shade, found "step"',
    ],
    [{ steps: -1 }, 'Expected "steps" of limits to be a whole number from 0, found -1'],
    [{ bytes: 0.5 }, 'Expected "bytes" of limits to be a whole number from 0, found 0.5'],
    [{ bytes: null }, 'Expected "bytes" of limits to be a whole number from 0, found null'],
  ])('says what is wrong with %j', (value, words) => {
    expect(readLimits(value, 'limits')).toBe(words);
  });

  it.each([
    ['null', null],
    ['an array', []],
    ['a name that every object has', { constructor: 1 }],
    ['a number beyond numbers', JSON.parse('{"steps":1e999}')],
    ['a number in quotes', { steps: '5' }],
  ])('refuses %s', (_, value) => {
    expect(readLimits(value, 'limits')).toMatch(/^Expected .*, found /);
  });
});

describe('lowest', () => {
  it('is the lower of each, whoever says it, and never more than the language allows', () => {
    const settings = { ...FULL_ALLOWANCE, steps: 10, shapes: 5 };
    expect(lowest(settings, { steps: 9, shapes: 6, bytes: 1e300 })).toEqual({
      ...FULL_ALLOWANCE,
      steps: 9,
      shapes: 5,
    });
    expect(lowest()).toEqual(FULL_ALLOWANCE);
  });
});
