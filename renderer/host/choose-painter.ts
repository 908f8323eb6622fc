/** Chooses what paints, and says why. */
import { HostFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import { cpuPainter } from '../raster/cpu-painter.ts';
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
  return { painter: cpuPainter, reason };
}
