/** The painter of `auto` where a GPU serves: each picture goes where it takes less time, by what those before it took. */
import type { EncodedList } from '../display/builder.ts';
import type { Progress } from '../progress.ts';
import type { Shade } from '../shade/shade.ts';
import type { Costs } from './costs.ts';
import { effortOf } from './effort.ts';
import type { Painted, Painter, Standing } from './painter.ts';

/** A painter that compiles shades before it paints them. */
export interface CompilingPainter extends Painter {
  /** Those that it has not compiled. */
  lacking(shades: readonly Shade[]): readonly Shade[];
}

interface Side<Of extends Painter> {
  readonly painter: Of;
  readonly costs: Costs;
}

export interface AutoPainterOptions {
  readonly cpu: Side<Painter>;
  /** While it does not serve, its painter has another paint in its place. */
  readonly gpu: Side<CompilingPainter>;
  /** Reads a clock in milliseconds. */
  readonly monotonic: () => number;
}

/** Shades whose losses are kept: as many as a program may have. */
const KEPT = 32;

export class AutoPainter implements Painter {
  readonly #options: AutoPainterOptions;
  /**
   * Milliseconds that the CPU took beyond what the GPU would have, by the keys of shades that this would have had to
   * compile first; the one that was painted last stands last. Who is shown again and again is worth it at some time.
   */
  readonly #losses = new Map<string, number>();

  /** Pictures that were asked for, and that are being painted. */
  #asked = 0;
  #underWay = 0;

  constructor(options: AutoPainterOptions) {
    this.#options = options;
  }

  get standing(): Standing {
    const { standing } = this.#options.gpu.painter;
    if (standing.backend === 'cpu') return standing;
    return { ...standing, reason: `${standing.reason}: each picture is painted where it takes less time` };
  }

  async paint(list: EncodedList, progress?: Progress): Promise<Painted> {
    const { cpu, gpu, monotonic } = this.#options;
    if (gpu.painter.standing.backend === 'cpu') return gpu.painter.paint(list, progress);
    const lacking = gpu.painter.lacking(list.shades);
    const effort = effortOf(list, lacking.length);
    const ms = { cpu: cpu.costs.estimate(effort), gpu: gpu.costs.estimate({ ...effort, compiles: 0 }) };
    const compileMs = gpu.costs.estimate(effort) - ms.gpu;
    const isGpu = ms.gpu + Math.max(0, compileMs - this.#lossOf(lacking)) < ms.cpu;
    const isMeasured = cpu.costs.isMeasured && gpu.costs.isMeasured;
    const choice = `${msWords(ms.cpu)} on the CPU, ${msWords(ms.gpu)} on the GPU${
      lacking.length > 0 ? ` and ${msWords(compileMs)} to compile its SHADEs` : ''
    }, as ${isMeasured ? 'measured' : 'estimated'}`;
    const begun = monotonic();
    const asked = ++this.#asked;
    const isFirst = this.#underWay++ === 0;
    let painted: Painted;
    try {
      painted = await (isGpu ? gpu : cpu).painter.paint(list, progress);
    } finally {
      this.#underWay--;
    }
    const took = monotonic() - begun;
    if (painted.standIn !== undefined) return painted;
    // The time of several at once is nobody's own.
    if (!isFirst || asked !== this.#asked) return { ...painted, choice };
    if (isGpu) {
      gpu.costs.learn({ ...effort, dispatches: painted.dispatches }, took);
      cpu.costs.forgive();
    } else {
      cpu.costs.learn(effort, took);
      gpu.costs.forgive();
      this.#lose(lacking, took - ms.gpu);
    }
    return { ...painted, choice };
  }

  #lossOf(shades: readonly Shade[]): number {
    return shades.reduce((sum, { key }) => sum + (this.#losses.get(key) ?? 0), 0);
  }

  /** @param ms by which the GPU would have been faster, or less than 0 */
  #lose(shades: readonly Shade[], ms: number): void {
    for (const { key } of shades) {
      const loss = (this.#losses.get(key) ?? 0) + Math.max(0, ms) / shades.length;
      this.#losses.delete(key);
      if (this.#losses.size === KEPT) this.#losses.delete(this.#losses.keys().next().value as string);
      this.#losses.set(key, loss);
    }
  }
}

/** To two digits, or whole ones. */
function msWords(ms: number): string {
  return `${ms >= 9.95 ? Math.round(ms) : Math.max(ms, 0.01).toPrecision(2)} ms`;
}
