/** The GPU painter: paints on the GPU while that can be done, and on the CPU while it cannot. */
import type { EncodedList } from '../../display/builder.ts';
import type { Progress } from '../../progress.ts';
import { batchOf, type Piece } from '../../raster/batch.ts';
import { CPU_ADAPTER } from '../../raster/cpu-painter.ts';
import { Gathering, type Waiting } from '../../raster/gathering.ts';
import { GPU_BOUNDS } from '../../raster/gpu-bounds.ts';
import type { Painted, Painter, Standing } from '../../raster/painter.ts';
import { plan } from '../../raster/plan.ts';
import type { Shade } from '../../shade/shade.ts';
import { READBACKS } from './buffer-pool.ts';
import type { Absence } from './device.ts';
import { GpuFault, lossOf } from './guard.ts';
import { ProbeFault, type TrustedGpu, whyNot } from './trust.ts';

export interface GpuPainterOptions {
  /** Opens another device after a fault. */
  readonly reopen: () => Promise<TrustedGpu | Absence>;
  /** Paints in the GPU's place, and says why. */
  readonly standIn: (
    list: EncodedList,
    why: string,
    progress: Progress | undefined,
  ) => Painted | Promise<Painted>;
  /** Why the GPU was chosen. */
  readonly reason: string;
  readonly monotonic: () => number;
  /** Acts later, ms; returns what calls it off. */
  readonly later: (ms: number, act: () => void) => () => void;
}

/**
 * `resting`: the device failed, another one will be opened. `off`: it failed too often, or cannot be trusted.
 * `closed`: as told; nothing is opened or said any more.
 */
type State =
  | { readonly mode: 'serving'; readonly gpu: TrustedGpu }
  | { readonly mode: 'resting'; readonly why: string; readonly callOff: () => void }
  | { readonly mode: 'off' | 'closed'; readonly why: string };

interface Waiter extends Waiting {
  readonly progress: Progress | undefined;
  resolve(painted: Painted): void;
  reject(error: unknown): void;
}

/**
 * Modes: serving → resting (with backoff, each time anew) → serving, or → off for good. In every mode
 * each list is painted: by the CPU, with the reason, when not by the GPU.
 */
export class GpuPainter implements Painter {
  readonly #options: GpuPainterOptions;
  #state: State;
  /** When the device failed, on the monotonic clock, ms; oldest first. */
  #faults: number[] = [];
  readonly #gathering = new Gathering<Waiter>();
  #isCalled = false;
  readonly #under = { way: 0, reading: 0 };
  #reopening: Promise<void> = Promise.resolve();
  #tell: (standing: Standing) => void = () => {};

  /** @param first the GPU, or why it failed when it was opened: then it is tried again */
  constructor(first: TrustedGpu | GpuFault, options: GpuPainterOptions) {
    this.#options = options;
    this.#state = { mode: 'off', why: 'not opened' };
    if (first instanceof GpuFault) this.#rest(whyNot(first));
    else this.#serve(first);
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
    return this.#state.mode === 'serving' || this.#state.mode === 'resting';
  }

  /** Shades that the GPU would have to compile first; none while it does not serve. */
  lacking(shades: readonly Shade[]): readonly Shade[] {
    return this.#state.mode === 'serving' ? this.#state.gpu.engine.lacking(shades) : [];
  }

  /** @param listener must not throw */
  onChange(listener: (standing: Standing) => void): void {
    this.#tell = listener;
  }

  /** Paints as many at once as are asked for: those that wait go together where they can. Never fails by the GPU's fault. */
  paint(list: EncodedList, progress?: Progress): Painted | Promise<Painted> {
    const state = this.#state;
    if (state.mode !== 'serving') return this.#options.standIn(list, state.why, progress);
    return new Promise((resolve, reject) => {
      this.#gathering.add({ list, progress, resolve, reject }, state.gpu.engine.limits);
      // In a turn of its own, so that all who ask in this one go together.
      if (!this.#isCalled) setImmediate(() => this.#answerCall());
      this.#isCalled = true;
    });
  }

  /** Lets go of the device, and opens no other; waits for one that is being opened. */
  async close(): Promise<void> {
    const state = this.#state;
    this.#state = { mode: 'closed', why: 'closed' };
    if (state.mode === 'serving') state.gpu.device.destroy();
    if (state.mode === 'resting') state.callOff();
    await this.#reopening;
  }

  #serve(gpu: TrustedGpu): void {
    this.#become({ mode: 'serving', gpu });
    // A device can be lost while nobody paints.
    void gpu.device.lost.then(({ reason, message }) => {
      this.#fail(gpu, lossOf(reason, message));
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
    const callOff = later(ms, () => {
      this.#reopening = this.#reopen();
    });
    this.#become({ mode: 'resting', why: `the GPU failed (${why}) and is tried again`, callOff });
  }

  #turnOff(why: string): void {
    this.#become({ mode: 'off', why });
  }

  async #reopen(): Promise<void> {
    let gpu: TrustedGpu | Absence;
    try {
      gpu = await this.#options.reopen();
    } catch (error) {
      if (error instanceof ProbeFault) this.#turnOff(error.message);
      else this.#rest(whyNot(error));
      return;
    }
    if ('absent' in gpu) this.#rest(gpu.absent);
    else if (this.#state.mode === 'closed') gpu.device.destroy();
    else this.#serve(gpu);
  }

  #answerCall(): void {
    this.#isCalled = false;
    this.#advance();
  }

  /** Has what waits painted, as far as the device has room for it. */
  #advance(): void {
    const state = this.#state;
    if (state.mode !== 'serving') {
      void this.#standInFor(this.#gathering.dismiss(), state.why);
      return;
    }
    const { gpu } = state;
    while (this.#under.reading < READBACKS) {
      const next = this.#gathering.next(this.#under, gpu.engine.limits);
      if (next === undefined) return;
      if ('alone' in next) void this.#paintAlone(gpu, next.alone);
      else void this.#paintTogether(gpu, next.pieces, next.waiters);
    }
  }

  /** Nothing is begun beside it. */
  async #paintAlone(gpu: TrustedGpu, waiter: Waiter): Promise<void> {
    const { engine, adapter } = gpu;
    await this.#submitted(gpu, READBACKS, [waiter], async () => {
      const { pixels, dispatches } = await engine.play(plan(waiter.list, engine.limits), waiter.progress);
      waiter.resolve({ pixels, backend: 'gpu', adapter, dispatches, standIn: undefined });
    });
  }

  async #paintTogether(gpu: TrustedGpu, pieces: readonly Piece[], waiters: readonly Waiter[]): Promise<void> {
    const { engine, adapter } = gpu;
    await this.#submitted(gpu, 1, waiters, async (onIdle) => {
      const pictures = await engine.paintBatch(batchOf(pieces), onIdle);
      for (const [index, pixels] of pictures.entries()) {
        waiters[index]?.resolve({ pixels, backend: 'gpu', adapter, dispatches: 1, standIn: undefined });
      }
    });
  }

  /** @param act calls `onIdle`, if it likes, when the device is done and its pixels are not read back yet */
  async #submitted(
    gpu: TrustedGpu,
    weight: number,
    waiters: readonly Waiter[],
    act: (onIdle: () => void) => Promise<void>,
  ): Promise<void> {
    const under = this.#under;
    under.way += weight;
    under.reading += weight;
    let isIdle = false;
    const onIdle = (): void => {
      if (!isIdle) under.way -= weight;
      isIdle = true;
    };
    try {
      await act(() => {
        onIdle();
        this.#advance();
      });
    } catch (error) {
      // A list too large for the device, or too little memory of our own, says nothing about the device.
      if (error instanceof GpuFault) this.#fail(gpu, error);
      void this.#standInFor(waiters, whyNot(error));
    } finally {
      onIdle();
      under.reading -= weight;
      this.#advance();
    }
  }

  /** One after the other, with the rest of the process in between. */
  async #standInFor(waiters: readonly Waiter[], why: string): Promise<void> {
    for (const [index, { list, progress, resolve, reject }] of waiters.entries()) {
      if (index > 0) await new Promise((done) => setImmediate(done));
      try {
        resolve(await this.#options.standIn(list, why, progress));
      } catch (error) {
        reject(error);
      }
    }
  }

  #become(state: State): void {
    if (this.#state.mode === 'closed') {
      if (state.mode === 'resting') state.callOff();
      return;
    }
    this.#state = state;
    this.#tell(this.standing);
  }
}
