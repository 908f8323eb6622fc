/** Backends for tests: closed in the end, and every picture of theirs held to the CPU's bytes. */
import { expect, onTestFinished } from 'vitest';
import { type BackendOptions, type OpenBackends, openBackends } from '../../renderer/host/backends.ts';
import { randomList } from '../../renderer/raster/conformance/random-list.ts';
import { CPU_ADAPTER, paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import type { Painted } from '../../renderer/raster/painter.ts';
import { HostFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import { faultOf } from './fault-of.ts';

/** Who paints where it is the CPU. */
export const CPU = { backend: 'cpu', adapter: CPU_ADAPTER };

/** The way out that is said where a GPU is missing. */
export const CPU_HINT = 'Use --backend auto or --backend cpu; the bytes are the same.';

/** Opens backends that are closed when the test ends, if it has not closed them itself. */
export async function openAtHand(choice: BackendChoice, options: BackendOptions = {}): Promise<OpenBackends> {
  const backends = await openBackends(choice, options);
  const close = backends.close.bind(backends);
  let closed: Promise<void> | undefined;
  backends.close = () => {
    closed ??= close();
    return closed;
  };
  onTestFinished(() => backends.close());
  return backends;
}

/** Paints one list with what serves a command's choice. */
export async function paintRightly(
  backends: OpenBackends,
  choice: BackendChoice,
  seed = 1,
): Promise<Painted> {
  const list = randomList(seed);
  const painted = await backends.painterFor(choice).paint(list);
  expect(Buffer.compare(painted.pixels, paintOnCpu(list)), `random list ${seed}`).toBe(0);
  return painted;
}

/** What a command hears that insists on a GPU where there is none. */
export function refusalOf(backends: OpenBackends): HostFault {
  const fault = faultOf(() => backends.painterFor('gpu'));
  expect(fault).toBeInstanceOf(HostFault);
  return fault as HostFault;
}

/** How many bits differ. */
export function bitsApart(one: Uint8Array, other: Uint8Array): number {
  expect(other.length).toBe(one.length);
  let bits = 0;
  for (let at = 0; at < one.length; at++) {
    for (let apart = one[at]! ^ other[at]!; apart !== 0; apart &= apart - 1) bits++;
  }
  return bits;
}
