/** Chooses what paints, and says why. */
import { HostFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import type { EncodedList } from '../display/encode.ts';
import { cpuPainter, paintInSlices } from '../raster/cpu-painter.ts';
import type { Painter } from '../raster/painter.ts';

/**
 * The painter for a choice of backend.
 *
 * @throws {HostFault} when `gpu` is forced: this version paints on the CPU only
 */
export function choosePainter(choice: BackendChoice): { painter: Painter; reason: string } {
  if (choice === 'gpu') {
    throw new HostFault(
      'choose',
      'backend',
      'Expected a GPU painter, found that this version paints on the CPU',
      {
        retryable: false,
        hint: 'Use --backend auto or --backend cpu; the bytes are the same.',
      },
    );
  }
  const reason = choice === 'cpu' ? 'asked for' : 'this version paints on the CPU';
  return { painter: { ...cpuPainter, paint: paintInTurns }, reason };
}

/** Longest stretch of painting without a turn for signals, heartbeats and clients, ms. */
const STRETCH_MS = 20;

/** Paints a small canvas at once and a large one in turns with the rest of the process; the bytes are the same. */
function paintInTurns(list: EncodedList): Uint8Array | Promise<Uint8Array> {
  const slices = paintInSlices(list);
  const paintOn = (): Uint8Array | Promise<Uint8Array> => {
    for (const until = performance.now() + STRETCH_MS; ; ) {
      const slice = slices.next();
      if (slice.done) return slice.value;
      if (performance.now() > until) return new Promise((resolve) => setImmediate(resolve)).then(paintOn);
    }
  };
  return paintOn();
}
