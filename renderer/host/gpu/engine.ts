/** The engine: plays plans on a WebGPU device and reads the pixels back. */
import { GPU_BOUNDS } from '../../raster/gpu-bounds.ts';
import { PARAM_WORDS } from '../../raster/layout.ts';
import type { Band, Dispatch, Plan, PlanLimits } from '../../raster/plan.ts';
import { planLimits } from '../../raster/plan-limits.ts';
import type { Shade } from '../../shade/shade.ts';
import { BufferPool, type Buffers } from './buffer-pool.ts';
import { dozing } from './doze.ts';
import { Guard } from './guard.ts';
import { Pipelines } from './pipelines.ts';

export interface EngineOptions {
  /** Whether the device is a program on the CPU. */
  readonly isSoftware?: boolean;
  /** In place of what the device leaves to a plan. */
  readonly limits?: Partial<PlanLimits>;
  /** In place of GPU_BOUNDS.silenceMs. */
  readonly silenceMs?: number;
  /** In place of GPU_BOUNDS.pictureMs. */
  readonly pictureMs?: number;
}

/** A picture that takes the GPU longer than a client should wait; the device is as good as before. */
class PictureTooSlow extends Error {
  override readonly name = 'PictureTooSlow';
}

interface Played {
  /** RGBA8 of the whole canvas. */
  readonly pixels: Uint8Array;
  /** How many were run. */
  readonly dispatches: number;
}

export class Engine {
  /** What plans for this engine must keep to. */
  readonly limits: PlanLimits;
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #pool: BufferPool;
  readonly #guard: Guard;
  readonly #pictureMs: number;
  readonly #isSoftware: boolean;

  private constructor(
    device: GPUDevice,
    layout: GPUBindGroupLayout,
    pipelines: Pipelines,
    guard: Guard,
    { isSoftware = false, limits, pictureMs = GPU_BOUNDS.pictureMs }: EngineOptions,
  ) {
    const own = planLimits(device.limits, isSoftware);
    this.limits = { ...own, ...limits };
    this.#device = device;
    this.#pipelines = pipelines;
    this.#pool = new BufferPool(device, layout, PARAM_WORDS * 4, own.bindingBytes);
    this.#guard = guard;
    this.#pictureMs = pictureMs;
    this.#isSoftware = isSoftware;
  }

  /**
   * Hands the shader to a device. It is compiled for each of the three kinds of lists when the first of them comes, which
   * the probe has seen to before anybody waits for a picture; and with each shade when that comes.
   *
   * @throws {GpuFault} when the device refuses it, or is lost meanwhile
   */
  static async on(device: GPUDevice, shader: string, options: EngineOptions = {}): Promise<Engine> {
    const guard = new Guard(device, options.silenceMs ?? GPU_BOUNDS.silenceMs);
    const { COMPUTE: visibility } = GPUShaderStage;
    const [layout, pipelines] = await guard.run(async () => {
      const bindings = device.createBindGroupLayout({
        entries: [
          { binding: 0, visibility, buffer: { type: 'read-only-storage' } },
          { binding: 1, visibility, buffer: { type: 'read-only-storage' } },
          { binding: 2, visibility, buffer: { type: 'storage' } },
          { binding: 3, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
        ],
      });
      const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [bindings] });
      const module = device.createShaderModule({ code: shader });
      return [bindings, new Pipelines(device, pipelineLayout, module, shader, guard)] as const;
    });
    return new Engine(device, layout, pipelines, guard, options);
  }

  /**
   * Plays a plan. One at a time: the buffers are used again by the next one.
   *
   * @throws {GpuFault} when the device fails in any way: there is no picture then, not even a part
   * @throws {PictureTooSlow} when dispatches are left after GPU_BOUNDS.pictureMs
   */
  play(plan: Plan): Promise<Played> {
    return this.#isSoftware ? dozing(() => this.#play(plan)) : this.#play(plan);
  }

  async #play(plan: Plan): Promise<Played> {
    const pixels = new Uint8Array(plan.width * plan.height * 4);
    const rowBytes = plan.width * 4;
    const fine = await this.#pipelines.ofKinds(plan.kinds);
    const began = performance.now();
    let dispatches = 0;
    let buffers: Buffers | undefined;
    for (const band of plan.bands) {
      for (const dispatch of band.dispatches) {
        const tookMs = performance.now() - began;
        if (tookMs > this.#pictureMs) {
          throw new PictureTooSlow(`the GPU was not done after ${Math.round(tookMs)} ms`);
        }
        // While a shade is compiled the clock runs on; kept it is in any case.
        const { shade } = dispatch;
        const pipeline = shade === undefined ? fine : await this.#pipelines.ofShade(shade);
        const isLast = dispatch === band.dispatches.at(-1);
        await this.#guard.run(async () => {
          buffers ??= this.#upload(plan);
          this.#submit(pipeline, dispatch, buffers, isLast ? band.rows * rowBytes : 0);
          dispatches++;
          if (isLast) await readBand(buffers.readback, pixels, band, rowBytes);
          else await this.#device.queue.onSubmittedWorkDone();
        });
      }
    }
    return { pixels, dispatches };
  }

  /**
   * Compiles what a plan needs, which else counts for the time of its picture.
   *
   * @returns how many pipelines that took
   * @throws {GpuFault} when one of them does not compile, or not in time
   */
  async prepare({ kinds, bands }: Plan): Promise<number> {
    const { compiled } = this.#pipelines;
    await this.#pipelines.ofKinds(kinds);
    for (const { shade } of bands.flatMap(({ dispatches }) => dispatches)) {
      if (shade !== undefined) await this.#pipelines.ofShade(shade);
    }
    return this.#pipelines.compiled - compiled;
  }

  /** Those of a list that it has no pipeline of. */
  lacking(shades: readonly Shade[]): readonly Shade[] {
    return shades.filter((shade) => !this.#pipelines.has(shade));
  }

  #upload(plan: Plan): Buffers {
    const rows = Math.max(...plan.bands.map((band) => band.rows));
    const { scene, params } = plan;
    const buffers = this.#pool.take(scene.byteLength, params.byteLength, rows * plan.width * 4);
    this.#device.queue.writeBuffer(buffers.scene, 0, scene);
    this.#device.queue.writeBuffer(buffers.params, 0, params);
    return buffers;
  }

  /** @param readBytes how much of the band is copied to where the CPU can read it, afterwards */
  #submit(
    pipeline: GPUComputePipeline,
    { paramsAt, workgroups }: Dispatch,
    buffers: Buffers,
    readBytes: number,
  ): void {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, buffers.group, [paramsAt]);
    pass.dispatchWorkgroups(...workgroups);
    pass.end();
    if (readBytes > 0) encoder.copyBufferToBuffer(buffers.band, 0, buffers.readback, 0, readBytes);
    this.#device.queue.submit([encoder.finish()]);
  }
}

async function readBand(
  readback: GPUBuffer,
  pixels: Uint8Array,
  band: Band,
  rowBytes: number,
): Promise<void> {
  const bytes = band.rows * rowBytes;
  await readback.mapAsync(GPUMapMode.READ, 0, bytes);
  pixels.set(new Uint8Array(readback.getMappedRange(0, bytes)), band.top * rowBytes);
  readback.unmap();
}
