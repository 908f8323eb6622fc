/**
 * The suite over every painter with ten times as many random lists, over a GPU whose work is cut short, and its pins over
 * the oracle.
 */
import { expect, it } from 'vitest';
import { conform } from '../../renderer/raster/conformance/conform.ts';
import {
  RANDOM_SEED,
  RANDOM_SHA256,
  randomCases,
  STANDING_SHA256,
  standingCases,
} from '../../renderer/raster/conformance/suite.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { paintByTheRules } from '../renderer/raster/oracle-painter.ts';
import { CUT_GPU, SUBJECTS } from '../renderer/raster/painters.ts';

const LISTS = 10_000;

for (const { name, describe, open } of [...SUBJECTS, CUT_GPU]) {
  describe(name, () => {
    it('paints 10,000 random lists as the rules say, and every standing case as pinned', async () => {
      const { painter, close } = await open();
      try {
        const lists = randomCases(LISTS);
        const found = await conform(painter, lists, { expectedOf: paintByTheRules, atMost: 5 });
        expect(found).toMatchObject({ cases: LISTS, failures: [] });
        console.log(`seed ${RANDOM_SEED}: ${LISTS} random lists, ${found.dispatches} dispatches`);
        const standing = await conform(painter, standingCases(), { atMost: 5 });
        expect(standing).toMatchObject({ failures: [], sha256: STANDING_SHA256 });
      } finally {
        await close();
      }
    });
  });
}

it.each([
  ['every standing case', standingCases, STANDING_SHA256],
  ['every random list', () => randomCases(), RANDOM_SHA256],
] as const)('the suite is pinned to what the rules say: %s', async (_, cases, sha256) => {
  const found = await conform(cpuPainter, cases(), { expectedOf: paintByTheRules, atMost: 5 });
  expect(found).toMatchObject({ failures: [], sha256 });
});
