/** What gvpie says about a program that is refused. */
import { describe, expect, it } from 'vitest';
import { complaintLines } from '../../cli/print.ts';
import { styleOf } from '../../cli/style.ts';

const plain = styleOf({ isTTY: false });
const DIVISION = {
  code: 'PXL-E024',
  message: 'Expected a divisor other than 0, found 0',
  line: 5,
  column: 9,
  excerpt: 'SET x y/n\n        ^',
};
const calls = (length: number) => Array.from({ length }, (_, n) => ({ line: n + 1, name: 'star' }));
const linesOf = (complaint: Parameters<typeof complaintLines>[1][number]) =>
  complaintLines('a.pxl', [complaint], plain);

describe('a complaint', () => {
  it('names the calls that led there under its excerpt, innermost first', () => {
    const through = [
      { line: 12, name: 'star' },
      { line: 3, name: 'sky' },
    ];
    expect(linesOf({ ...DIVISION, calls: through, hint: 'test n before' })).toEqual([
      'a.pxl:5:9: error PXL-E024: Expected a divisor other than 0, found 0',
      '    SET x y/n',
      '            ^',
      '    called from line 12: star',
      '    called from line 3: sky',
      '    hint: test n before',
    ]);
  });

  it('says nothing of calls where there were none', () => {
    expect(linesOf({ ...DIVISION, calls: [] })).toEqual(linesOf(DIVISION));
    expect(linesOf(DIVISION)).toHaveLength(3);
  });

  it('names eight calls, and counts those beyond', () => {
    expect(linesOf({ ...DIVISION, calls: calls(8) }).at(-1)).toBe('    called from line 8: star');
    expect(linesOf({ ...DIVISION, calls: calls(9) }).slice(-2)).toEqual([
      '    called from line 8: star',
      '    … and 1 call more',
    ]);
    expect(linesOf({ ...DIVISION, calls: calls(256) })).toHaveLength(3 + 8 + 1);
  });

  it('shows, and does not obey, what a name in a reply of somebody else’s says', () => {
    expect(linesOf({ ...DIVISION, calls: [{ line: 1, name: '\x1b[2J' }] }).at(-1)).toBe(
      '    called from line 1: ␛[2J',
    );
  });
});
