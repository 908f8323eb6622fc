/** Records that are JSON, and that nobody could digest, compare or name the changes of. */
import { describe, expect, it } from 'vitest';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { writeInternationalText } from '../../../shared/cartridge/text-chunk.ts';
import { usesDigest } from '../../../shared/used.ts';
import { altered, faultOf, labelled, pressing, RUN, USED } from './sample.ts';

const labelJson = JSON.stringify(pressing().label);
const opens = (bytes: Uint8Array): void => expect(() => openCartridge(bytes)).not.toThrow();
const faultIn = (bytes: Uint8Array): string => {
  const { code, message } = faultOf(() => openCartridge(bytes));
  return `${code}: ${message}`;
};

describe('a hostile record', () => {
  it('is refused when it says what canonical JSON cannot write, wherever that stands', () => {
    const within = (text: string): Uint8Array =>
      altered({ gvpie: writeInternationalText('gvpie', `{"new":${text},${labelJson.slice(1)}`) });
    const odd = ['"\\ud800"', '1e999', '[{"\\udc00":1}]', '{"a":["b",-1e999]}'];
    for (const text of odd) expect(faultIn(within(text))).toMatch(/^CART-E014.*canonical JSON can write/);
    for (const text of ['"\\ud83d\\ude00"', '1e308', '[{"\\\\ud800":1}]']) opens(within(text));
    const used = { ...USED, new: { a: '\ud800' } };
    expect(faultIn(labelled({ used }))).toMatch(/^CART-E014.*half of a surrogate pair/);
  });

  it('is refused as a run, too', () => {
    const by = (renderer: string): Uint8Array =>
      altered({ gvpie_run: writeInternationalText('gvpie_run', JSON.stringify({ ...RUN, renderer })) });
    opens(by('whole \u{1f600}'));
    expect(faultIn(by('half \ud83d'))).toMatch(/^CART-E014.*run/);
  });

  it('is refused when a section of what was used has a long name, which each of its changes would repeat', () => {
    const named = (length: number): Uint8Array => {
      const used = { ...USED, ['s'.repeat(length)]: { a: 1 } };
      return labelled({ used, uses: usesDigest(used) });
    };
    opens(named(64));
    expect(faultIn(named(65))).toMatch(/^CART-E014.*at most 64 characters/);
  });
});
