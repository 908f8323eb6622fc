/** What `gvpie fmt` makes of a program, and what it refuses to put in its place. */
import { describe, expect, it } from 'vitest';
import { canonicalOf } from '../../cli/fmt.ts';
import { print } from '../../renderer/language/printer.ts';
import { AuthorFault, type Complaint } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';

/** The canonical text of a program, or what is complained of; `spoil` is done to what the printer makes. */
function formatted(program: string, spoil = (text: string): string => text): string | Complaint {
  try {
    return canonicalOf(Buffer.from(program), (lines) => spoil(print(lines)));
  } catch (error) {
    if (error instanceof AuthorFault) return error.complaints[0];
    throw error;
  }
}

describe('the canonical text', () => {
  const PROGRAM = '# two\nset x  1+2*a[3]\nDIM a 4\n\ntxt 1 2  Hi \nL:\nif x>1 jmp l\n';

  it('is that of the same program, whatever stood where in its lines', () => {
    expect(formatted(PROGRAM)).toBe('# two\nSET x 1+2*a[3]\nDIM a 4\n\nTXT 1 2  Hi\nl:\nIF x>1 JMP l\n');
  });

  it.each([
    ['another number', 2, '1+2', '1+3'],
    ['another operator', 2, '1+2', '1-2'],
    ['other brackets', 2, '1+2*a[3]', '(1+2)*a[3]'],
    ['one blank less in a text', 5, '  Hi', ' Hi'],
    ['another comment', 1, '# two', '#two'],
    ['a blank line less', 4, '\n\n', '\n'],
    ['a line more', 8, 'l\n', 'l\nHALT\n'],
    ['a line less', 7, 'IF x>1 JMP l\n', ''],
  ])('with %s would be refused, and the line is named', (_, line, right, wrong) => {
    expect(formatted(PROGRAM, (text) => text.replace(right, wrong))).toEqual({
      code: '',
      message: 'Expected a canonical form that is the same program, found another program',
      hint: 'the program is right and stays as it is; this is a fault of gvpie fmt',
      line,
    });
  });

  it('that could not be read again would be refused, and it is said why', () => {
    expect(formatted(PROGRAM, (text) => text.replace('1+2', '1+'))).toMatchObject({
      message: expect.stringMatching(
        /^Expected a canonical form .* that is refused: Expected a value after \+/,
      ),
      line: 2,
    });
  });

  it('has all the brackets that fit, and no more', () => {
    const text = (depth: number, inner: string): string => `SET x ${'1?2:'.repeat(depth)}${inner}\n`;
    expect(formatted(text(LIMITS.nesting - 1, '1|2+3'))).toBe(text(LIMITS.nesting - 1, '1|(2+3)'));
    expect(formatted(text(LIMITS.nesting, '1|2+3'))).toBe(text(LIMITS.nesting, '1|2+3'));
  });

  it('takes one byte more where the last line end is missing, and is refused where that is one too many', () => {
    const program = (bytes: number): string => `#${'x'.repeat(bytes - 1)}`;
    const most = LIMITS.sourceBytes;
    expect(formatted(program(most - 1)) === `${program(most - 1)}\n`).toBe(true);
    expect(formatted(`${program(most - 1)}\n`) === `${program(most - 1)}\n`).toBe(true);
    expect(formatted(program(most))).toMatchObject({
      code: 'PXL-E002',
      message: `Expected at most ${most} bytes in canonical form, found ${most + 1}`,
    });
  });
});
