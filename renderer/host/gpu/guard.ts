/** The guard: turns every way in which a device can fail into one typed fault. */

/** `lost`: the device is gone. `silent`: it has not answered in time. The rest is what WebGPU's error scopes tell apart. */
export type GpuFaultKind = 'lost' | 'silent' | 'out-of-memory' | 'validation' | 'internal';

/** The GPU failed a paint. The device is not to be used again: what it holds cannot be trusted. */
export class GpuFault extends Error {
  override readonly name = 'GpuFault';
  readonly kind: GpuFaultKind;

  constructor(kind: GpuFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A wait is counted in so many parts. */
const SILENCE_SLICES = 5;

const SCOPES = ['validation', 'out-of-memory', 'internal'] as const;

/** The guard of one device. It listens for the loss once: what hangs on `device.lost` stays there while it lives. */
export class Guard {
  readonly #device: GPUDevice;
  readonly #silenceMs: number;
  #lost: GpuFault | undefined;
  /** What ends each run that is under way. */
  readonly #interrupts = new Set<(fault: GpuFault) => void>();

  /** @param silenceMs the longest that a submission may take, ms */
  constructor(device: GPUDevice, silenceMs: number) {
    this.#device = device;
    this.#silenceMs = silenceMs;
    void device.lost.then(({ reason, message }) => {
      this.#lost = lossOf(reason, message);
      for (const interrupt of this.#interrupts) interrupt(this.#lost);
    });
  }

  /**
   * Runs one submission and waits for it; the next may be begun meanwhile. WebGPU reports an exhausted memory or a refused
   * call through error scopes, later and without a throw, and a lost device by silence: here each becomes
   * a throw.
   *
   * @param act issues its calls before it first waits
   * @throws {GpuFault}
   */
  async run<T>(act: () => Promise<T>): Promise<T> {
    const device = this.#device;
    for (const scope of SCOPES) device.pushErrorScope(scope);
    const done = settle(act);
    const scopes = SCOPES.toReversed().map(async (kind) => {
      const error = await device.popErrorScope();
      if (error !== null) throw new GpuFault(kind, firstLine(error.message));
    });
    let interrupt: (fault: GpuFault) => void = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    this.#interrupts.add(interrupt);
    if (this.#lost !== undefined) interrupt(this.#lost);
    // A process that was stopped itself finds one slice over when it goes on, not the whole wait.
    let slices = 0;
    const timer = setInterval(() => {
      if (++slices < SILENCE_SLICES) return;
      interrupt(new GpuFault('silent', `the GPU has not answered for ${this.#silenceMs} ms`));
    }, this.#silenceMs / SILENCE_SLICES);
    // Whichever fails first is the answer; the others may fail later, unheard.
    for (const promise of [interrupted, done, ...scopes]) promise.catch(() => {});
    try {
      // What the scopes say comes before what it led to, such as a buffer that cannot be mapped.
      await Promise.race([Promise.all(scopes), interrupted]);
      return await Promise.race([done, interrupted]);
    } catch (error) {
      throw error instanceof GpuFault ? error : new GpuFault('internal', firstLine((error as Error).message));
    } finally {
      clearInterval(timer);
      this.#interrupts.delete(interrupt);
    }
  }
}

/** The fault of a device that is gone, from what `device.lost` says. */
export function lossOf(reason: string, message: string): GpuFault {
  return new GpuFault('lost', `the device was lost (${reason}): ${firstLine(message)}`);
}

/** As a promise in any case: a call that throws at once rejects. */
async function settle<T>(act: () => Promise<T>): Promise<T> {
  return act();
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
