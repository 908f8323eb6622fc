import { afterAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, functionUsage } from '../../renderer/language/functions.ts';
import { OPCODES } from '../../renderer/language/opcodes.ts';
import { OPERATORS } from '../../renderer/language/operators.ts';
import { Workplace } from './gvpie.ts';

const place = new Workplace();
afterAll(() => place.clear());

describe('gvpie reference', () => {
  it('lists every opcode, function and operator on a line of its own, with its sentence', async () => {
    const { code, stdout, stderr } = await place.run(['reference']);
    expect([code, stderr]).toEqual([0, '']);
    for (const { name, summary } of OPCODES) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b.*  ${escaped(summary)}$`, 'm'));
    }
    for (const row of FUNCTIONS) {
      expect(stdout).toMatch(new RegExp(`^  ${escaped(functionUsage(row))} +${escaped(row.summary)}$`, 'm'));
    }
    for (const { usages, summary } of OPERATORS) {
      expect(stdout).toMatch(new RegExp(`^  ${escaped(usages.join(' or '))} +${escaped(summary)}$`, 'm'));
    }
  });

  it.each(['operators', '//', '**', '=', '?', '++', '<>'])('explains all operators for %s', async (word) => {
    const { code, stdout, stderr } = await place.run(['reference', word]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Operators, the loosest first\n {2}test\?yes:no +yes where test is not 0, /);
    for (const { usages } of OPERATORS) expect(stdout).toContain(`  ${usages.join(' or ')} `);
    expect(stdout).not.toContain('RECT');
  });

  it.each([
    ['color', /^COLOR colour\nCOLOR r g b \[a\]\n\n {2}Sets .+\n\n {4}COLOR tomato\n/],
    ['SIN', /^sin\(angle\)\n\n {2}The sine.+\n\n {4}sin\(16384\) is 65536\n$/],
    ['pxl-e024', /^PXL-E024\n\n {2}A division by zero\.\n/],
    [
      'PXL-E042',
      /\n {2}GVPIE_MAX_SHADE or --max-shade sets what it is held to, and a command may ask for less\.\n$/,
    ],
    [
      'RUN-E006',
      /^RUN-E006\n\n {2}No answer within `GVPIE_TIMEOUT_MS`, or ten times that while .*\n {2}Status: error\. docs\/protocol\.md says more\.\n$/s,
    ],
    [
      'cart-e001',
      /^CART-E001\n\n {2}Not a PNG file\.\n {2}The file is refused\. docs\/cartridge\.md says more\.\n$/,
    ],
    [
      'ROW-E008',
      /^ROW-E008\n\n {2}The registry has no cartridge .+\n {2}Status: refused\. docs\/protocol\.md says more\.\n$/,
    ],
    [
      'CMD-E009',
      /^CMD-E009\n\n {2}`deadline_ms` had passed\.\n {2}Status: refused\. docs\/protocol\.md says more\.\n$/,
    ],
    [
      '?:',
      /^test\?yes:no\n\n {2}yes where .+\n {2}Read from the right, after every other operator\.\n\n {4}2>1\?10:20 is 10\n$/,
    ],
    ['+', /^a\+b\n\+a\n\n {2}The sum, .+\n {2}Read from the left, after \* \/ % and before << >>\.\n/],
    ['!', /^!a\n\n {2}1 where a is 0, otherwise 0\.\n {2}Read before all that stand between two values\.\n/],
    ['callDepth', /^callDepth 256\n\n {2}Calls inside one another\.\n/],
  ])('prints the entry of %s', async (word, entry) => {
    const { code, stdout, stderr } = await place.run(['reference', word]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(entry);
  });

  it.each([
    ['RECTS', 'hint: did you mean RECT?\n'],
    ['RUN-E999', 'hint: did you mean RUN-E'],
    ['xylophone', 'hint: gvpie reference lists opcodes, functions and operators\n'],
    ['\u001b[31m', 'found "␛[31m"\n'],
  ])('refuses %j as wrong usage', async (word, words) => {
    const { code, stdout, stderr } = await place.run(['reference', word]);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain('gvpie: Expected an opcode, a function, an operator, a code or a limit, found ');
    expect(stderr).toContain(words);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
