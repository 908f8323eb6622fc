import { describe, expect, it } from 'vitest';
import { Complaints } from '../../../renderer/language/complaints.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import type { AuthorFault, Complaint } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { faultOf } from '../../support/fault-of.ts';

function complaintsOf(text: string): readonly Complaint[] {
  return (faultOf(() => parse(sourceOf(text))) as AuthorFault).complaints;
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('the complaints of a program', () => {
  const wrong = (message: string) => () => ({ code: 'PXL-E016' as const, message, hint: '' });

  it('stand in order of lines, those of one line as they came', () => {
    const complaints = new Complaints({ lines: ['a', 'b', 'c'] });
    for (const [line, message] of [
      [3, 'third'],
      [1, 'first'],
      [2, 'second'],
      [1, 'first again'],
    ] as const) {
      complaints.add(line, 0, 1, wrong(message));
    }
    expect(complaints.list().map(({ message }) => message)).toEqual([
      'first',
      'first again',
      'second',
      'third',
    ]);
  });

  it('are those of the first lines, and only of these is asked what is wrong', () => {
    const complaints = new Complaints({ lines: [] });
    const asked: number[] = [];
    for (let line = 100; line >= 1; line--) {
      complaints.add(line, 0, 1, () => {
        asked.push(line);
        return wrong('')();
      });
    }
    expect(complaints.list().map(({ line }) => line)).toEqual(
      Array.from({ length: LIMITS.errors }, (_, i) => i + 1),
    );
    expect(asked).toHaveLength(LIMITS.errors);
  });

  it('say nothing about names where as many lines as are listed cannot be read', () => {
    const program = (bad: number) => `PIX x x\nIF 1\n${lines(bad, () => '?')}\nSET x 1\nEND\nPIX y y`;
    expect(complaintsOf(program(LIMITS.errors)).map(({ code }) => code)).toEqual(
      Array(LIMITS.errors).fill('PXL-E006'),
    );
    const one = complaintsOf(program(LIMITS.errors - 1));
    expect(one.map(({ code }) => code).slice(-2)).toEqual(['PXL-E006', 'PXL-E016']);
  });
});

describe('a complaint', () => {
  it('names no more than 8 arguments of a DEF', () => {
    const [few] = complaintsOf('DEF f a b c d e g h\nEND\nCALL f');
    expect(few?.hint).toBe('DEF f a b c d e g h');
    const [many] = complaintsOf('DEF f a b c d e g h i\nEND\nCALL f');
    expect(many?.hint).toBe('DEF f a b c d e g h …');
  });

  it('of a CALL counts its arguments among the operators of the line', () => {
    const call = (count: number) => `DEF f\nEND\nCALL f${' 1'.repeat(count)}`;
    expect(complaintsOf(call(LIMITS.lineOperators))[0]?.code).toBe('PXL-E020');
    expect(complaintsOf(call(LIMITS.lineOperators + 1))[0]?.code).toBe('PXL-E023');
  });
});
