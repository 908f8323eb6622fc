/** The painter of a single picture: `auto` opens a GPU only for what would take the CPU longer than opening one. */
import { type OpenBackends, openBackends } from '../renderer/host/backends.ts';
import { Costs, CPU_RATES } from '../renderer/raster/costs.ts';
import { cpuPainter } from '../renderer/raster/cpu-painter.ts';
import { effortOf } from '../renderer/raster/effort.ts';
import type { Painter } from '../renderer/raster/painter.ts';
import type { Rendering } from '../renderer/render.ts';
import type { BackendChoice } from '../shared/protocol/command.ts';

/** About what it takes to open a device, compile the shader and paint the probe, ms. */
const OPENING_MS = 500;

interface Alone {
  readonly rendering: Rendering;
  /** Why the CPU stood in for a GPU, if it did. */
  readonly standIn: string | undefined;
}

/**
 * Gives `draw` a painter for the choice, and lets go of what that opened.
 *
 * @param draw renders by a painter and a clock that stands still while a GPU is opened, ms
 * @throws {HostFault} when `gpu` is insisted on and there is none, before anything is drawn
 */
export async function paintAlone(
  choice: BackendChoice,
  monotonic: () => number,
  draw: (painter: Painter, monotonic: () => number) => Promise<Rendering>,
  open: typeof openBackends = openBackends,
): Promise<Alone> {
  let backends: OpenBackends | undefined;
  let openingMs = 0;
  const painterOf = async (): Promise<Painter> => {
    const begun = monotonic();
    backends = await open(choice);
    openingMs += monotonic() - begun;
    return backends.painterFor(choice);
  };
  const patient: Painter = {
    standing: cpuPainter.standing,
    async paint(list, progress) {
      if (new Costs(CPU_RATES).estimate(effortOf(list)) < OPENING_MS) return cpuPainter.paint(list);
      return (await painterOf()).paint(list, progress);
    },
  };
  try {
    const painter = choice === 'auto' ? patient : await painterOf();
    const rendering = await draw(painter, () => monotonic() - openingMs);
    const standing = (backends as OpenBackends | undefined)?.standing;
    const standIn = standing?.health === 'degraded' ? standing.reason : undefined;
    return { rendering, standIn: rendering.standIn ?? standIn };
  } finally {
    await (backends as OpenBackends | undefined)?.close();
  }
}
