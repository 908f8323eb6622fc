/** The probe of a GPU, one bit of which is read back wrong: wherever it is, the GPU is not taken. */
import { expect, it } from 'vitest';
import type { ProbeReport } from '../../../renderer/host/gpu/trust.ts';
import {
  imagelessProbe,
  plainProbe,
  probeList,
  probeTails,
} from '../../../renderer/raster/conformance/probe.ts';
import { shadedProbe } from '../../../renderer/raster/conformance/probe-shades.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { bitsApart, CPU, openAtHand, paintRightly, refusalOf } from '../../support/backends-at-hand.ts';
import { faultyOpener, flipBit } from '../../support/faulty-opener.ts';
import { shareOf } from '../../support/share.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';

/**
 * Each picture of the probe once whole, and the pinned, the small and the shaded ones in bands too: eighteen readbacks. Then
 * two batches, of which a small one is the first and a small one the last.
 */
const CANARIES = [
  { readback: 0, byte: 0, bit: 0 },
  { readback: 0, byte: -1, bit: 7 },
  { readback: 0, byte: 41_601, bit: 4 },
  { readback: 1, byte: 2, bit: 0 },
  { readback: 2, byte: -2, bit: 3 },
  { readback: 3, byte: -1, bit: 0 },
  { readback: 4, byte: 0, bit: 0 },
  { readback: 12, byte: -1, bit: 7 },
  { readback: 13, byte: 0, bit: 0 },
  { readback: 13, byte: -1, bit: 7 },
  { readback: 14, byte: 0, bit: 0 },
  { readback: 14, byte: -1, bit: 7 },
  { readback: 15, byte: 0, bit: 0 },
  { readback: 17, byte: -1, bit: 7 },
  { readback: 18, byte: 0, bit: 0 },
  { readback: 18, byte: -1, bit: 7 },
  { readback: 19, byte: 0, bit: 3 },
  { readback: 19, byte: -1, bit: 5 },
];

/** @param share of the bits one in so many is tried */
export function describeProbeBits(share: number): void {
  describeWithGpu('an adapter that paints one bit of the probe wrong', () => {
    it.each([...shareOf(CANARIES, share)])(
      'is not taken, be it bit $bit of byte $byte of readback $readback',
      async (canary) => {
        const opener = faultyOpener({ isSoftware: false });
        flipBit(opener.hand, canary);
        const reports: ProbeReport[] = [];
        const backends = await openAtHand('auto', {
          open: opener.open,
          onDistrust: (report) => reports.push(report),
        });
        expect(reports).toHaveLength(1);
        const { adapter, width, height, expected, found, difference } = reports[0]!;
        expect(adapter).toBe(opener.opened[0]?.adapter);
        // Four readbacks of the pinned picture, three of each small one, one of each part of it, and three of the shaded one.
        const [pinned, tails, shaded] = [probeList(), probeTails(), shadedProbe()];
        const whole = [
          pinned,
          ...tails.flatMap((tail) => [tail, tail, tail]),
          imagelessProbe(),
          plainProbe(),
        ];
        const lists = [pinned, pinned, pinned, ...whole, shaded, shaded, shaded];
        const list = lists[canary.readback] ?? tails.at(canary.byte);
        expect({ width, height }).toEqual(list?.canvas);
        expect(Buffer.compare(expected, paintOnCpu(list ?? probeList()))).toBe(0);
        expect(bitsApart(expected, found)).toBe(1);
        expect(difference).toMatch(/^Expected RGBA .+ at .+; 1 of \d+ pixels differ/);
        expect(backends.standing).toEqual({
          ...CPU,
          reason: `the probe picture differs on ${adapter}: ${difference}`,
          health: 'degraded',
        });
        expect(await paintRightly(backends, 'auto')).toMatchObject({ ...CPU, dispatches: 0 });
        const { message, retryable } = refusalOf(backends);
        expect(message).toContain(backends.standing.reason);
        expect(retryable).toBe(false);
        expect((await opener.opened[0]?.device.lost)?.reason).toBe('destroyed');
      },
    );
  });
}
