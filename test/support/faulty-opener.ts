/** What backends are opened with in tests: devices with a hand on them, of any kind, or none. */
import type { Absence, Gpu, openGpu, Wanted } from '../../renderer/host/gpu/device.ts';
import { type Hand, openFaulty } from './faulty-gpu.ts';

export interface FaultyOpener {
  /** On each device that is opened. */
  readonly hand: Hand;
  /** What was wanted, each time. */
  readonly wanted: Wanted[];
  /** Oldest first. */
  readonly opened: Gpu[];
  /** There is none, from now on; undefined gives devices again. */
  absent: Absence | undefined;
  /** What an opening waits for before it begins. */
  gate: Promise<void>;
  readonly open: typeof openGpu;
}

/** @param isSoftware what the adapter says of itself; in truth it is what the tests have */
export function faultyOpener({ isSoftware = true, hand = {} as Hand } = {}): FaultyOpener {
  const opener: FaultyOpener = {
    hand,
    wanted: [],
    opened: [],
    absent: undefined,
    gate: Promise.resolve(),
    async open(wanted) {
      opener.wanted.push(wanted);
      await opener.gate;
      if (opener.absent !== undefined) return opener.absent;
      const gpu = { ...(await openFaulty(opener.hand)), isSoftware };
      opener.opened.push(gpu);
      return gpu;
    },
  };
  return opener;
}

/** Flips one bit of one readback: the so-many-eth one from now, counted from 0; the rest stays. */
export function flipBit(hand: Hand, { readback = 0, byte = 0, bit = 0 } = {}): void {
  let reads = 0;
  hand.read = (bytes) => {
    // Counted from the end where it is negative.
    const at = byte < 0 ? bytes.length + byte : byte;
    if (reads++ === readback) bytes[at]! ^= 1 << bit;
  };
}
