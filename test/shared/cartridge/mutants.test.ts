/** Files that somebody has been at: 10,000 of the million that `npm run test:long` reads. */
import { describe, expect, it } from 'vitest';
import { CARTRIDGE_FAULTS, CartridgeFault } from '../../../shared/cartridge/cartridge-fault.ts';
import type { Effort } from '../../../shared/cartridge/effort.ts';
import { READERS, readMutants, wholeFiles } from '../../support/hostile-files.ts';
import { CHANGE_NAMES, mutant } from '../../support/mutants.ts';

const SEED = 20_261_122;

describe('a file that was changed by chance', () => {
  it('10,000 of them are read or refused with a code of ours, within what each of them is worth', () => {
    const { ends, read, dearest } = readMutants(SEED, 0, 10_000);
    // Each way to be wrong came up, but for what takes 65,536 chunks.
    const codes = Object.keys(CARTRIDGE_FAULTS).filter((code) => code !== 'CART-E018');
    expect([...ends.keys()]).toEqual(expect.arrayContaining([...codes, 'whole', 'newer, whole', 'pixels']));
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['program-checksum', 'pixels-differ']));
    expect([...ends.keys()]).not.toContain('not its canvas');
    expect(dearest).toBeGreaterThan(0.2);
    expect(dearest).toBeLessThanOrEqual(1);
    // Of most changes some files are still read: they got past the CRCs.
    expect(read.size).toBeGreaterThan(CHANGE_NAMES.length / 2);
    // Two seconds of a processor, which others may be using too.
  }, 120_000);

  it('is the same for the same seed and number, and mostly no file that was whole', () => {
    const files = wholeFiles();
    const some = Array.from({ length: 200 }, (_, number) => mutant(files, SEED, number).bytes);
    expect(some).toEqual(some.map((_, number) => mutant(files, SEED, number).bytes));
    expect(some.filter((bytes) => files.some((file) => file.equals(bytes))).length).toBeLessThan(20);
  });

  it.each([
    ['throws anything but a fault of ours', () => JSON.parse('{')],
    ['spends more than it is worth, and has no bound', unbounded],
    [
      'is refused for its effort alone',
      () => {
        throw new CartridgeFault('CART-E018', 'Expected less, found more');
      },
    ],
  ])('is noticed, with its number, where a reader of it %s', (_, reader) => {
    expect(() => readMutants(SEED, 5, 6, { openCartridge: reader })).toThrow(/^seed 20261122, mutant 5: /);
    expect(() => readMutants(SEED, 5, 6, READERS)).not.toThrow();
  });
});

/** Spends a gigabyte, and nobody stops it. */
function unbounded(_: Buffer, effort: Effort): string {
  Object.defineProperty(effort, 'spent', { value: 2 ** 30 });
  return 'read';
}
