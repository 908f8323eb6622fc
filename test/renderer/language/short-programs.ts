/** Every short program over small alphabets: read or refused, printed for good, and run or refused. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../renderer/language/ast.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { FULL_ALLOWANCE } from '../../../shared/allowance.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { placeless } from './places.ts';

const WORDS = ['IF', 'FOR', 'END', 'ELSE', 'DEF', 'SET', 'JMP', 'a:', 'a', '1'];
const SIGNS = ['-', '+', '(', ')', '[', ']', '#fff', ',', '\n'];
const CANVAS = { width: 4, height: 4 };
const ALLOWANCE = { ...FULL_ALLOWANCE, steps: 100, shapes: 100 };

/** How many texts were read, and of these how many ran and how many the machine refused. */
interface Tally {
  texts: number;
  read: number;
  ran: number;
  refused: number;
}

/** @throws anything but a refusal that says what is wrong */
export function refusedAs<Value>(work: () => Value): Value | AuthorFault {
  try {
    return work();
  } catch (fault) {
    if (!(fault instanceof AuthorFault)) throw fault;
    for (const { code, message, line, hint } of fault.complaints) {
      if (!/^PXL-E\d{3}$/.test(code) || !/^Expected .+, found .+/.test(message)) throw new Error(message);
      if (line === undefined || hint === '') throw new Error(`${message}: no line, or no hint`);
    }
    return fault;
  }
}

/** Reads, prints, reads again and runs. */
function probe(text: string, tally: Tally): void {
  tally.texts++;
  const program = refusedAs(() => parse(sourceOf(text)));
  if (program instanceof AuthorFault) return;
  tally.read++;
  expectStable(program);
  const result = refusedAs(() => run(program, CANVAS, { allowance: ALLOWANCE }));
  if (result instanceof AuthorFault) tally.refused++;
  else tally.ran++;
}

function expectStable(program: Program): void {
  const printed = print(program);
  const again = parse(sourceOf(printed));
  expect(print(again)).toBe(printed);
  expect(placeless(again.lines)).toEqual(placeless(program.lines));
}

/** Every string of 0 to `most` of the `tokens`, behind `prefix`, with `between` between them. */
function enumerate(
  prefix: string,
  between: string,
  tokens: readonly string[],
  most: number,
  tally: Tally = { texts: 0, read: 0, ran: 0, refused: 0 },
): Tally {
  try {
    probe(prefix, tally);
  } catch (error) {
    throw new Error(`${JSON.stringify(prefix)}: ${error}`, { cause: error });
  }
  if (most > 0) {
    for (const token of tokens) enumerate(prefix + token + between, between, tokens, most - 1, tally);
  }
  return tally;
}

/** @param most the most tokens of a program */
export function describeShortPrograms(most: 3 | 4): void {
  describe('every short string of words and signs', () => {
    const all = [...WORDS, ...SIGNS];
    const upTo = (base: number, most: number) => (base ** (most + 1) - 1) / (base - 1);

    it('with blanks between is read or refused, printed for good, and run or refused', () => {
      const tally = enumerate('', ' ', all, most);
      expect(tally.texts).toBe(upTo(all.length, most));
      expect(tally.read).toBeGreaterThan(50);
    });

    it('with none between likewise', () => {
      const tokens = ['IF', 'SET', 'a:', 'a', '1', ...SIGNS, ' '];
      const tally = enumerate('', '', tokens, most);
      expect(tally.texts).toBe(upTo(tokens.length, most));
      expect(tally.read).toBeGreaterThan(50);
    });

    it.each(['SET a ', 'DEF a\nEND\nSET b ', 'DIM a 2\nSET b a', 'FOR a 1 ', 'SET a 1\nIF a'])(
      'after %j likewise, as an expression',
      (prefix) => {
        const parts = ['a', '1', '(', ')', '[', ']', '-', '+', '<', '&&', '?', ':', ',', '#fff', '~', ' '];
        const tally = enumerate(prefix, '', parts, 3);
        expect(tally.texts).toBe(upTo(parts.length, 3));
      },
    );

    it.each([
      ['a loop', 'SET a 3\n'],
      ['a DEF', 'DEF f a\nRET a\nEND\n'],
    ])('of whole lines likewise, after %s', (_, prefix) => {
      const lines = ['IF a', 'IF a JMP b', 'ELSE', 'ELSE IF a', 'END', 'FOR a 1 2', 'WHILE a', 'JMP b', 'b:'];
      const more = ['DEF g a', 'RET', 'SET a a-1', 'GLOBAL a', 'HALT'];
      const tally = enumerate(prefix, '\n', [...lines, ...more], most);
      expect(tally.texts).toBe(upTo(14, most));
      expect(tally.ran).toBeGreaterThan(50);
      // Those that would never end, at least.
      expect(tally.refused).toBeGreaterThan(most === 4 ? 20 : 5);
    });
  });

  describe('every short program of sprites', () => {
    it('is read or refused, printed for good, and run or refused', () => {
      const lines = ['SPRITE a', 'INK red o', 'INK o red', 'ROW o#', 'ROW .', 'ROW', 'END', 'BLIT a 1 1 2 3'];
      const more = ['BLIT b 1 1', 'IF a', 'a:', 'DEF a', 'JMP a', 'SET a 1', 'SPRITE 1'];
      const tally = enumerate('', '\n', [...lines, ...more], 3);
      expect(tally.texts).toBe((15 ** 4 - 1) / 14);
      const behind = enumerate('SPRITE a\nINK red o\n', '\n', [...lines, ...more], 3);
      expect(behind.ran).toBeGreaterThan(8);
      const after = enumerate('BLIT a 1 1\nSPRITE a\nROW #\nEND\n', '\n', [...lines, ...more], 3);
      expect(after.ran).toBeGreaterThan(8);
    });
  });

  describe('every short program of SHADEs', () => {
    it('is read or refused, printed for good, and run or refused', () => {
      const lines = [
        'SHADE 0 0 4 4',
        'SET r x*60',
        'ADD v a',
        'IF r',
        'ELSE',
        'ELSE IF v',
        'LOOP 2',
        'LOOP p',
        'BREAK',
      ];
      const more = ['BREAK v', 'END', 'FOR a 1 2', 'DEF a', 'a:', 'PIX 1 1', 'BREAK 1 2'];
      const tally = enumerate('', '\n', [...lines, ...more], 3);
      expect(tally.texts).toBe((16 ** 4 - 1) / 15);
      const inside = enumerate(
        'SET a 1\nPARAM p 3 0 9\nSHADE 1 1 2 2\nLOOP 1\n',
        '\n',
        [...lines, ...more],
        most,
      );
      expect(inside.ran).toBeGreaterThan(most === 4 ? 50 : 5);
    });
  });
}
