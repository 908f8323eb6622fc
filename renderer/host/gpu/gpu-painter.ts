/** The GPU painter: paints on the GPU while that can be done, and on the CPU while it cannot. */
import { invariant } from '../../../shared/faults.ts';
import type { EncodedList } from '../../display/encode.ts';
import { CPU_ADAPTER } from '../../raster/cpu-painter.ts';
import type { Painted, Painter, Standing } from '../../raster/painter.ts';
import { PlanTooLarge, plan } from '../../raster/plan.ts';
import { GPU_BOUNDS } from './bounds.ts';
import type { Absence } from './device.ts';
import { ProbeFault, type TrustedGpu, whyNot } from './trust.ts';

export interface GpuPainterOptions {
  /** Opens another device after a fault. */
  readonly reopen: () => Promise<TrustedGpu | Absence>;
  /** Paints in the GPU's place, and says why. */
  readonly standIn: (list: EncodedList, why: string) => Painted | Promise<Painted>;
  /** Why the GPU was chosen. */
  readonly reason: string;
  readonly monotonic: () => number;
  /** Acts later, ms; returns what calls it off. */
  readonly later: (ms: number, act: () => void) => () => void;
}

/** `resting`: the device failed, another one will be opened. `off`: it failed too often, or cannot be trusted. */
type State =
  | { readonly mode: 'serving'; readonly gpu: TrustedGpu }
  | { readonly mode: 'resting'; readonly why: string; readonly callOff: () => void }
  | { readonly mode: 'off'; readonly why: string };

/**
 * Modes: serving → resting (with backoff, each time anew) → serving, or → off for good. In every mode
 * each list is painted: by the CPU, with the reason, when not by the GPU.
 */
export class GpuPainter implements Painter {
  readonly #options: GpuPainterOptions;
  #state: State;
  /** When the device failed, on the monotonic clock, ms; oldest first. */
  #faults: number[] = [];
  #busy = false;
  #closed = false;
  #tell: (standing: Standing) => void = () => {};

  constructor(gpu: TrustedGpu, options: GpuPainterOptions) {
    this.#options = options;
    this.#state = { mode: 'serving', gpu };
    this.#watch(gpu);
  }

  get standing(): Standing {
    const state = this.#state;
    if (state.mode === 'serving') {
      return {
        backend: 'gpu',
        adapter: state.gpu.adapter,
        reason: this.#options.reason,
        health: 'ok',
      };
    }
    return { backend: 'cpu', adapter: CPU_ADAPTER, reason: state.why, health: 'degraded' };
  }

  /** Whether a GPU that does not serve now may serve again by itself. */
  get mayReturn(): boolean {
    return this.#state.mode !== 'off';
  }

  onChange(listener: (standing: Standing) => void): void {
    this.#tell = listener;
  }

  /** One list at a time. Never fails by the GPU's fault. */
  async paint(list: EncodedList): Promise<Painted> {
    const state = this.#state;
    if (state.mode !== 'serving') return this.#options.standIn(list, state.why);
    const { engine, adapter } = state.gpu;
    invariant(!this.#busy, 'one picture is painted at a time');
    this.#busy = true;
    try {
      const { pixels, dispatches } = await engine.play(plan(list, engine.limits));
      return { pixels, backend: 'gpu', adapter, dispatches, standIn: undefined };
    } catch (error) {
      // A list too large for the device says nothing about the device.
      if (!(error instanceof PlanTooLarge)) this.#fail(state.gpu, error);
      return this.#options.standIn(list, whyNot(error));
    } finally {
      this.#busy = false;
    }
  }

  /** Lets go of the device, and opens no other. */
  close(): void {
    this.#closed = true;
    if (this.#state.mode === 'serving') this.#state.gpu.device.destroy();
    if (this.#state.mode === 'resting') this.#state.callOff();
    this.#state = { mode: 'off', why: 'closed' };
  }

  /** A device can be lost while nobody paints. */
  #watch(gpu: TrustedGpu): void {
    void gpu.device.lost.then(({ reason, message }) => {
      this.#fail(gpu, new Error(`lost: the device was lost (${reason}): ${message}`));
    });
  }

  /** The device is not trusted any more; the first of its faults counts. */
  #fail(gpu: TrustedGpu, error: unknown): void {
    if (this.#state.mode !== 'serving' || this.#state.gpu !== gpu) return;
    gpu.device.destroy();
    this.#rest(whyNot(error));
  }

  #rest(why: string): void {
    const { monotonic, later } = this.#options;
    const { faults, faultWindowMs, firstRestMs } = GPU_BOUNDS;
    const now = monotonic();
    this.#faults = [...this.#faults.filter((at) => now - at < faultWindowMs), now];
    const count = this.#faults.length;
    if (count >= faults) {
      this.#turnOff(
        `the GPU failed ${count} times, the last time so: ${why}; start the renderer again to try it again`,
      );
      return;
    }
    const ms = firstRestMs * 4 ** (count - 1);
    const callOff = later(ms, () => void this.#reopen());
    this.#become({ mode: 'resting', why: `the GPU failed (${why}) and is tried again`, callOff });
  }

  #turnOff(why: string): void {
    this.#become({ mode: 'off', why });
  }

  async #reopen(): Promise<void> {
    try {
      const gpu = await this.#options.reopen();
      if ('absent' in gpu) return this.#rest(gpu.absent);
      if (this.#closed) return gpu.device.destroy();
      this.#become({ mode: 'serving', gpu });
      this.#watch(gpu);
    } catch (error) {
      if (error instanceof ProbeFault) this.#turnOff(error.message);
      else this.#rest(whyNot(error));
    }
  }

  #become(state: State): void {
    if (this.#closed) {
      if (state.mode === 'resting') state.callOff();
      return;
    }
    this.#state = state;
    this.#tell(this.standing);
  }
}
