/** The buffers of an engine: made once, grown when a picture needs more, and used again for the next one. */

/** Smallest buffer, bytes; larger ones are the next power of two, so that few sizes are ever made. */
const SMALLEST_BYTES = 2 ** 16;

export interface Buffers {
  readonly scene: GPUBuffer;
  readonly params: GPUBuffer;
  /** Pixels of one band where the shader writes them. */
  readonly band: GPUBuffer;
  /** The same pixels where the CPU can read them. */
  readonly readback: GPUBuffer;
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
    this.destroy();
    const { STORAGE, UNIFORM, COPY_DST, COPY_SRC, MAP_READ } = GPUBufferUsage;
    const make = (label: string, size: number, usage: number) =>
      this.#device.createBuffer({ label, size, usage });
    const scene = make('scene', sizes.sceneBytes, STORAGE | COPY_DST);
    const params = make('params', sizes.paramBytes, UNIFORM | COPY_DST);
    const band = make('band', sizes.bandBytes, STORAGE | COPY_SRC);
    const readback = make('readback', sizes.bandBytes, MAP_READ | COPY_DST);
    const group = this.#device.createBindGroup({
      layout: this.#layout,
      entries: [
        { binding: 0, resource: { buffer: scene } },
        { binding: 1, resource: { buffer: scene } },
        { binding: 2, resource: { buffer: band } },
        { binding: 3, resource: { buffer: params, size: this.#paramBindingBytes } },
      ],
    });
    this.#pooled = { ...sizes, scene, params, band, readback, group };
    return this.#pooled;
  }

  destroy(): void {
    const had = this.#pooled;
    this.#pooled = undefined;
    for (const buffer of [had?.scene, had?.params, had?.band, had?.readback]) buffer?.destroy();
  }

  #roundUp(bytes: number): number {
    const power = 2 ** Math.ceil(Math.log2(Math.max(SMALLEST_BYTES, bytes)));
    // More than the device has would be refused by it, in its own words.
    return Math.max(bytes, Math.min(power, this.#mostBytes));
  }
}
