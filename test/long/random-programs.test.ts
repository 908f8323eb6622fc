/** Many times as many random programs as in the short tests, on the CPU in every way, and on a GPU whole and in pieces. */
import { describe, expect, it } from 'vitest';
import {
  complaints,
  complaintsOfGpu,
  eachProgram,
  openProgramGpu,
} from '../renderer/raster/random-programs.ts';
import { describeWithGpu } from '../support/software-gpu.ts';

const PROGRAMS = 20_000;
/** Every so-many-eth is painted in pieces too. */
const PIECES_EVERY = 4;

describe('the CPU', () => {
  it(`paints ${PROGRAMS} random programs by the rules, in tiles of every size and in any order`, async () => {
    const tally = await eachProgram(PROGRAMS, ({ list }) => expect(complaints(list)).toEqual([]));
    expect(tally.programs).toBe(PROGRAMS);
    console.log(
      `${PROGRAMS} programs, ${tally.refused} more were refused, ${tally.severalTiles} of several tiles`,
    );
  });
});

describeWithGpu('a GPU', () => {
  it(`gives the CPU's bytes of ${PROGRAMS} random programs, whole and in pieces`, async () => {
    const gpu = await openProgramGpu();
    let dispatches = 0;
    try {
      await eachProgram(PROGRAMS, async ({ list }, _text, _each, index) => {
        const found = await complaintsOfGpu(gpu, list, index % PIECES_EVERY === 0);
        expect(found.complaints).toEqual([]);
        dispatches += found.dispatches;
      });
    } finally {
      gpu.device.destroy();
    }
    console.log(`${PROGRAMS} programs, ${dispatches} dispatches on ${gpu.adapter}`);
  });
});
