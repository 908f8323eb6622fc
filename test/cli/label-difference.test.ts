/** What two labels have different: nothing is missed for its name, and no name makes it grow without bounds. */
import { describe, expect, it } from 'vitest';
import { diffLabels } from '../../cli/label-difference.ts';
import { type Label, labelOf } from '../../shared/cartridge/label.ts';

const PLAIN = labelOf({
  ...{ program: 'HALT', canvas: { width: 1, height: 1 }, checksum: 'a'.repeat(64), script: undefined },
});
const labelWith = (fields: string): Label => ({ ...PLAIN, ...JSON.parse(fields) });
const diff = (one: string, other: string, most = 10) =>
  diffLabels(labelWith(one), labelWith(other), false, most);

describe('what two labels have different', () => {
  it('tells a dot in a name from a field within a field, and a list from an object', () => {
    expect(diff('{"a":{"b":1}}', '{"a.b":1}').changes).toEqual([
      { field: 'a.b', before: '1', after: null },
      { field: '"a.b"', before: null, after: '1' },
    ]);
    expect(diff('{"a":["x"]}', '{"a":{"0":"x"}}').count).toBe(2);
    expect(diff('{"a":["x"]}', '{"a":["x"]}')).toEqual({ count: 0, changes: [] });
  });

  it('knows no field by what every object has', () => {
    const { changes } = diff('{"toString":{"constructor":1}}', '{"toString":{}}');
    expect(changes).toEqual(
      [
        { field: 'toString', before: null, after: '{}' },
        { field: 'toString.constructor', before: '1', after: null },
      ].toReversed(),
    );
  });

  it('names a field that became a value, and one that came with all that is in it', () => {
    const { changes } = diff('{"a":1,"b":[]}', '{"a":{"c":[2,{}]},"b":null}');
    expect(changes).toEqual([
      { field: 'a', before: '1', after: null },
      { field: 'a.c.0', before: null, after: '2' },
      { field: 'a.c.1', before: null, after: '{}' },
      { field: 'b', before: '[]', after: 'null' },
    ]);
  });

  it('counts what it does not list, and repeats no name of megabytes', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `"k${at}":1`);
    const { count, changes } = diff('{}', `{"${'x'.repeat(1_000_000)}":{${many}}}`, 10_000);
    expect([count, changes.length]).toEqual([20_000, 10_000]);
    expect(changes[0]?.field).toBe(`${'x'.repeat(128)}….k0`);
  });
});
