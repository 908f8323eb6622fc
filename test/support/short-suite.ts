/** A part of the suite, with pins of its own: for tests of what is done with what a trial finds. */
import type { Case } from '../../renderer/raster/conformance/case.ts';
import { conform } from '../../renderer/raster/conformance/conform.ts';
import { standingCases } from '../../renderer/raster/conformance/suite.ts';
import { SUITE, type Suite } from '../../renderer/raster/conformance/trial.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';

/** More than a trial finds fault with before it gives up. */
export const SHORT_CASES = 60;

/** The first standing cases. Its pins are taken from the CPU here: the conformance test holds that to the suite's. */
export async function shortSuite(): Promise<Suite> {
  const { sha256 } = await conform(cpuPainter, firstCases());
  return { standing: firstCases, pins: { ...SUITE.pins, standing: sha256 as string } };
}

function* firstCases(): Generator<Case> {
  let count = 0;
  for (const one of standingCases()) {
    if (count++ === SHORT_CASES) return;
    yield one;
  }
}
