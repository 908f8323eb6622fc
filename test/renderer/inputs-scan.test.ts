/** The scan for IMAGE lines, held to the parser: of a program that is right, both find the same. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { scanInputs } from '../../shared/inputs.ts';
import { seeded } from '../../shared/seeded.ts';

const SEED = 20_261_120;
const ROUNDS = 4_000;
const H = '0123456789abcdef'.repeat(4);

/** What the parser finds, as the scan gives it; undefined where the program is refused. */
function parsed(program: string) {
  try {
    const { images } = parse(sourceOf(program));
    const first = images.filter(
      ({ checksum }, at) => images.findIndex((one) => one.checksum === checksum) === at,
    );
    return first.map(({ checksum, width, height, line }) => ({ checksum, width, height, line }));
  } catch (error) {
    if (error instanceof AuthorFault) return undefined;
    throw error;
  }
}

/** Random programs, the same at every call: lines that are IMAGEs, nearly, or something else. */
function* programs(): Generator<string> {
  const random = seeded(SEED);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const some = (): string => pick(['', '', '', ' ', '\t', '  ']);
  const size = (): string => {
    const digits = pick(['1', '8', '64', '007', '16384', '0', '99999']);
    const refused = [`(${digits})`, `( ${digits}\t)`, `+${digits}`, `-${digits}`];
    return random() < 0.9 ? digits : pick(refused);
  };
  const checksum = (): string => {
    const digits = Array.from({ length: 64 }, () => pick([...'0123456789abcdefABCDEF'])).join('');
    return pick([H, H.toUpperCase(), digits, digits, digits.slice(1), `${digits}0`, `#${digits}`]);
  };
  const between = (): string => pick([' ', ' ', '\t', ',', ' , ', ',\t', '  ', '', ',,']);
  let names = 0;
  const image = (): string => {
    const opcode = pick(['IMAGE', 'IMAGE', 'image', 'Image', 'IMAGES', 'IMAGE,']);
    const operands = [`i${names++}`, size(), size(), checksum()];
    if (random() < 0.05) operands.splice(Math.floor(random() * 4), 1);
    const text = operands.reduce((before, operand) => `${before}${between()}${operand}`);
    return `${some()}${opcode}${pick([' ', '\t', '  '])}${text}${some()}${pick(['', '', '\r', ' x'])}`;
  };
  const others = ['HALT', '# IMAGE a 8 8', `# IMAGE a 8 8 ${H}`, 'RECT 1 2 3 4', '', 'again:'];
  const texts = [`TXT 1 2 IMAGE a 8 8 ${H}`, `TXT 1 2 a\rIMAGE a 8 8 ${H}`, `TXT 1 2 \u2028IMAGE a 8 8 ${H}`];
  const program = (): string => {
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
      const kind = random();
      return kind < 0.6 ? image() : pick(kind < 0.8 ? others : texts);
    });
    return `${pick(['', '', '\uFEFF'])}${lines.join(pick(['\n', '\n', '\r\n', '\r']))}`;
  };
  for (let round = 0; round < ROUNDS; round++) yield program();
}

/** Up to the first program that the parser accepts and in which `scan` finds something else; all of them if there is none. */
function compare(scan: typeof scanInputs): { objection?: string; right: number; images: number } {
  let right = 0;
  let images = 0;
  for (const text of programs()) {
    const expected = parsed(text);
    if (expected === undefined) continue;
    right++;
    images += expected.length;
    if (!isDeepStrictEqual(scan(text), expected)) return { objection: text, right, images };
  }
  return { right, images };
}

describe('the scan for IMAGE lines', () => {
  it(`finds what the parser finds, seed ${SEED}`, () => {
    const { objection, right, images } = compare(scanInputs);
    expect(objection).toBeUndefined();
    expect(right).toBeGreaterThan(ROUNDS / 8);
    expect(images).toBeGreaterThan(ROUNDS / 80);
  });

  it.each<[string, typeof scanInputs]>([
    ['knew no commas', (text) => scanInputs(text.replaceAll(',', ';'))],
    ['knew capitals alone', (text) => scanInputs(text.replaceAll('image', 'other'))],
    ['took a CR for the end of a line', (text) => scanInputs(text.replaceAll('\r', '\n'))],
    ['stumbled over a byte order mark', (text) => scanInputs(text.replace('\uFEFF', ';'))],
    ['counted lines from 0', (text) => scanInputs(text).map((one) => ({ ...one, line: one.line - 1 }))],
    ['looked no further than the first', (text) => scanInputs(text).slice(0, 1)],
  ])('is held by this comparison: one that %s is found out', (_, broken) => {
    expect(compare(broken).objection).toBeDefined();
  });
});
