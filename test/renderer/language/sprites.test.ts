/** What SPRITE, INK, ROW and IMAGE declare, where they may stand, and both sides of each of their bounds. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { placeless } from './places.ts';
import { complaintsOf } from './reading.ts';

const programOf = (text: string): Program => parse(sourceOf(text));
const CHECKSUM = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const OTHER = '0'.repeat(64);

/** The codes with their places, in order. */
const placesOf = (text: string): string[] =>
  complaintsOf(text).map(({ line, column, code }) => `${line}:${column} ${code}`);

/** A sprite of these lines. */
const sprite = (...lines: string[]): string => ['SPRITE a', ...lines, 'END'].join('\n');

describe('a SPRITE', () => {
  it('is its rows as they stand, as wide as the longest, and a colour for each character of an INK', () => {
    const text = sprite('# a comment', 'ROW  .o', '', 'INK #ff000080 o=', 'ROW =  o# o', 'INK blue\t \tx');
    expect(programOf(text).sprites).toEqual([
      {
        name: 'a',
        line: 1,
        width: 7,
        height: 2,
        rows: [' .o', '=  o# o'],
        inks: new Map([
          [0x6f, 0x800000ff | 0],
          [0x3d, 0x800000ff | 0],
          [0x78, 0xffff0000 | 0],
        ]),
        penCode: 0x23,
      },
    ]);
  });

  it.each([
    ['without a #', ['ROW ..'], false],
    ['with one', ['ROW .#'], true],
    ['with one that has an INK', ['ROW .#', 'INK red #'], false],
  ])('%s uses the pen or not', (_, lines, usesPen) => {
    expect(programOf(sprite(...lines)).sprites[0]?.penCode).toBe(usesPen ? 0x23 : undefined);
  });

  it('counts code points, not units', () => {
    const wide = programOf(sprite('INK gold 🚀é', 'ROW 🚀.é', 'ROW 🚀')).sprites[0];
    expect(wide).toMatchObject({ width: 3, height: 2 });
    expect([...(wide?.inks.keys() ?? [])]).toEqual([0x1f680, 0xe9]);
    expect(placesOf(sprite('ROW 🚀é'))).toEqual(['2:5 PXL-E036', '2:6 PXL-E036']);
  });

  it('takes a name once, with what else is declared, and hands none to variables', () => {
    for (const line of ['DIM a 2', 'DATA a 1', 'PARAM a 1 0 2', 'DEF a\nEND', sprite('ROW #')]) {
      expect(placesOf(`${sprite('ROW #')}\n${line}`)[0]).toMatch(/^4:\d PXL-E017$/);
    }
    expect(placesOf(`${sprite('ROW #')}\nSET a 1`)).toEqual(['4:5 PXL-E017']);
    expect(placesOf(`${sprite('ROW #')}\nDEF f a\nEND`)).toEqual(['4:7 PXL-E017']);
    expect(placesOf(`${sprite('ROW #')}\nIMAGE a 1 1 ${CHECKSUM}`)).toEqual(['4:7 PXL-E017']);
    expect(placesOf(sprite('ROW #').replace(' a', ' width'))).toEqual(['1:8 PXL-E017']);
  });

  it('stands outside all blocks, wherever it is used', () => {
    for (const open of ['IF 1', 'FOR i 1 2', 'WHILE 1', 'DEF f']) {
      expect(placesOf(`${open}\n${sprite('ROW #')}\nEND`)).toEqual(['2:1 PXL-E018']);
    }
    expect(programOf(`BLIT a 1 2\nDEF f\nBLIT a 1 2\nEND\n${sprite('ROW #')}`).sprites).toHaveLength(1);
  });

  it('holds nothing but INK, ROW, comments and blank lines', () => {
    const lines = [
      'RECT 1 2 3 4',
      'SET x 1',
      'IF 1\nEND',
      'FOR i 1 2\nEND',
      'ELSE',
      'RET',
      'DEF f\nEND',
      'x:',
    ];
    for (const line of [...lines, 'HALT', 'DIM x 2', `IMAGE x 1 1 ${CHECKSUM}`]) {
      expect(placesOf(sprite('ROW #', line, 'INK red o', 'ROW o'))).toEqual(['3:1 PXL-E018']);
    }
    expect(placesOf('ROW #')).toEqual(['1:1 PXL-E018']);
    expect(placesOf('INK red #')).toEqual(['1:1 PXL-E018']);
    expect(placesOf(`${sprite('ROW #')}\nROW #`)).toEqual(['4:1 PXL-E018']);
  });

  it('without its END is said once, where what follows shows it', () => {
    const rest = ['FOR i 1 2', 'RECT i 2 3 4', 'END', 'again:', 'JMP again'];
    expect(placesOf(['SPRITE a', 'ROW #', ...rest].join('\n'))).toEqual(['3:1 PXL-E018']);
    expect(placesOf(['SPRITE a', 'ROW #', sprite('ROW #').replace(' a', ' b')].join('\n'))).toEqual([
      '3:1 PXL-E018',
    ]);
    expect(placesOf('SPRITE a\nROW #')).toEqual(['1:1 PXL-E018']);
  });

  it('of which a line cannot be read is believed to have had what it lacks', () => {
    expect(placesOf(sprite('INK rde o', 'ROW o'))).toEqual(['2:5 PXL-E021']);
    expect(placesOf(sprite('INK', 'ROW o'))).toEqual(['2:4 PXL-E007']);
    expect(placesOf(sprite('ROWW o'))).toEqual(['2:1 PXL-E006']);
    expect(placesOf(`SPRITE 1\nROW #\nEND\nBLIT ship 1 2`)).toEqual(['1:8 PXL-E015', '4:6 PXL-E016']);
  });

  it('refuses an INK for the dot, and two for one character, also in one line', () => {
    expect(placesOf(sprite('INK red o.', 'ROW o'))).toEqual(['2:10 PXL-E036']);
    expect(placesOf(sprite('INK red o', 'INK red xo', 'ROW o'))).toEqual(['3:10 PXL-E036']);
    expect(placesOf(sprite('INK red oxo', 'ROW o'))).toEqual(['2:11 PXL-E036']);
  });

  it('complains of each character without an INK once', () => {
    expect(placesOf(sprite('ROW oo.x', 'ROW xoy'))).toEqual(['2:5 PXL-E036', '2:8 PXL-E036', '3:7 PXL-E036']);
  });

  it.each([
    ['SET gold 1', 'which is a variable'],
    ['DIM gold 2', 'which line 5 declares with DIM'],
    ['DEF gold\nEND', 'which line 5 declares with DEF'],
    ['SPRITE gold\nROW .\nEND', 'which line 5 declares with SPRITE'],
    [`IMAGE gold 1 1 ${CHECKSUM}`, 'which line 5 declares with IMAGE'],
    ['PARAM gold 1 0 2', 'which line 5 declares with PARAM'],
  ])('and a DATA take no name of a colour that %j has taken, and say by what', (line, found) => {
    const messages = (text: string): string[] =>
      complaintsOf(text).map(({ code, message }) => `${code} ${message}`);
    const text = `${sprite('INK gold o', 'ROW o')}\n${line}\nDATA table gold`;
    expect(messages(text)).toEqual([
      `PXL-E017 Expected a colour, found "gold", ${found}`,
      `PXL-E017 Expected a number or a colour, found "gold", ${found}`,
    ]);
    expect(programOf(text.replace(line, line.replace('gold', 'gilt'))).sprites[0]?.inks.size).toBe(1);
  });

  it('takes no number for a colour, and no channels', () => {
    expect(placesOf(sprite('INK 255 o', 'ROW o'))).toEqual(['2:5 PXL-E021']);
    expect(placesOf(sprite('INK rgb(1,2,3) o', 'ROW o'))).toEqual(['2:5 PXL-E015']);
  });

  it.each([LIMITS.spriteSide, LIMITS.spriteSide + 1])('of %i rows or columns is read or refused', (side) => {
    const isRead = side <= LIMITS.spriteSide;
    const tall = sprite(...Array<string>(side).fill('ROW #'));
    const wide = sprite('ROW #', `ROW ${'🚀'.repeat(side)}`, 'INK gold 🚀');
    if (isRead) {
      expect(programOf(tall).sprites[0]).toMatchObject({ width: 1, height: side });
      expect(programOf(wide).sprites[0]).toMatchObject({ width: side, height: 2 });
    } else {
      expect(placesOf(tall)).toEqual([`${side + 1}:5 PXL-E037`]);
      expect(placesOf(wide)).toEqual(['3:5 PXL-E037']);
    }
  });

  it('has a row at least, if only of holes', () => {
    expect(placesOf(sprite('INK red o'))).toEqual(['1:8 PXL-E037']);
    expect(programOf(sprite('ROW .')).sprites[0]).toMatchObject({ width: 1, height: 1 });
  });
});

describe('an IMAGE', () => {
  it('is its size and its checksum, in small letters', () => {
    const text = `image Logo 128 64 ${CHECKSUM.toUpperCase()}\nIMAGE b 1 16384 ${OTHER}`;
    expect(programOf(text).images).toEqual([
      { name: 'logo', line: 1, width: 128, height: 64, checksum: CHECKSUM },
      { name: 'b', line: 2, width: 1, height: 16_384, checksum: OTHER },
    ]);
  });

  it.each(['0 1', '16385 1', '1 0', '1 16385', '-1 1'])('is refused at %s pixels', (size) => {
    expect(placesOf(`IMAGE a ${size} ${CHECKSUM}`)[0]).toMatch(/^1:\d+ PXL-E005$/);
  });

  it.each(['width 1', '1 1+1', '#fff 1', '(1) 1', '1 (1)', '( 1 ) 1', '+1 1', '1 +1', '--1 1', '1 -(-1)'])(
    'takes no size of %s',
    (size) => {
      expect(placesOf(`IMAGE a ${size} ${CHECKSUM}`)[0]).toMatch(/^1:\d+ PXL-E015$/);
    },
  );

  it('takes a size as bare digits, with naughts before them', () => {
    expect(programOf(`IMAGE a 007 016384 ${CHECKSUM}`).images).toMatchObject([{ width: 7, height: 16_384 }]);
  });

  it.each([CHECKSUM.slice(1), `${CHECKSUM}0`, `${CHECKSUM.slice(1)}g`, 'x'])(
    'is refused with the checksum %s',
    (checksum) => {
      expect(placesOf(`IMAGE a 1 1 ${checksum}\nBLIT a 1 2`)).toEqual(['1:13 PXL-E038']);
    },
  );

  it('has the size of another of its checksum', () => {
    expect(programOf(`IMAGE a 2 3 ${CHECKSUM}\nIMAGE b 2 3 ${CHECKSUM}`).images).toHaveLength(2);
    expect(placesOf(`IMAGE a 2 3 ${CHECKSUM}\nIMAGE b 3 2 ${CHECKSUM}`)).toEqual(['2:7 PXL-E039']);
  });

  it('leaves room for the others: together they have as many pixels as are allowed, and not one more', () => {
    const rows = LIMITS.imagePixels / LIMITS.canvasSide;
    const most = `IMAGE a ${LIMITS.canvasSide} ${rows - 1} ${CHECKSUM}\nIMAGE b ${LIMITS.canvasSide - 1} 1 ${OTHER}`;
    const last = (w: number) => `${most}\nIMAGE c ${w} 1 ${'1'.repeat(64)}`;
    expect(programOf(last(1)).images).toHaveLength(3);
    expect(placesOf(last(2))).toEqual(['3:7 PXL-E039']);
    // Said of the first that is too much.
    expect(placesOf(`${last(2)}\nIMAGE d 1 1 ${'2'.repeat(64)}`)).toEqual(['3:7 PXL-E039']);
  });

  it('stands outside all blocks', () => {
    expect(placesOf(`IF 1\nIMAGE a 1 1 ${CHECKSUM}\nEND`)).toEqual(['2:1 PXL-E018']);
  });
});

describe('BLIT', () => {
  it.each(['0 0', 'x y 64', '0 0 1 -2147483648', '0 0 x x x', '0 0 1 2 3'])('takes %s', (operands) => {
    expect(programOf(`SET x 1\nSET y 2\n${sprite('ROW #')}\nBLIT a ${operands}`).lines).toHaveLength(6);
  });

  it.each([
    ['0', '4:9 PXL-E007'],
    ['0 0 0', '4:12 PXL-E005'],
    ['0 0 65', '4:12 PXL-E005'],
    ['0 0 1 0 -1', '4:16 PXL-E005'],
    ['0 0 1 0 4', '4:16 PXL-E005'],
    ['0 0 1 0 3 0', '4:18 PXL-E008'],
  ])('refuses %s', (operands, place) => {
    expect(placesOf(`${sprite('ROW #')}\nBLIT a ${operands}`)).toEqual([place]);
  });

  it('draws sprites and images alone', () => {
    for (const line of ['DIM b 2', 'DATA b 1', 'PARAM b 1 0 2', 'DEF b\nEND', 'SET b 1']) {
      expect(placesOf(`BLIT b 1 2\n${line}`)).toEqual(['1:6 PXL-E017']);
    }
    expect(placesOf(`BLIT red 1 2`)).toEqual(['1:6 PXL-E016']);
    expect(programOf(`BLIT b 1 2\nIMAGE b 1 1 ${CHECKSUM}`).images).toHaveLength(1);
  });
});

describe('printing sprites', () => {
  it('keeps each character of a ROW and of an INK, and is undone by parsing', () => {
    const lines = ['ink gold  🚀, x', 'row  .🚀', 'ROW ,x , #', 'ROW\t .', '\trow # row'];
    const text = `${sprite(...lines, 'INK red rowRW')}\nimage b 1 2 ${CHECKSUM.toUpperCase()}\nblit A 1,2`;
    const program = programOf(text.replace('row # row', 'row # rowRW'));
    const printed = print(program);
    expect(placeless(programOf(printed).lines)).toEqual(placeless(program.lines));
    expect(print(programOf(printed))).toBe(printed);
    expect(printed).toContain('\n  ROW  .🚀\n  ROW ,x , #\n  ROW  .\n  ROW # rowRW\n');
  });
});
