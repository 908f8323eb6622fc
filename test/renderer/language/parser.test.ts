import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';

const linesOf = (text: string) => parse(sourceOf(text)).lines;

/** The operands of a program of one statement, in order, after its opcode. */
function only(text: string): unknown[] {
  const [line, ...others] = linesOf(text);
  expect(others).toEqual([]);
  if (line?.kind !== 'statement') throw new Error(`expected a statement, found ${JSON.stringify(line)}`);
  return [line.opcode, ...Object.values(line.operands)];
}

function complaintsOf(text: string) {
  try {
    parse(sourceOf(text));
  } catch (fault) {
    if (fault instanceof AuthorFault) return fault.complaints;
    throw fault;
  }
  throw new Error(`expected a refusal of ${JSON.stringify(text)}`);
}

describe('a program', () => {
  it('of nothing is empty', () => {
    expect(linesOf('')).toEqual([]);
  });

  it('keeps its blank lines, comments and line numbers', () => {
    expect(linesOf('# a title \n\n  HALT\n \t \n\t#\n')).toEqual([
      { kind: 'comment', text: ' a title' },
      { kind: 'blank' },
      { kind: 'statement', line: 3, opcode: 'HALT', operands: {} },
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
    expect(linesOf('TXT 5 5 Header\nRECT 5 15 100 2\nTXT 5 20 Content\nHALT\n')).toEqual([
      { kind: 'statement', line: 1, opcode: 'TXT', operands: { x: 5, y: 5, text: 'Header' } },
      { kind: 'statement', line: 2, opcode: 'RECT', operands: { x: 5, y: 15, w: 100, h: 2 } },
      { kind: 'statement', line: 3, opcode: 'TXT', operands: { x: 5, y: 20, text: 'Content' } },
      { kind: 'statement', line: 4, opcode: 'HALT', operands: {} },
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
  it.each(['RECT', 'rect', 'Rect', 'rECt'])('may be written %s', (word) => {
    expect(only(`${word} 1 2 3 4`)).toEqual(['RECT', 1, 2, 3, 4]);
  });

  it.each([
    ['TEXT 1 2 Hi', '"TEXT"', 'did you mean TXT? TXT x y text'],
    ['CIRCLE 1 2 3', '"CIRCLE"', 'the opcodes are TXT, RECT, HALT'],
    ['12', '"12"', 'the opcodes are TXT, RECT, HALT'],
    [', HALT', 'a comma', 'the opcodes are TXT, RECT, HALT'],
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

describe('a number', () => {
  it.each([
    ['0', 0],
    ['+0', 0],
    ['-0', 0],
    ['-000', 0],
    ['007', 7],
    ['+5', 5],
    ['-5', -5],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    [`${'0'.repeat(1000)}2147483647`, 2147483647],
  ])('%.20s is %i', (word, value) => {
    expect(only(`TXT ${word} 1 a`)).toStrictEqual(['TXT', value, 1, 'a']);
  });

  it.each(['2147483648', '-2147483649', '+99999999999', '9'.repeat(1000), '2147483648000000000000000000000'])(
    'lies within 32 bits, unlike %.20s',
    (word) => {
      const [complaint] = complaintsOf(`TXT 1 ${word} a`);
      expect(complaint).toMatchObject({ code: 'PXL-E004', line: 1, column: 7 });
      expect(complaint.message).toMatch(/^Expected y from -2147483648 to 2147483647, found "/);
    },
  );

  it.each([
    ['ten', 'TXT x y text'],
    ['-', 'TXT x y text'],
    ['+-1', 'TXT x y text'],
    ['--1', 'TXT x y text'],
    ['٣', 'TXT x y text'],
    ['.', 'TXT x y text'],
    ['12abc', 'TXT x y text: put a blank or a comma after 12'],
    ['1;2', 'TXT x y text: put a blank or a comma after 1'],
    ['1.5', 'TXT x y text: numbers are whole, digits only'],
    ['.5', 'TXT x y text: numbers are whole, digits only'],
    ['-1.', 'TXT x y text: numbers are whole, digits only'],
    ['1e3', 'TXT x y text: numbers are whole, digits only'],
    ['1_000', 'TXT x y text: numbers are whole, digits only'],
    ['0x10', 'TXT x y text: numbers are decimal'],
    ['0b1', 'TXT x y text: numbers are decimal'],
    ['−5', 'TXT x y text: the minus sign is the ASCII hyphen -'],
    ['5#', 'TXT x y text: comments are whole lines: move the # to a line of its own'],
  ])('is decimal digits with or without a sign, unlike %s', (word, hint) => {
    expect(complaintsOf(`TXT ${word} 1 a`)).toEqual([
      {
        code: 'PXL-E003',
        message: `Expected a number, found "${word}"`,
        line: 1,
        column: 5,
        excerpt: `TXT ${word} 1 a\n    ${'^'.repeat(word.length)}`,
        hint,
      },
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

describe('a refusal', () => {
  it('says what the protocol promises', () => {
    expect(complaintsOf('TXT ten 10 Hello')).toEqual([
      {
        code: 'PXL-E003',
        message: 'Expected a number, found "ten"',
        line: 1,
        column: 5,
        excerpt: 'TXT ten 10 Hello\n    ^^^',
        hint: 'TXT x y text',
      },
    ]);
  });

  it('counts columns in code points', () => {
    expect(complaintsOf('😀é x')[0]).toMatchObject({ column: 1, excerpt: '😀é x\n^^' });
    expect(complaintsOf('RECT 😀 2 3 4')[0]).toMatchObject({ column: 6, excerpt: 'RECT 😀 2 3 4\n     ^' });
    expect(complaintsOf('HALT\tnow')[0]).toMatchObject({ column: 6, excerpt: 'HALT␉now\n     ^^^' });
  });

  it('names every bad line once and no good one', () => {
    const complaints = complaintsOf('TXT a b\n\nHALT\nRECT -1 x y\n# ok\nFOO\r\nHALT');
    expect(complaints.map(({ line, code }) => [line, code])).toEqual([
      [1, 'PXL-E003'],
      [4, 'PXL-E003'],
      [6, 'PXL-E006'],
    ]);
  });

  it('lists as many bad lines as the limit, and of more the first', () => {
    const bad = (count: number) => complaintsOf('FOO\n'.repeat(count)).map(({ line }) => line);
    const all = Array.from({ length: LIMITS.errors }, (_, index) => index + 1);
    expect(bad(LIMITS.errors - 1)).toEqual(all.slice(0, -1));
    expect(bad(LIMITS.errors)).toEqual(all);
    expect(bad(LIMITS.errors + 1)).toEqual(all);
  });
});

describe('a source of the largest size', () => {
  const fill = (line: string) => line.repeat(Math.floor(LIMITS.sourceBytes / line.length));
  const sources: [string, string][] = [
    ['rectangles', fill('RECT 1 2 3 4\n')],
    ['short texts', fill('TXT 1 2 Hi\n')],
    ['long texts', fill(`TXT 1 2 ${'x'.repeat(LIMITS.textCodePoints)}\n`)],
    ['empty lines', fill('\n')],
    ['blanks', fill(' ')],
    ['blanks before a letter', `${fill(' ').slice(1)}x`],
    ['commas', fill(',')],
    ['operands without end', `RECT ${fill('1 ').slice(5)}`],
    ['one word', fill('x')],
    ['one number', `TXT ${fill('1').slice(5)}`],
    ['one number with a bad end', `TXT ${fill('1').slice(6)}!`],
    ['signs and dots', `TXT ${fill('1.').slice(6)}`],
    ['CRs', `TXT 1 2 ${fill('\r').slice(9)}x`],
    ['a comment', fill('#')],
    ['bad lines', fill('RECT 1 2 3 x\n')],
  ];

  it.each(sources)('is parsed at once: %s', (_, text) => {
    const source = sourceOf(text);
    const start = performance.now();
    try {
      parse(source);
    } catch (fault) {
      expect(fault).toBeInstanceOf(AuthorFault);
    }
    // Measured under 150 ms; quadratic work would take minutes.
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
