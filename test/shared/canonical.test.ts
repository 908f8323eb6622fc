import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../shared/canonical.ts';

const SEED = 5;

describe('canonicalText', () => {
  it('is what canonicalize gives, for whatever JSON holds', () => {
    // Keys that are numbers, that share a beginning, and that JavaScript has its own ideas of.
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom('10', '9', '0047', '10400', '1F600', '', '__proto__', 'é', '\uffff'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc.double(),
        fc.integer(),
        fc.boolean(),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('tree'), { maxLength: 5 }),
      record: fc.dictionary(key, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
    }));
    let compared = 0;
    fc.assert(
      fc.property(fc.dictionary(key, tree, { noNullPrototype: true }), (record) => {
        let expected: string | undefined;
        try {
          expected = canonicalize(record);
        } catch {
          expect(() => canonicalText(record)).toThrow();
          return;
        }
        compared++;
        expect(canonicalText(record)).toBe(expected);
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(150);
  });

  it('sorts the keys of records and of what they hold, and leaves their values alone', () => {
    const record = {
      b: [{ d: 1, c: 2 }, 3],
      a: { '\u20ac': 1, z: 'x', '\r': 2 },
      '\u{10000}': 0,
      '\uffff': 1,
    };
    const before = JSON.stringify(record);
    expect(canonicalText(record)).toBe(
      '{"a":{"\\r":2,"z":"x","\u20ac":1},"b":[{"c":2,"d":1},3],"\u{10000}":0,"\uffff":1}',
    );
    expect(JSON.stringify(record)).toBe(before);
  });

  it('puts keys that are numbers where their text belongs, which JavaScript does not', () => {
    const glyphs = { '10': 'a', '9': 'b', '0047': 'c', '10400': 'd' };
    expect(canonicalText({ glyphs })).toBe('{"glyphs":{"0047":"c","10":"a","10400":"d","9":"b"}}');
    expect(canonicalText({ b: 1, '1': 2, a: 3 })).toBe('{"1":2,"a":3,"b":1}');
  });

  it('leaves out what is undefined, and has null for it in a list', () => {
    expect(canonicalText({ b: undefined, a: [undefined, null] })).toBe('{"a":[null,null]}');
  });

  it('writes a backslash before ud800, and refuses the half of a surrogate pair that it would stand for', () => {
    expect(canonicalText({ program: '\\ud800' })).toBe('{"program":"\\\\ud800"}');
    expect(canonicalText({ program: '\u{1f600}' })).toBe('{"program":"\u{1f600}"}');
    expect(() => canonicalText({ program: '\ud800' })).toThrow('surrogate');
    expect(() => canonicalText({ '\udc00': 1 })).toThrow('surrogate');
  });

  it('refuses what JSON has no word for', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => canonicalText({ a: [value] })).toThrow('not allowed');
    }
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => canonicalText(cycle)).toThrow('Circular');
  });

  it('takes what is nested deeper than it goes itself, and dates, as canonicalize does', () => {
    let deep: object = { b: 1, a: 2 };
    for (let depth = 0; depth < 40; depth++) deep = { z: deep, y: 0 };
    expect(canonicalText(deep)).toBe(canonicalize(deep));
    expect(canonicalText({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});
