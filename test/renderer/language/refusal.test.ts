import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { complaintsOf } from './reading.ts';

describe('a refusal', () => {
  it('says what the protocol promises', () => {
    expect(complaintsOf('TXT 1e1 10 Hello')).toEqual([
      {
        code: 'PXL-E003',
        message: 'Expected a number, found "1e1"',
        line: 1,
        column: 5,
        excerpt: 'TXT 1e1 10 Hello\n    ^^^',
        hint: 'TXT x y text: numbers are whole, digits only',
      },
    ]);
  });

  it('counts columns in code points', () => {
    expect(complaintsOf('😀é x')[0]).toMatchObject({ column: 1, excerpt: '😀é x\n^^' });
    expect(complaintsOf('RECT 😀 2 3 4')[0]).toMatchObject({ column: 6, excerpt: 'RECT 😀 2 3 4\n     ^' });
    expect(complaintsOf('HALT\tnow')[0]).toMatchObject({ column: 6, excerpt: 'HALT␉now\n     ^^^' });
  });

  it('names every bad line once and no good one', () => {
    const complaints = complaintsOf('TXT 1.2 b\n\nHALT\nRECT -1 2x 3y\n# ok\nFOO\r\nHALT');
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

  it('names every unknown name once for each place where it stands', () => {
    const complaints = complaintsOf('RECT a b 1 a\nTXT ten 10 Hello');
    expect(complaints.map(({ line, column, code }) => [line, column, code])).toEqual([
      [1, 6, 'PXL-E016'],
      [1, 8, 'PXL-E016'],
      [1, 12, 'PXL-E016'],
      [2, 5, 'PXL-E016'],
    ]);
  });

  it('lists the first of what is wrong, whether lines or names', () => {
    const places = (text: string) => complaintsOf(text).map(({ line, code }) => `${line} ${code}`);
    const names = 'RECT a b c d\n'.repeat(LIMITS.errors / 4 - 1);
    expect(places(`${names}FOO\n${'RECT e f g h\n'.repeat(9)}`)).toEqual([
      ...Array.from({ length: LIMITS.errors - 4 }, (_, index) => `${1 + Math.floor(index / 4)} PXL-E016`),
      `${LIMITS.errors / 4} PXL-E006`,
      ...Array(3).fill(`${LIMITS.errors / 4 + 1} PXL-E016`),
    ]);
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
    ['bad lines', fill('RECT 1 2 3 4x\n')],
    ['names that nothing sets', fill('RECT 1 2 3 x\n')],
    ['jumps to labels that are not there', fill('JMP x\n')],
    ['sums', fill('RECT 1+2 2-3 3*4 4/5\n')],
    ['blocks', fill('IF 1\nEND\n')],
    ['blocks that nothing ends', fill('IF 1\n')],
    ['DEFs', Array.from({ length: 50_000 }, (_, index) => `DEF f${index}\nEND\n`).join('')],
    ['variables', Array.from({ length: 70_000 }, (_, index) => `SET v${index} 1\n`).join('')],
    [
      'misspelt variables',
      Array.from({ length: 15_000 }, (_, index) => `SET v${index} x${index}\n`).join(''),
    ],
    [
      'arguments',
      `DEF f ${Array.from({ length: 60_000 }, (_, index) => `a${index} `).join('')}\n${'SET a59999 a1\n'.repeat(40_000)}END`,
    ],
    ['one argument again and again', `DEF f ${'x '.repeat(100_000)}\nEND`],
    ['brackets', `SET x ${fill('(').slice(6)}`],
    ['minus signs', `SET x ${fill('-').slice(6)}`],
    ['a DATA', `DATA d ${fill('1 ').slice(8)}`],
  ];

  it.each(sources)('is parsed at once: %s', (_, text) => {
    const source = sourceOf(text);
    const start = process.cpuUsage();
    try {
      parse(source);
    } catch (fault) {
      expect(fault).toBeInstanceOf(AuthorFault);
    }
    // Measured under 150 ms; quadratic work would take minutes.
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});
