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

const SCOPES = ['validation', 'out-of-memory', 'internal'] as const;

/**
 * Runs one submission and waits for it. WebGPU reports an exhausted memory or a refused call through
 * error scopes, later and without a throw, and a lost device by silence: here each becomes a throw.
 *
 * @param act issues its calls before it first waits
 * @param silenceMs the longest wait, ms
 * @throws {GpuFault}
 */
export async function guarded<T>(device: GPUDevice, silenceMs: number, act: () => Promise<T>): Promise<T> {
  for (const scope of SCOPES) device.pushErrorScope(scope);
  const done = settle(act);
  const scopes = SCOPES.toReversed().map(async (kind) => {
    const error = await device.popErrorScope();
    if (error !== null) throw new GpuFault(kind, firstLine(error.message));
  });
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new GpuFault('silent', `the GPU has not answered for ${silenceMs} ms`));
    }, silenceMs);
  });
  const loss = device.lost.then(({ reason, message }) => {
    throw new GpuFault('lost', `the device was lost (${reason}): ${firstLine(message)}`);
  });
  // Whichever fails first is the answer; the others may fail later, unheard.
  for (const promise of [loss, done, ...scopes]) promise.catch(() => {});
  try {
    // What the scopes say comes before what it led to, such as a buffer that cannot be mapped.
    await Promise.race([Promise.all(scopes), loss, silence]);
    return await Promise.race([done, loss, silence]);
  } catch (error) {
    throw error instanceof GpuFault ? error : new GpuFault('internal', firstLine((error as Error).message));
  } finally {
    clearTimeout(timer);
  }
}

/** As a promise in any case: a call that throws at once rejects. */
async function settle<T>(act: () => Promise<T>): Promise<T> {
  return act();
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
