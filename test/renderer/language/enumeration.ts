/** Every short string of tokens, read by the parser and by regular expressions of whole lines. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { type Source, sourceOf } from '../../../renderer/language/source.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';

const NUMBER = '[+-]?[0-9]+';
/** What an operand is while it holds no names: numbers and colours, joined by the signs that such tokens make. */
const OPERAND = `((?:${NUMBER}|#[0-9]+)(?:-[0-9]+)*)`;
const SEPARATOR = '(?:[ \\t]+|[ \\t]*,[ \\t]*)';

/** The canonical text of an operand, or undefined if it is none. */
function operand(word: string, least = -(2n ** 31n)): string | undefined {
  if (RegExp(`^${NUMBER}$`).test(word)) {
    const value = BigInt(word);
    return value >= least && value < 2n ** 31n ? String(value) : undefined;
  }
  const [first, ...others] = word.split(/(?<=[0-9])-/) as [string, ...string[]];
  const head = first.startsWith('#')
    ? /^#(...|....|.{6}|.{8})$/.test(first)
      ? first
      : undefined
    : operand(first);
  const rest = others.map((each) => operand(each, 0n));
  return [head, ...rest].includes(undefined) ? undefined : [head, ...rest].join('-');
}

/** The core a second time, as regular expressions of a whole line: what a line says, or undefined if it is bad. */
function reference(line: string): string | undefined {
  const body = line.replace(/[ \t\r]+$/, '');
  if (/^[ \t]*$/.test(body)) return '';
  const comment = /^[ \t]*(#.*)$/s.exec(body);
  if (comment) return comment[1];
  if (/^[ \t]*halt$/i.test(body)) return 'HALT';
  const label = /^[ \t]*([A-Za-z_][A-Za-z0-9_]*:)$/.exec(body)?.[1];
  if (label) return label.toLowerCase();
  const rect = RegExp(`^[ \\t]*rect[ \\t]+${Array(4).fill(OPERAND).join(SEPARATOR)}$`, 'i').exec(body);
  const text = RegExp(`^[ \\t]*txt[ \\t]+${OPERAND}${SEPARATOR}${OPERAND}[ \\t,](.+)$`, 'is').exec(body);
  const found = rect ?? text;
  if (!found) return undefined;
  const operands = found
    .slice(1, rect ? 5 : 3)
    .map((word, index) => operand(word, index > 1 ? 0n : undefined));
  if (operands.includes(undefined)) return undefined;
  return [rect ? 'RECT' : 'TXT', ...operands, ...(rect ? [] : [found[3]])].join(' ');
}

/** What is wrong with the parser's answer, or undefined: it must agree with `reference` on every line. */
export function objection(source: Source, expected = source.lines.map(reference)): string | undefined {
  const bad = expected.flatMap((said, index) => (said === undefined ? [index + 1] : []));
  try {
    const program = parse(source);
    if (bad.length > 0) return `accepted, though line ${bad[0]} is bad`;
    const printed = print(program);
    if (printed !== expected.map((said) => `${said}\n`).join('')) return `printed ${JSON.stringify(printed)}`;
    if (print(parse(sourceOf(printed))) !== printed) return 'printing is not stable';
  } catch (fault) {
    if (!(fault instanceof AuthorFault)) return `threw ${fault}`;
    const lines = fault.complaints.map(({ line }) => line);
    if (`${lines}` !== `${bad.slice(0, LIMITS.errors)}`) return `complained of lines ${lines}, not ${bad}`;
    for (const { code, message, line, column, excerpt, hint } of fault.complaints) {
      if (!/^PXL-E\d{3}$/.test(code) || !/^Expected .+, found .+/.test(message)) return `said ${message}`;
      const width = [...(source.lines[(line as number) - 1] as string)].length;
      if (!(column && column >= 1 && column <= width + 1)) return `pointed to column ${column} of ${width}`;
      if (!hint || !/^[^\n]*\n *\^+$/.test(excerpt ?? '')) return `showed ${excerpt}, hinted ${hint}`;
    }
  }
  return undefined;
}

function expectNoObjection(text: string): void {
  const found = objection(sourceOf(text));
  if (found !== undefined) expect.fail(`${JSON.stringify(text)}: ${found}`);
}

/** Every string of 0 to `most` of the `tokens`, behind `prefix`. */
function enumerate(prefix: string, tokens: readonly string[], most: number): number {
  expectNoObjection(prefix);
  let count = 1;
  if (most > 0) for (const token of tokens) count += enumerate(prefix + token, tokens, most - 1);
  return count;
}

const SEPARATORS = [' ', '\t', ',', '\r', '\n', '#'];
export const TOKENS = [...SEPARATORS, 'TXT', 'rect', 'Halt', '1', '-2', '2147483648', 'x', 'é', '\0'];

/** @param most tokens from the start of a program; there are 15 of them */
export function describeEnumeration(most: number): void {
  describe('every short string of tokens', () => {
    it(`of up to ${most}, from the start of a program, is read as the reference reads it`, () => {
      const counts = Array.from({ length: most + 1 }, (_, length) => TOKENS.length ** length);
      expect(enumerate('', TOKENS, most)).toBe(counts.reduce((sum, count) => sum + count));
    });

    it.each(['TXT 1', 'TXT 1 -2', 'RECT 1 -2 1', 'RECT 0,0,1', 'HALT', '# '])(
      'of up to 4, after %j, is read as the reference reads it',
      (prefix) => {
        expect(enumerate(prefix, [...SEPARATORS, '1', '-2', 'é'], 4)).toBe(1 + 9 + 9 ** 2 + 9 ** 3 + 9 ** 4);
      },
    );
  });
}
