import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { I } from '../../../renderer/machine/instructions.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';

/** The cases of the processor's switch, `[name, number]`, as they are spelt out. */
function casesOf(text: string): [name: string, number: number][] {
  return [...text.matchAll(/case (\d+) \/\* (\w+) \*\//g)].map(([, number, name]) => [
    name ?? '',
    Number(number),
  ]);
}

describe('the processor', () => {
  const cases = casesOf(readFileSync(join(packageRoot(), 'renderer/machine/processor.ts'), 'utf8'));

  it('spells out the numbers of the instructions as they are, every one of them', () => {
    expect(cases.toSorted(([, one], [, other]) => one - other)).toEqual(Object.entries(I));
  });

  it('would be caught with a number that is not its name', () => {
    expect(casesOf('case 1 /* move */:')).toEqual([['move', 1]]);
    expect(I.move).not.toBe(1);
  });
});
