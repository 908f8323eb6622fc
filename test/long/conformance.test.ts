/** The suite over every painter with ten times as many random lists, and over a GPU whose work is cut short. */
import { expect, it } from 'vitest';
import { conform } from '../../renderer/raster/conformance/conform.ts';
import {
  RANDOM_SEED,
  randomCases,
  STANDING_SHA256,
  standingCases,
} from '../../renderer/raster/conformance/suite.ts';
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
