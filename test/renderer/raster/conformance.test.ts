/**
 * The suite over every painter, and the suite itself over the oracle. The CPU is held to all of it and to its pins; the others,
 * which take many times as long, to a share of it: `test/long` holds them to all.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../../renderer/display/encode.ts';
import type { Case } from '../../../renderer/raster/conformance/case.ts';
import { conform } from '../../../renderer/raster/conformance/conform.ts';
import { PROBE_SHA256, probeList } from '../../../renderer/raster/conformance/probe.ts';
import {
  RANDOM_LISTS,
  RANDOM_SEED,
  RANDOM_SHA256,
  randomCases,
  STANDING_SHA256,
  standingCases,
} from '../../../renderer/raster/conformance/suite.ts';
import { cpuPainter } from '../../../renderer/raster/cpu-painter.ts';
import { sha256Hex } from '../../../shared/bytes.ts';
import { canvasComplaint } from '../../../shared/canvas.ts';
import { shareOf } from '../../support/share.ts';
import { paintByTheRules } from './oracle-painter.ts';
import { type OpenSubject, SUBJECTS } from './painters.ts';

/** A GPU in software takes 5 s for its share of the standing cases on two cores that are its own. */
const PATIENCE_MS = 240_000;

/** The suite's two parts: their cases, and what all of their pictures together are pinned to. */
const PARTS: readonly (readonly [title: string, cases: () => Iterable<Case>, sha256: string])[] = [
  ['standing cases', standingCases, STANDING_SHA256],
  [`${RANDOM_LISTS} random lists from seed ${RANDOM_SEED}`, randomCases, RANDOM_SHA256],
];
/** Fewer cases than any part has, and more than a share of one in 4 would have. */
const FEW = 300;

for (const { name, describe, share, open } of SUBJECTS) {
  describe(name, () => {
    let subject: OpenSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject?.close());

    it.each(PARTS)(
      share === 1 ? 'paints all %s as pinned' : `paints one in ${share} of the %s as the CPU does`,
      { timeout: PATIENCE_MS },
      async (_, cases, sha256) => {
        const found = await conform(subject.painter, shareOf(cases(), share), { atMost: 5 });
        expect(found).toMatchObject({ failures: [], ...(share === 1 && { sha256 }) });
        expect(found.cases).toBeGreaterThan(FEW);
      },
    );

    it('paints the probe as pinned', async () => {
      const { pixels } = await subject.painter.paint(probeList());
      expect(sha256Hex(pixels)).toBe(PROBE_SHA256);
    });

    it('gives bytes of their own each time', async () => {
      const list = encode([], { width: 2, height: 2 });
      const first = await subject.painter.paint(list);
      first.pixels.fill(7);
      const second = await subject.painter.paint(list);
      expect([...second.pixels]).toEqual(Array(4).fill([0, 0, 0, 255]).flat());
    });
  });
}

describe('the suite', () => {
  it.each(PARTS)('is what the rules say: one in 3 of the %s', async (_, cases) => {
    const found = await conform(cpuPainter, shareOf(cases(), 3), { expectedOf: paintByTheRules, atMost: 5 });
    expect(found.failures).toEqual([]);
    expect(found.cases).toBeGreaterThan(FEW);
  });

  it('has a thousand cases and more, each with a name of its own and a canvas within the limits', () => {
    const names = new Set<string>();
    let count = 0;
    for (const { name, list } of standingCases()) {
      expect(canvasComplaint(list.canvas.width, list.canvas.height), name).toBeUndefined();
      names.add(name);
      count++;
    }
    expect(names.size).toBe(count);
    expect(count).toBeGreaterThan(1_000);
  });

  it('makes the same random list from the same seed, and another from the next', () => {
    const three = (first: number) => [...randomCases(3, first)].map(({ list }) => list);
    expect(three(7)).toEqual(three(7));
    expect(three(7).slice(1)).toEqual(three(8).slice(0, 2));
    expect(three(7)[0]).not.toEqual(three(8)[0]);
    expect([...randomCases(0)]).toEqual([]);
  });
});
