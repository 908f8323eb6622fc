/** What SHADE, LOOP and BREAK hold and refuse, whose names are whose, and both sides of each of their bounds. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { placeless } from './places.ts';
import { complaintsOf } from './reading.ts';

const programOf = (text: string): Program => parse(sourceOf(text));

/** The codes with their places, in order. */
const placesOf = (text: string): string[] =>
  complaintsOf(text).map(({ line, column, code }) => `${line}:${column} ${code}`);

const adviceOf = (text: string): string | undefined => complaintsOf(text)[0].hint;

/** A SHADE of these lines. */
const shade = (...lines: string[]): string => ['SHADE 0 0 9 9', ...lines, 'END'].join('\n');

describe('a SHADE', () => {
  it('knows the names that it sets, and those of the program that it reads, in order', () => {
    const text = `PARAM p 1 0 2\nSET k 1\n${shade(
      'SET t p+x*w',
      '# k is read once',
      'IF k>width',
      '  ADD g t+k',
      'ELSE IF b',
      '  SET u tomato',
      'END',
      'LOOP p',
      '  BREAK height',
      'END',
    )}`;
    expect(programOf(text).shades).toEqual([
      { line: 3, sets: ['t', 'g', 'u'], reads: ['p', 'k', 'width', 'height'] },
    ]);
  });

  it('is printed as it stands, its LOOPs indented, and parses to the same', () => {
    const text = 'SHADE 0 0 9 9\n  LOOP 3\n    IF x\n      BREAK\n    END\n    BREAK r>g\n  END\nEND\n';
    const program = programOf(text.replaceAll('  ', '').toLowerCase());
    expect(print(program)).toBe(text);
    expect(placeless(programOf(text).lines)).toEqual(placeless(program.lines));
  });

  it('stands wherever a RECT may', () => {
    for (const open of ['IF 1', 'FOR i 1 2', 'WHILE 1', 'DEF f', 'IF 1\nELSE']) {
      const text = `${open}\n${shade('SET r 1')}\nEND`;
      expect(programOf(text).shades).toHaveLength(1);
    }
  });

  it.each([
    ['RECT 1 2 3 4', 'a SHADE draws its own pixels by SET r, g, b and a: END ends it before other shapes'],
    ['COLOR red', 'how the pixels of a SHADE are blended is set before it'],
    ['FOR i 1 2\nEND', 'LOOP n repeats lines here, and BREAK leaves it'],
    ['WHILE 1\nEND', 'LOOP n repeats lines here, and BREAK leaves it'],
    ['CALL f', 'a SHADE runs no DEF: write its lines here'],
    ['JMP out', 'IF test … END leaves lines out here, and BREAK leaves a LOOP'],
    ['IF r JMP out', 'IF test … END leaves lines out here, and BREAK leaves a LOOP'],
    ['here:', 'IF test … END leaves lines out here, and BREAK leaves a LOOP'],
    ['SEED 3', 'hash(x, y) looks like chance in a SHADE'],
    ['DIM q 2', 'END ends the SHADE before it'],
    ['RET', 'END ends the SHADE before it'],
    ['HALT', 'END ends the SHADE before it'],
    ['GLOBAL q', 'END ends the SHADE before it'],
    ['SPRITE q\nROW #\nEND', 'END ends the SHADE before it'],
    ['ROW #', 'END ends the SHADE before it'],
  ])('does not hold %j: said once, with advice', (stray, advice) => {
    const after = 'LOOP 2\nSET u t+x\nBREAK u\nEND';
    const text = `DEF f\nEND\nout:\n${shade('SET t 1', stray, after)}`;
    const expected = stray === 'ROW #' ? ['6:1 PXL-E018', '6:1 PXL-E018'] : ['6:1 PXL-E018'];
    expect(placesOf(text)).toEqual(expected);
    expect(adviceOf(text)).toBe(advice);
  });

  it('without its END is said once, where what follows shows it', () => {
    const rest = [
      'FOR i 1 2',
      'RECT i 2 3 4',
      'END',
      'again:',
      'JMP again',
      'DEF f',
      'RET 1',
      'END',
      'CALL f',
    ];
    expect(placesOf(['SHADE 0 0 9 9', 'SET r x', ...rest].join('\n'))).toEqual(['3:1 PXL-E018']);
    expect(placesOf(`SHADE 0 0 9 9\nLOOP 2\nIF x\nSET r 1\n${rest.join('\n')}`)).toEqual(['5:1 PXL-E018']);
    expect(placesOf('SHADE 0 0 9 9\nSET r x')).toEqual(['1:1 PXL-E018']);
    expect(placesOf(`SHADE 0 0 9 9\nSET r x\n${shade('SET r y')}`)).toEqual(['3:1 PXL-E018']);
    // What may stand in both is the SHADE's until then: the program has no variable of that name.
    expect(placesOf('SHADE 0 0 9 9\nSET c 1\nRECT c 2 3 4')).toEqual(['3:1 PXL-E018']);
  });

  it('of which a line cannot be read is believed to have had what it lacks', () => {
    expect(placesOf('SHADE 0 0 9\nSET r 1\nLOOP 2\nBREAK\nEND\nEND')).toEqual(['1:12 PXL-E007']);
    expect(placesOf(shade('SETT v 1', 'SET r v'))).toEqual(['2:1 PXL-E006']);
    expect(placesOf(shade('RECT 1 2', 'SET r 1', 'BREAK'))).toEqual(['2:9 PXL-E007']);
    expect(placesOf(shade('LOOP', 'BREAK', 'END'))).toEqual(['2:5 PXL-E007']);
  });

  it('refuses a JMP into it', () => {
    // The label ends it: it is the program's.
    expect(placesOf(`JMP in\n${shade('in:')}`)).toEqual(['3:1 PXL-E018']);
  });
});

describe('a name in a SHADE', () => {
  it('of the pixel hides what the program calls so; so does a variable of its own', () => {
    const outside = 'DIM x 2\nPARAM y 1 0 2\nDATA w 1 2\nDEF h\nEND\nDEF f r\nSET g 1\nSET v 2';
    const text = `SET v 1\nSET r 1\n${outside}\n${shade('SET v x+y+w+h+r+g+b+a', 'SET a v')}\nEND`;
    expect(programOf(text).shades).toMatchObject([{ sets: ['v', 'a'], reads: [] }]);
  });

  it('is a DEF’s own variable, one outside, a PARAM, the canvas’s side or a colour; nothing else is read', () => {
    const text = `PARAM p 1 0 2\nSET o 1\nDEF f q\nSET m 1\n${shade('SET r p+o+q+m+width+red')}\nEND`;
    expect(programOf(text).shades[0]?.reads).toEqual(['p', 'o', 'q', 'm', 'width']);
    expect(placesOf(shade('SET r later'))).toEqual(['2:7 PXL-E016']);
    // Set in another SHADE, it is that one's.
    expect(placesOf(`${shade('SET u 1')}\n${shade('SET r u')}`)).toEqual(['5:7 PXL-E016']);
    expect(placesOf(`${shade('SET u 1')}\nPIX u 0`)).toEqual(['4:5 PXL-E016']);
  });

  it('that is misspelt is most likely one that it sets', () => {
    expect(adviceOf(shade('SET colour 1', 'SET r clour'))).toBe('did you mean colour?');
    expect(adviceOf(`SET depth 1\n${shade('SET r dept')}`)).toBe('did you mean depth?');
    expect(adviceOf(shade('SET r nothing'))).toBe('SET nothing value gives it one');
  });

  it.each(['x', 'y', 'w', 'h'])('%s cannot be set', (name) => {
    for (const line of [`SET ${name} 1`, `ADD ${name} 1`])
      expect(placesOf(shade(line))).toEqual(['2:5 PXL-E017']);
  });

  it.each([
    ['width', "which is the canvas's"],
    ['height', "which is the canvas's"],
    ['p', 'which line 1 declares with PARAM'],
    ['arr', 'which line 2 declares with DIM'],
    ['f', 'which line 3 declares with DEF'],
  ])('%s cannot be set, as nowhere else', (name, found) => {
    const text = `PARAM p 1 0 2\nDIM arr 3\nDEF f\nEND\n${shade(`SET ${name} 1`)}`;
    expect(placesOf(text)).toEqual(['6:5 PXL-E017']);
    expect(complaintsOf(text)[0].message).toContain(found);
  });

  it('is no array and no call of a DEF, of rnd or of tw; all other functions may be called', () => {
    const declared = 'DIM arr 3\nDEF own a\nRET a\nEND';
    for (const [value, column] of [
      ['arr[1]', 7],
      ['arr', 7],
      ['1+own(2)', 9],
      ['rnd(3)', 7],
      ['tw(Hello)', 7],
      ['own', 7],
    ] as const) {
      expect(placesOf(`${declared}\n${shade(`SET r ${value}`)}`)).toEqual([`6:${column} PXL-E017`]);
    }
    expect(placesOf(`${declared}\n${shade('SET arr[1] 2')}`)).toEqual(['6:5 PXL-E017']);
    const calls = [
      'min(1, 2)',
      'isqrt(-1)',
      'atan2(y, x)',
      'mix(r, g, b)',
      'rgba(1, 2, 3, 4)',
      'qdiv(1, 0)',
      'hash(x, y)',
    ];
    expect(programOf(shade(...calls.map((call) => `ADD r ${call}`))).shades).toHaveLength(1);
    expect(placesOf(shade('SET r min(1)'))).toEqual(['2:7 PXL-E020']);
    expect(placesOf(shade('SET r what(1)'))).toEqual(['2:7 PXL-E016']);
    // A DEF that has taken a function's name.
    expect(placesOf(`DEF min a b\nEND\n${shade('SET r min(1, 2)')}`)).toEqual(['4:7 PXL-E017']);
    expect(placesOf(`DEF rnd a\nEND\n${shade('SET r rnd(1)')}`)).toEqual(['4:7 PXL-E017']);
  });
});

describe('a LOOP', () => {
  it('runs a number of times that is known before the program runs', () => {
    for (const n of ['0', '65536', 'p*2', 'width/height', '(p + 1)%3', 'p?1:2', 'red&1']) {
      expect(programOf(`PARAM p 1 0 2\n${shade(`LOOP ${n}`, 'END')}`).shades).toHaveLength(1);
    }
    for (const [n, place] of [
      ['v', '4:6 PXL-E017'],
      ['r', '4:6 PXL-E016'],
      ['x', '4:6 PXL-E016'],
      ['what', '4:6 PXL-E016'],
      ['1+arr[1]', '4:8 PXL-E017'],
      ['min(1, 2)', '4:6 PXL-E017'],
      ['65537', '4:6 PXL-E005'],
      ['-1', '4:6 PXL-E005'],
    ] as const) {
      expect(placesOf(`DIM arr 2\nSET v 1\n${shade(`LOOP ${n}`, 'END')}`)).toEqual([place]);
    }
    expect(adviceOf(shade('LOOP x', 'END'))).toBe('the n of a LOOP holds numbers, PARAMs, width and height');
  });

  it('stands in a SHADE, and a BREAK in a LOOP', () => {
    expect(placesOf('LOOP 3\nEND')).toEqual(['1:1 PXL-E018']);
    expect(placesOf('BREAK')).toEqual(['1:1 PXL-E018']);
    expect(placesOf(shade('BREAK'))).toEqual(['2:1 PXL-E018']);
    expect(placesOf(shade('LOOP 2', 'END', 'IF 1', 'BREAK x', 'END'))).toEqual(['5:1 PXL-E018']);
    expect(placesOf(`${shade('LOOP 2', 'IF x', 'BREAK', 'END', 'END')}\nBREAK`)).toEqual(['8:1 PXL-E018']);
    expect(
      programOf(shade('LOOP 2', 'LOOP 3', 'END', 'IF x', 'BREAK', 'ELSE', 'BREAK y', 'END', 'END')).shades,
    ).toHaveLength(1);
  });
});

describe('the bounds of a SHADE', () => {
  const repeat = (count: number, line: (index: number) => string): string[] =>
    Array.from({ length: count }, (_, index) => line(index));

  it(`are ${LIMITS.nesting} blocks inside one another, itself and each ELSE IF counted`, () => {
    const deep = (count: number) => shade(...repeat(count, () => 'LOOP 1'), ...repeat(count, () => 'END'));
    expect(programOf(deep(LIMITS.nesting - 1)).shades).toHaveLength(1);
    expect(placesOf(deep(LIMITS.nesting))).toEqual([`${LIMITS.nesting + 1}:1 PXL-E022`]);
    const chain = (count: number) => shade('IF 0', ...repeat(count, () => 'ELSE IF x'), 'ELSE', 'END');
    expect(programOf(chain(LIMITS.nesting - 2)).shades).toHaveLength(1);
    expect(placesOf(chain(LIMITS.nesting - 1))).toEqual([`${LIMITS.nesting + 1}:1 PXL-E022`]);
    // Outside they are free.
    expect(programOf(`IF 0\n${repeat(100, () => 'ELSE IF 1').join('\n')}\nEND`).shades).toEqual([]);
  });

  it(`are ${LIMITS.shadeSize} lines, operators, calls and arguments`, () => {
    // An operator and a line: two each.
    const long = (count: number) => shade(...repeat(count, () => 'SET r 1+1'));
    expect(programOf(long(LIMITS.shadeSize / 2)).shades).toHaveLength(1);
    expect(placesOf(long(LIMITS.shadeSize / 2 + 1))).toEqual(['1:1 PXL-E040']);
    expect(placesOf(shade(...repeat(LIMITS.shadeSize / 2, () => 'SET r 1+1'), 'ELSE'))).toContain(
      '1:1 PXL-E040',
    );
  });

  it(`are ${LIMITS.shadeNames} names that it sets, and as many that it reads`, () => {
    const sets = (count: number) => shade(...repeat(count, (index) => `SET v${index} 1`));
    expect(programOf(sets(LIMITS.shadeNames)).shades[0]?.sets).toHaveLength(LIMITS.shadeNames);
    expect(placesOf(sets(LIMITS.shadeNames + 1))).toEqual(['1:1 PXL-E040']);
    const reads = (count: number) => {
      const set = repeat(count, (index) => `SET v${index} 1`).join('\n');
      return `${shade(...repeat(count, (index) => `ADD r v${index}`))}\n${set}`;
    };
    expect(programOf(reads(LIMITS.shadeNames)).shades[0]?.reads).toHaveLength(LIMITS.shadeNames);
    expect(placesOf(reads(LIMITS.shadeNames + 1))).toEqual(['1:1 PXL-E040']);
  });
});
