/** The buffers of an engine: made once, grown when a picture needs more, and used again for the next one. */
import { invariant } from '../../../shared/faults.ts';

/** Smallest buffer, bytes; larger ones are the next power of two, so that few sizes are ever made. */
const SMALLEST_BYTES = 2 ** 16;

/** While the pixels of one band or batch are copied from one of them, those of the next come into the other. */
export const READBACKS = 2;

/** What submissions use one after the other, in the order in which they are submitted. */
export interface Buffers {
  readonly scene: GPUBuffer;
  readonly params: GPUBuffer;
  /** Pixels of one band where the shader writes them. */
  readonly band: GPUBuffer;
  readonly group: GPUBindGroup;
}

interface Pooled extends Buffers {
  readonly sceneBytes: number;
  readonly paramBytes: number;
  readonly bandBytes: number;
}

export class BufferPool {
  readonly #device: GPUDevice;
  readonly #layout: GPUBindGroupLayout;
  readonly #paramBindingBytes: number;
  readonly #mostBytes: number;
  #pooled: Pooled | undefined;
  /** Those that nobody has. */
  readonly #readbacks: GPUBuffer[] = [];
  #lent = 0;

  /**
   * @param paramBindingBytes bytes of one dispatch's parameters
   * @param mostBytes the largest buffer that the device can bind
   */
  constructor(device: GPUDevice, layout: GPUBindGroupLayout, paramBindingBytes: number, mostBytes: number) {
    this.#device = device;
    this.#layout = layout;
    this.#paramBindingBytes = paramBindingBytes;
    this.#mostBytes = mostBytes;
  }

  /** Buffers of at least these sizes, bytes; their contents are those of an earlier picture. */
  take(sceneBytes: number, paramBytes: number, bandBytes: number): Buffers {
    const had = this.#pooled;
    if (
      had !== undefined &&
      had.sceneBytes >= sceneBytes &&
      had.paramBytes >= paramBytes &&
      had.bandBytes >= bandBytes
    ) {
      return had;
    }
    const sizes = {
      sceneBytes: this.#roundUp(Math.max(sceneBytes, had?.sceneBytes ?? 0)),
      paramBytes: this.#roundUp(Math.max(paramBytes, had?.paramBytes ?? 0)),
      bandBytes: this.#roundUp(Math.max(bandBytes, had?.bandBytes ?? 0)),
    };
    // What was submitted with them before is carried out all the same.
    for (const buffer of [had?.scene, had?.params, had?.band]) buffer?.destroy();
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
    const scene = this.#make('scene', sizes.sceneBytes, STORAGE | COPY_DST);
    const params = this.#make('params', sizes.paramBytes, UNIFORM | COPY_DST);
    const band = this.#make('band', sizes.bandBytes, STORAGE | COPY_SRC);
    const group = this.#device.createBindGroup({
      layout: this.#layout,
      entries: [
        { binding: 0, resource: { buffer: scene } },
        { binding: 1, resource: { buffer: scene } },
        { binding: 2, resource: { buffer: band } },
        { binding: 3, resource: { buffer: params, size: this.#paramBindingBytes } },
      ],
    });
    this.#pooled = { ...sizes, scene, params, band, group };
    return this.#pooled;
  }

  /**
   * Lends a buffer of at least so many bytes that the CPU can read, one of READBACKS. It stays with whoever has it until
   * it is given back, whatever is taken meanwhile.
   */
  lendReadback(bytes: number): GPUBuffer {
    invariant(this.#lent < READBACKS, 'no more is read back at once than there are buffers for');
    this.#lent++;
    const fitting = this.#readbacks.findIndex(({ size }) => size >= bytes);
    const [readback] = this.#readbacks.splice(Math.max(0, fitting), 1);
    if (readback !== undefined && readback.size >= bytes) return readback;
    readback?.destroy();
    return this.#make('readback', this.#roundUp(bytes), GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  /** @param readback as it was lent, no longer mapped */
  giveBack(readback: GPUBuffer): void {
    this.#lent--;
    this.#readbacks.push(readback);
  }

  #make(label: string, size: number, usage: number): GPUBuffer {
    return this.#device.createBuffer({ label, size, usage });
  }

  #roundUp(bytes: number): number {
    const power = 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BYTES, bytes)));
    // More than the device has would be refused by it, in its own words.
    return Math.max(bytes, Math.min(power, this.#mostBytes));
  }
}
