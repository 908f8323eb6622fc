/** Plain lines against the parser's own reading, which the same line with its opcode in small letters gets. */
import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { plainStatement } from '../../../renderer/language/plain-line.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { seededBetween } from '../../../shared/seeded.ts';

const SEED = 20_261_122;

/** The statement, or the first complaint but for what it quotes. */
function reading(line: string): unknown {
  try {
    return parse(sourceOf(line)).lines[0];
  } catch (error) {
    if (!(error instanceof AuthorFault)) throw error;
    const { code, column } = error.complaints[0] as { code: string; column?: number };
    return { code, column };
  }
}

/** The line with a small first letter, which is not plain. */
function unplain(line: string): string {
  return line.replace(/^[ \t]*[A-Z]/, (letter) => letter.toLowerCase());
}

const PLAIN = [
  'RECT 1 2 3 4',
  '  \tRECT -1 -0 0 4 \t ',
  'RECT -999999999 999999999 00000000 000000001',
  'TXT 1 2 Hello, "GPU"  # 1',
  'TXT 1 2  two blanks',
  'TXT 1 2 ',
  'TXT 1 2 😀é\t.',
  `TXT 1 2 ${'x'.repeat(LIMITS.textCodePoints)}`,
  'NUM 0 0 -5',
  'COLOR #fff',
  'COLOR #FfF8',
  'COLOR #102030',
  'COLOR #10203040',
  'COLOR 1 2 3',
  'COLOR 1 2 3 4',
  'COLOR #fff 1 2',
  'COLOR 7',
  'CLEAR',
  'CLEAR #123',
  'DISC 1 2 16383',
  'TRI 1 2 3 4 5 6',
  'PEN 255',
  'HALT',
  'PUSH',
] as const;

const OTHERS = [
  '',
  '# RECT 1 2 3 4',
  'rect 1 2 3 4',
  'RECT 1 2 3',
  'RECT 1 2 3 4 5',
  'RECT 1 2 3 -1',
  'RECT 1  2 3 4',
  'RECT 1,2,3,4',
  'RECT 1\t2 3 4',
  'RECT 1 2 3 x',
  'RECT 1 2 3 4+1',
  'RECT 1 2 3 +4',
  'RECT 1 2 3 --4',
  'RECT 1 2 3 -',
  'RECT 1 2 3 4px',
  'RECT 1 2 3 2147483648',
  'RECT 1 2 3 0000000004',
  'RECT 1 2 3 #123',
  'RECT2 1 2 3 4',
  'RECT: 1 2 3 4',
  'TXT 1 2',
  'TXT,1 2 a',
  'TXT 1 2\ta',
  `TXT 1 2 ${'x'.repeat(LIMITS.textCodePoints + 1)}`,
  `TXT 1 2 ${'😀'.repeat(LIMITS.textCodePoints)}`,
  'COLOR #ff',
  'COLOR #fffff',
  'COLOR #ggg',
  'COLOR #fff_',
  'COLOR #fff|1',
  'COLOR red',
  'COLOR 1 #fff 3',
  'DISC 1 2 16384',
  'DISC 1 2 -1',
  'PEN 0',
  'POLY 1 2 3 4 5 6',
  'BLEND ADD',
  'SET x 1',
  'ÀRECT 1 2 3 4',
] as const;

describe('a plain line', () => {
  it.each(PLAIN)('is read as the parser reads it: %j', (line) => {
    const plain = plainStatement(line, 1);
    const expected = reading(unplain(line));
    if (line === 'TXT 1 2 ') expect(plain).toBeUndefined();
    else expect(plain).toEqual(expected);
    expect(reading(line)).toEqual(expected);
  });

  it('that ends in a CR is one, too, and has the line that it is given', () => {
    expect(plainStatement('PIX 1 2\r', 7)).toEqual({ ...(reading('pix 1 2') as object), line: 7 });
  });

  it('holds no minus naught', () => {
    const { operands } = plainStatement('PIX -0 -00', 1) as unknown as { operands: { value: number }[] };
    expect(operands.map(({ value }) => Object.is(value, 0))).toEqual([true, true]);
  });
});

describe('any other line', () => {
  it.each(OTHERS)('is left to the parser: %j', (line) => {
    expect(plainStatement(line, 1)).toBeUndefined();
    expect(reading(line)).toEqual(reading(unplain(line)));
  });
});

describe('lines by chance', () => {
  const between = seededBetween(SEED);
  const pick = <T>(from: readonly T[]): T => from[between(0, from.length)] as T;
  const word = (): string =>
    pick([
      () => String(between(-3, 30)),
      () => String(between(-2_000, 20_000)),
      () => `#${between(0, 0xffff).toString(16)}`,
      () => pick(['-', '--1', '+1', '1_', 'x', '2147483648', '-2147483648', '1,2', '', 'a b', '#FFF', 'é']),
    ])();
  const lines = Array.from({ length: 2_000 }, () => {
    const count = between(0, 7);
    const operands = Array.from({ length: count }, () =>
      between(0, 12) === 0 ? word() : String(between(-9, 300)),
    );
    const line = [pick(OPCODES).name, ...operands].join(between(0, 20) === 0 ? pick(['\t', ',', '  ']) : ' ');
    return between(0, 9) === 0 ? ` ${line} ` : line;
  });

  it(`are read, or refused at the same place, as with a small letter; seed ${SEED}`, () => {
    const differ = lines.filter(
      (line) => JSON.stringify(reading(line)) !== JSON.stringify(reading(unplain(line))),
    );
    expect(differ).toEqual([]);
    const plain = lines.filter((line) => plainStatement(line, 1) !== undefined);
    // Enough of both.
    expect(plain.length).toBeGreaterThan(lines.length / 20);
    expect(plain.length).toBeLessThan(lines.length / 2);
    const others = plain.filter(
      (line) => JSON.stringify(reading(line)) !== JSON.stringify(reading(unplain(`${line}0`))),
    );
    expect(others.length).toBeGreaterThan(plain.length / 2);
  });
});
