/** Every string of up to three tokens, of which `test/long` has four, and random bytes, against a second reading. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSource, type Source, sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { describeEnumeration, objection, TOKENS } from './enumeration.ts';

describeEnumeration(3);

describe('every short string of tokens', () => {
  it('is compared by something that can object', () => {
    const objects = (text: string, expected: (string | undefined)[]) => objection(sourceOf(text), expected);
    expect(objects('RECT 1 2 3 4', ['RECT 1 2 3 4'])).toBeUndefined();
    expect(objects('RECT 1 2 3 4', ['RECT 1 2 3 5'])).toMatch('printed');
    expect(objects('RECT 1 2 3 4', [undefined])).toMatch('accepted');
    expect(objects('RECT 1 2 3', ['RECT 1 2 3'])).toMatch('complained');
    expect(objects('RECT 1-2 #111 3 4', ['RECT 1-2 #111 3 4'])).toBeUndefined();
    expect(objects('RECT 1-2 #111 3 4', ['RECT 1-3 #111 3 4'])).toMatch('printed');
    expect(objects('HALT\nRECT', [undefined, undefined])).toMatch('complained of lines 2');
  });
});

/** A name that stands in a bad line is believed elsewhere; which lines are bad then depends on one another. */
const NAMELESS = TOKENS.filter((token) => token !== 'x');

describe('random bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom(...NAMELESS, 'RECT 1 2 3 4', 'TXT 1 2', '\uFEFF', '😀'), { maxLength: 40 })
      .map((parts) => Buffer.from(parts.join(''))),
  );

  it('are refused by an AuthorFault or read as the reference reads them', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        let source: Source;
        try {
          source = decodeSource(input);
        } catch (fault) {
          expect(fault).toBeInstanceOf(AuthorFault);
          return;
        }
        expect(objection(source)).toBeUndefined();
      }),
      { seed: 20261120, numRuns: 5_000 },
    );
  });
});
