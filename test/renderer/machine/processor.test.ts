import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { I } from '../../../renderer/machine/instructions.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';

const source = (file: string) => readFileSync(join(packageRoot(), 'renderer/machine', file), 'utf8');

/** The cases of the processor's switch, `[name, number]`, as they are spelt out. */
function casesOf(text: string): [name: string, number: number][] {
  return [...text.matchAll(/case (\d+) \/\* (\w+) \*\//g)].map(([, number, name]) => [
    name ?? '',
    Number(number),
  ]);
}

describe('the processor', () => {
  const cases = casesOf(source('processor.ts'));
  const drawn = [...source('drawing.ts').matchAll(/case I\.(\w+):/g)].map(([, name]) => name);

  it('spells out the numbers of the instructions as they are', () => {
    for (const [name, number] of cases) expect([name, number]).toEqual([name, I[name as keyof typeof I]]);
  });

  it('runs every instruction, or has it drawn', () => {
    expect([...cases.map(([name]) => name), ...drawn].sort()).toEqual(Object.keys(I).sort());
  });

  it('would be caught with a number that is not its name', () => {
    expect(casesOf('case 1 /* move */:')).toEqual([['move', 1]]);
    expect(I.move).not.toBe(1);
  });
});
