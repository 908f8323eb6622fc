/** Records in which a name stands twice: a label, a run or a signature of which two readers could read two things. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { parseRecord } from '../../../shared/cartridge/read-record.ts';
import { writeInternationalText } from '../../../shared/cartridge/text-chunk.ts';
import { altered, faultOf, pressing } from './sample.ts';

const SEED = 11;
const read = (text: string): unknown => parseRecord(z.unknown(), text, 'record', 10_000);
const refusal = (text: string): string => {
  const { code, message } = faultOf(() => read(text));
  return `${code} ${message}`;
};

describe('a record', () => {
  it('is read where each object has each of its names once, whatever its texts and names look like', () => {
    const names = fc.constantFrom('a', ':', '"b":1', '\\', '__proto__', '1', '', '{', ',');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(names, fc.integer(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(names, tie('value'), { maxKeys: 5, noNullPrototype: true }),
      ),
    }));
    let objects = 0;
    fc.assert(
      fc.property(fc.dictionary(names, value, { noNullPrototype: true }), (record) => {
        const text = JSON.stringify(record, null, 1);
        expect(JSON.stringify(read(text), null, 1)).toBe(text);
        const again = JSON.stringify(record).replace('{"', '{"twice":0,"twice":0,"');
        if (Object.keys(record).length === 0) return;
        objects++;
        expect(refusal(again)).toContain('found 1 that stand there again');
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(objects).toBeGreaterThan(150);
  });

  it('is refused where one has a name twice, with the same value or in another writing, and however deep', () => {
    for (const text of ['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"b":[{"a":{},"c":0,"a":[]}]}]']) {
      expect(refusal(text)).toContain('CART-E013 Expected record to have each name of an object once');
    }
    expect(read('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).toEqual({ a: { a: 1 }, b: [{ a: 2 }, { a: 3 }] });
  });
});

describe('a cartridge', () => {
  it('with two programs in its label is refused, in whatever order they stand', () => {
    const label = JSON.stringify(pressing().label);
    const opening = (text: string) =>
      openCartridge(altered({ gvpie: writeInternationalText('gvpie', text) }));
    expect(opening(label).label.program).toBe('TXT 0 0 Hi\nHALT');
    const first = label.replace('{', '{"program":"TXT 0 0 Other",');
    const last = label.replace(/\}$/, ',"program":"TXT 0 0 Other"}');
    for (const text of [first, last]) expect(faultOf(() => opening(text)).code).toBe('CART-E013');
  });
});
