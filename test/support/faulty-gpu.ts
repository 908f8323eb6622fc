/**
 * A real device with a hand on it: tests see each call of a paint, and may break the device before any of them. What the
 * device is waited for is waited for asleep, whatever an engine is told of it: in truth it is one in software.
 */
import { type Gpu, openGpu } from '../../renderer/host/gpu/device.ts';
import { dozing } from '../../renderer/host/gpu/doze.ts';

export interface Hand {
  /** Called before each call of a paint, with its name as `object.method`; what it throws, the call throws. */
  before?: ((step: string, device: GPUDevice) => void) | undefined;
  /** Changes what a buffer is made with. */
  buffer?: ((descriptor: GPUBufferDescriptor) => GPUBufferDescriptor) | undefined;
  /** What becomes of a buffer's mapping; `never` leaves it unanswered. */
  map?: () => 'as ever' | 'never';
  /** Changes what the CPU reads of a mapped buffer. */
  read?: ((bytes: Uint8Array) => void) | undefined;
  /** Every buffer that is made. */
  made?: (buffer: GPUBuffer, device: GPUDevice) => void;
}

/**
 * Opens the adapter that is there, in software too, with `hand` on its device.
 *
 * @throws {Error} when there is no adapter
 */
export async function openFaulty(hand: Hand): Promise<Gpu> {
  const gpu = await openGpu('any');
  if ('absent' in gpu) throw new Error(gpu.absent);
  return { ...gpu, device: laidOn(gpu.device, hand) };
}

function laidOn(device: GPUDevice, hand: Hand): GPUDevice {
  const queue = watched(device.queue, 'queue', device, hand);
  return new Proxy(device, {
    get(target, name) {
      if (name === 'queue') return queue;
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        // Its own end is no step of a paint.
        if (name !== 'destroy') hand.before?.(`device.${String(name)}`, target);
        if (name === 'createBuffer') return makeBuffer(target, args[0] as GPUBufferDescriptor, hand);
        if (name === 'createCommandEncoder') {
          return watched(target.createCommandEncoder(), 'encoder', target, hand);
        }
        return asleep(value.apply(target, args));
      };
    },
  });
}

function asleep(answer: unknown): unknown {
  return answer instanceof Promise ? dozing(() => answer) : answer;
}

function makeBuffer(device: GPUDevice, descriptor: GPUBufferDescriptor, hand: Hand): GPUBuffer {
  const buffer = device.createBuffer(hand.buffer?.(descriptor) ?? descriptor);
  const { mapAsync, getMappedRange, unmap } = buffer;
  Object.assign(buffer, {
    mapAsync(...args: Parameters<typeof mapAsync>) {
      hand.before?.('buffer.mapAsync', device);
      return hand.map?.() === 'never' ? new Promise(() => {}) : dozing(() => mapAsync.apply(buffer, args));
    },
    getMappedRange(...args: Parameters<typeof getMappedRange>) {
      hand.before?.('buffer.getMappedRange', device);
      const range = getMappedRange.apply(buffer, args);
      if (hand.read === undefined) return range;
      // A copy: the device's own memory stays as it is.
      const bytes = range.slice(0);
      hand.read(new Uint8Array(bytes));
      return bytes;
    },
    unmap() {
      hand.before?.('buffer.unmap', device);
      return unmap.apply(buffer);
    },
  });
  hand.made?.(buffer, device);
  return buffer;
}

function watched<T extends object>(object: T, label: string, device: GPUDevice, hand: Hand): T {
  return new Proxy(object, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        hand.before?.(`${label}.${String(name)}`, device);
        return asleep(value.apply(target, args));
      };
    },
  });
}
