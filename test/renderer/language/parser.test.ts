import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../shared/limits.ts';
import { complaintsOf, linesOf, only } from './reading.ts';

describe('a program', () => {
  it('of nothing is empty', () => {
    expect(linesOf('')).toEqual([]);
  });

  it('keeps its blank lines, comments and line numbers', () => {
    expect(linesOf('# a title \n\n  HALT\n \t \n\t#\n')).toEqual([
      { kind: 'comment', text: ' a title' },
      { kind: 'blank' },
      { kind: 'statement', line: 3, opcode: 'HALT', operands: [], weight: 0 },
      { kind: 'blank' },
      { kind: 'comment', text: '' },
    ]);
  });

  it('is the same with CRLF as with LF', () => {
    const text = 'TXT 1 2 Hi\n\n# c\nRECT 1 2 3 4\nHALT\n';
    expect(linesOf(text.replaceAll('\n', '\r\n'))).toEqual(linesOf(text));
  });

  it('may follow a byte order mark', () => {
    expect(linesOf('\uFEFFHALT')).toEqual(linesOf('HALT'));
  });

  it('needs no HALT', () => {
    expect(linesOf('RECT 1 2 3 4')).toHaveLength(1);
  });

  it('of the seed is read', () => {
    const number = (value: number) => ({ kind: 'number', value });
    const text = (value: string) => ({ kind: 'text', text: value });
    const statement = (line: number, opcode: string, ...operands: unknown[]) => {
      return { kind: 'statement', line, opcode, operands, weight: 0 };
    };
    expect(linesOf('TXT 5 5 Header\nRECT 5 15 100 2\nTXT 5 20 Content\nHALT\n')).toEqual([
      statement(1, 'TXT', number(5), number(5), text('Header')),
      statement(2, 'RECT', number(5), number(15), number(100), number(2)),
      statement(3, 'TXT', number(5), number(20), text('Content')),
      statement(4, 'HALT'),
    ]);
  });
});

describe('a comment', () => {
  it('is a line whose first non-blank is #, whatever it says', () => {
    for (const text of ['#', '##', '# RECT ,,', '#!x', ' \t# HALT', '#\u0007']) {
      expect(linesOf(text)).toMatchObject([{ kind: 'comment' }]);
    }
  });

  it('keeps its inner blanks and commas', () => {
    expect(linesOf('  #a,,  b\tc \t')).toEqual([{ kind: 'comment', text: 'a,,  b\tc' }]);
  });

  it('does not end a line', () => {
    expect(complaintsOf('RECT 1 2 3 4 # box')).toMatchObject([
      {
        code: 'PXL-E008',
        message: 'Expected the end of the line, found "#"',
        column: 14,
        hint: 'RECT x y w h: comments are whole lines: move the # to a line of its own',
      },
    ]);
    expect(complaintsOf('HALT# stop')[0].hint).toMatch(/^comments are whole lines/);
    expect(complaintsOf('RECT 1 2 3 4#box')[0].hint).toMatch(/comments are whole lines/);
  });

  it('is not found in a text', () => {
    expect(only('TXT 1 2 a # b')).toEqual(['TXT', 1, 2, 'a # b']);
    expect(only('TXT 1 2 #')).toEqual(['TXT', 1, 2, '#']);
  });
});

describe('the opcode', () => {
  const all = 'gvpie reference lists the opcodes';

  it.each(['RECT', 'rect', 'Rect', 'rECt'])('may be written %s', (word) => {
    expect(only(`${word} 1 2 3 4`)).toEqual(['RECT', 1, 2, 3, 4]);
  });

  it.each([
    ['TEXT 1 2 Hi', '"TEXT"', 'did you mean TXT? TXT x y text'],
    ['CIRCLE 1 2 3', '"CIRCLE"', 'did you mean CIRC? CIRC x y r'],
    ['SPRAY 1 2 3', '"SPRAY"', all],
    ['12', '"12"', all],
    [', HALT', 'a comma', all],
    ['RECT\u00a01 2 3 4', '"RECT␣1"', 'did you mean RECT? RECT x y w h'],
  ])('must be known: %j', (text, found, hint) => {
    expect(complaintsOf(text)).toMatchObject([
      { code: 'PXL-E006', message: `Expected an opcode, found ${found}`, line: 1, column: 1, hint },
    ]);
  });

  it('is followed by a blank, not a comma', () => {
    for (const text of ['RECT,1 2 3 4', 'RECT , 1 2 3 4', 'TXT,1,2,Hi']) {
      expect(complaintsOf(text)).toMatchObject([
        { code: 'PXL-E009', message: 'Expected x, found a comma', column: text.indexOf(',') + 1 },
      ]);
    }
  });
});

describe('operands', () => {
  it.each([
    'RECT 1 2 3 4',
    'RECT\t1\t2\t3\t4',
    '  RECT   1 \t 2  3   4  ',
    'RECT 1,2,3,4',
    'RECT 1 , 2\t,\t3 ,4',
    'RECT 1, 2 3 ,4\r',
    'RECT 1 2 3 4 \t\r \r\r\n',
  ])('may be separated as in %j', (text) => {
    expect(only(text)).toEqual(['RECT', 1, 2, 3, 4]);
  });

  it.each([
    ['RECT 1,,2 3 4', 'Expected y, found a second comma', 8],
    ['RECT 1 , , 2 3 4', 'Expected y, found a second comma', 10],
    ['RECT 1 2 3,\t,4', 'Expected h, found a second comma', 13],
    ['TXT 1,,2 Hi', 'Expected y, found a second comma', 7],
  ])('refuse two commas in a row: %j', (text, message, column) => {
    expect(complaintsOf(text)).toMatchObject([{ code: 'PXL-E009', message, column }]);
  });

  it.each([
    ['RECT', 'x', 5],
    ['RECT 1', 'y', 7],
    ['RECT 1 2 3  \r', 'h', 11],
    ['RECT 1 2 3,', 'h', 12],
    ['TXT', 'x', 4],
    ['TXT 1', 'y', 6],
    ['TXT 1,', 'y', 7],
  ])('must all be there: %j', (text, name, column) => {
    const [complaint] = complaintsOf(text);
    expect(complaint).toMatchObject({
      code: 'PXL-E007',
      message: `Expected ${name}, found the end of the line`,
      column,
    });
    expect(complaint.hint).toMatch(/^(RECT x y w h|TXT x y text)$/);
  });

  it.each([
    ['RECT 1 2 3 4 5', '"5"', 14],
    ['RECT 1 2 3 4,', 'a comma', 13],
    ['HALT now', '"now"', 6],
    ['HALT,', 'a comma', 5],
  ])('must be no more: %j', (text, found, column) => {
    expect(complaintsOf(text)).toMatchObject([
      { code: 'PXL-E008', message: `Expected the end of the line, found ${found}`, column },
    ]);
  });

  it('take a CR for a blank only at the line’s end', () => {
    expect(complaintsOf('RECT 1\r2 3 4')).toMatchObject([
      { code: 'PXL-E003', message: 'Expected a number, found "1␍2"', excerpt: 'RECT 1␍2 3 4\n     ^^^' },
    ]);
  });
});

describe('TXT', () => {
  it.each([
    ['TXT 1 2,Hi', 'Hi'],
    ['TXT 1 2, Hi', ' Hi'],
    ['TXT 1 2  Hi', ' Hi'],
    ['TXT 1 2 ,Hi', ',Hi'],
    ['TXT 1 2,,Hi', ',Hi'],
    ['TXT 1 2\tHi', 'Hi'],
    ['TXT 1 2\t\tHi', '\tHi'],
    ['txt 1 , 2 Hi', 'Hi'],
    ['TXT 1 2 a  b\tc', 'a  b\tc'],
    ['TXT 1 2 Hi \t \r\r', 'Hi'],
    ['TXT 1 2 Hi\r\n', 'Hi'],
    ['TXT 1 2 a\rb', 'a\rb'],
    ['TXT 1 2 ,', ','],
    ['TXT 1 2 é 漢😀', 'é 漢😀'],
    ['TXT 1 2 a\u00a0', 'a\u00a0'],
  ])('reads %j as the text %j', (text, value) => {
    expect(only(text)).toEqual(['TXT', 1, 2, value]);
  });

  it.each(['TXT 1 2', 'TXT 1 2 ', 'TXT 1 2,', 'TXT 1 2, \t', 'TXT 1 2   \r', 'TXT 1 2\t'])(
    'needs text after y, unlike %j',
    (text) => {
      const [complaint] = complaintsOf(text);
      expect(complaint).toMatchObject({
        code: 'PXL-E010',
        message: 'Expected text, found the end of the line',
        hint: 'TXT x y text',
      });
    },
  );

  it('needs a separator after y', () => {
    expect(complaintsOf('TXT 1 2Hi')).toMatchObject([{ code: 'PXL-E003', column: 7 }]);
  });

  it('takes a text of the limit, in code points', () => {
    const text = '😀'.repeat(LIMITS.textCodePoints);
    expect(only(`TXT 1 2 ${text}`)).toEqual(['TXT', 1, 2, text]);
  });

  it('refuses one code point more, with the line', () => {
    const text = '😀'.repeat(LIMITS.textCodePoints + 1);
    const [complaint] = complaintsOf(`HALT\nTXT 1 2 ${text}`);
    expect(complaint).toMatchObject({
      code: 'PXL-E011',
      message: 'Expected at most 4096 characters of text, found 4097',
      line: 2,
      column: 9,
    });
    expect([...(complaint.excerpt as string)].length).toBeLessThan(200);
  });
});

describe('RECT', () => {
  it('takes no width and no height', () => {
    expect(only('RECT -1 -2 0 0')).toEqual(['RECT', -1, -2, 0, 0]);
  });

  it.each([
    ['RECT 0 0 -1 0', 'w', 10],
    ['RECT 0 0 0 -1', 'h', 12],
  ])('refuses a size below zero: %s', (text, name, column) => {
    expect(complaintsOf(text)).toMatchObject([
      { code: 'PXL-E005', message: `Expected ${name} from 0 to 2147483647, found "-1"`, column },
    ]);
  });
});

describe('HALT', () => {
  it('does not keep the lines after it from being parsed', () => {
    expect(linesOf('HALT\nRECT 1 2 3 4')).toHaveLength(2);
    expect(complaintsOf('HALT\nRECT 1 2 3')).toMatchObject([{ line: 2 }]);
  });
});
