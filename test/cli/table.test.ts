/** Tables and colour: alignment by what a terminal shows, and plain text everywhere else. */
import { describe, expect, it } from 'vitest';
import { styleOf } from '../../cli/style.ts';
import { fieldLines, tableLines } from '../../cli/table.ts';
import { LIMITS } from '../../shared/limits.ts';

describe('a table', () => {
  it('aligns its columns, left or right, and ends no line in blanks', () => {
    const lines = tableLines(
      [{ title: 'NAME' }, { title: 'MS', align: 'right' }, { title: 'ERROR' }],
      [
        ['a', '7', ''],
        ['longer', '1234', 'why'],
      ],
    );
    expect(lines).toEqual(['NAME      MS  ERROR', 'a          7', 'longer  1234  why']);
  });

  it('counts what a terminal shows: two cells for a wide character, none for a mark', () => {
    const lines = tableLines(
      [{ title: 'N' }, { title: 'X' }],
      [
        ['漢', '1'],
        ['e\u0301', '2'],
        ['ab', '3'],
      ],
    );
    expect(lines).toEqual(['N   X', '漢  1', 'e\u0301   2', 'ab  3']);
  });

  it('shows control characters instead of obeying them', () => {
    expect(tableLines([{ title: 'N' }], [['a\x1b[2J\nb']])[1]).toBe('a␛[2J␊b');
    expect(fieldLines([['name', 'a\nb']])).toEqual(['name  a␊b']);
  });

  it('may have a row for each POP of the longest program, the widest anywhere', () => {
    const rows = Array.from({ length: LIMITS.sourceBytes / 4 }, (_, row) => [row === 200_000 ? 'abc' : 'a']);
    const lines = tableLines([{ title: 'N', align: 'right' }], rows);
    expect([lines.length, lines[0], lines[1], lines[200_001]]).toEqual([
      rows.length + 1,
      '  N',
      '  a',
      'abc',
    ]);
  });

  it('dresses a cell after padding it', () => {
    const dress = (padded: string, cell: string): string => (cell === 'a' ? `<${padded}>` : padded);
    expect(
      tableLines(
        [{ title: 'NAME', dress }, { title: 'X' }],
        [
          ['a', '1'],
          ['b', '2'],
        ],
      ),
    ).toEqual(['NAME  X', '<a   >  1', 'b     2']);
  });
});

describe('colour', () => {
  it('is for terminals', () => {
    expect(styleOf({ isTTY: true }, {}).red('x')).toBe('\x1b[31mx\x1b[39m');
    expect(styleOf({ isTTY: false }, {}).red('x')).toBe('x');
    expect(styleOf({}, {}).red('x')).toBe('x');
  });

  it.each([[{ NO_COLOR: '1' }], [{ TERM: 'dumb' }]])('is not there with %j', (environment) => {
    expect(styleOf({ isTTY: true }, environment).red('x')).toBe('x');
  });

  it('is there when NO_COLOR is empty', () => {
    expect(styleOf({ isTTY: true }, { NO_COLOR: '' }).red('x')).not.toBe('x');
  });
});
