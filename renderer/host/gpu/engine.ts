/** The engine: plays plans on a WebGPU device and reads the pixels back. */
import type { Progress } from '../../progress.ts';
import type { Batch } from '../../raster/batch.ts';
import { GPU_BOUNDS } from '../../raster/gpu-bounds.ts';
import { PARAM_WORDS } from '../../raster/layout.ts';
import type { Dispatch, Plan, PlanLimits } from '../../raster/plan.ts';
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
   * Plays a plan. One at a time, and no batch beside it: its buffers are used again by the next one. Of its bands, each is
   * submitted before the one above it is read back.
   *
   * @param progress hears how many dispatches are done
   * @throws {GpuFault} when the device fails in any way: there is no picture then, not even a part
   * @throws {PictureTooSlow} when dispatches are left after GPU_BOUNDS.pictureMs
   */
  play(plan: Plan, progress?: Progress): Promise<Played> {
    return this.#isSoftware ? dozing(() => this.#play(plan, progress)) : this.#play(plan, progress);
  }

  /**
   * Paints a batch: one submission. Where the shader is compiled for its kinds, it is submitted before this returns. Of
   * two, one is painted while the pixels of the other are copied; more at once there cannot be.
   *
   * @param onIdle called when the device has done all of it, before its pixels are copied: so it need not wait for that
   * @returns RGBA8 of each canvas, in memory of its own
   * @throws {GpuFault} when the device fails in any way: there is none of the pictures then
   */
  paintBatch(batch: Batch, onIdle: () => void): Promise<Uint8Array[]> {
    return this.#isSoftware ? dozing(() => this.#paintBatch(batch, onIdle)) : this.#paintBatch(batch, onIdle);
  }

  async #play(plan: Plan, progress: Progress | undefined): Promise<Played> {
    const pixels = new Uint8Array(plan.width * plan.height * 4);
    const rowBytes = plan.width * 4;
    const fine = await this.#pipelines.ofKinds(plan.kinds);
    const began = performance.now();
    let dispatches = 0;
    let done = 0;
    const of = plan.bands.reduce((sum, band) => sum + band.dispatches.length, 0);
    progress?.countBy(() => ({ done, of }));
    let buffers: Buffers | undefined;
    /** Of the band above. */
    let reading = Promise.resolve();
    for (const band of plan.bands) {
      for (const dispatch of band.dispatches) {
        const tookMs = performance.now() - began;
        if (tookMs > this.#pictureMs) {
          await reading;
          throw new PictureTooSlow(`the GPU was not done after ${Math.round(tookMs)} ms`);
        }
        // While a shade is compiled the clock runs on; kept it is in any case.
        const { shade } = dispatch;
        const pipeline = shade === undefined ? fine : await this.#pipelines.ofShade(shade);
        const isLast = dispatch === band.dispatches.at(-1);
        dispatches++;
        const submitted = this.#guard.run(async () => {
          buffers ??= this.#upload(plan.scene, plan.params, rowsOf(plan) * rowBytes);
          if (!isLast) {
            this.#submit(pipeline, dispatch, buffers);
            await this.#device.queue.onSubmittedWorkDone();
            done++;
            return;
          }
          const { top, rows } = band;
          await this.#readBack(pipeline, dispatch, buffers, rows * rowBytes, (bytes) => {
            pixels.set(bytes, top * rowBytes);
          });
          done++;
        });
        if (!isLast) await submitted;
        else {
          // Should the one above fail first, its fault is the one that counts.
          submitted.catch(() => {});
          await reading;
          reading = submitted;
        }
      }
    }
    await reading;
    return { pixels, dispatches };
  }

  /**
   * Compiles what a plan needs, which else counts for the time of its picture.
   *
   * @returns how many pipelines that took
   * @throws {GpuFault} when one of them does not compile, or not in time
   */
  prepare(plan: Plan): Promise<number> {
    return this.#isSoftware ? dozing(() => this.#prepare(plan)) : this.#prepare(plan);
  }

  async #prepare({ kinds, bands }: Plan): Promise<number> {
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

  async #paintBatch(batch: Batch, onIdle: () => void): Promise<Uint8Array[]> {
    const found = this.#pipelines.ofKinds(batch.kinds, true);
    const pipeline = found instanceof Promise ? await found : found;
    const { scene, params, dispatch, outputs } = batch;
    const bytes = outputs.at(-1)!;
    return this.#guard.run(async () => {
      const buffers = this.#upload(scene, params, bytes);
      const pictures: Uint8Array[] = [];
      await this.#readBack(pipeline, dispatch, buffers, bytes, (all) => {
        onIdle();
        for (let n = 1; n < outputs.length; n++) pictures.push(all.slice(outputs[n - 1], outputs[n]));
      });
      return pictures;
    });
  }

  #upload(scene: Uint32Array<ArrayBuffer>, params: Uint32Array<ArrayBuffer>, bandBytes: number): Buffers {
    const buffers = this.#pool.take(scene.byteLength, params.byteLength, bandBytes);
    this.#device.queue.writeBuffer(buffers.scene, 0, scene);
    this.#device.queue.writeBuffer(buffers.params, 0, params);
    return buffers;
  }

  #submit(
    pipeline: GPUComputePipeline,
    { paramsAt, workgroups }: Dispatch,
    buffers: Buffers,
    readback?: GPUBuffer,
    bytes = 0,
  ): void {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, buffers.group, [paramsAt]);
    pass.dispatchWorkgroups(...workgroups);
    pass.end();
    if (readback !== undefined) encoder.copyBufferToBuffer(buffers.band, 0, readback, 0, bytes);
    this.#device.queue.submit([encoder.finish()]);
  }

  /** Submits a dispatch, and has what it leaves at the band's beginning read when it is there. */
  async #readBack(
    pipeline: GPUComputePipeline,
    dispatch: Dispatch,
    buffers: Buffers,
    bytes: number,
    read: (bytes: Uint8Array) => void,
  ): Promise<void> {
    const readback = this.#pool.lendReadback(bytes);
    this.#submit(pipeline, dispatch, buffers, readback, bytes);
    await readback.mapAsync(GPUMapMode.READ, 0, bytes);
    read(new Uint8Array(readback.getMappedRange(0, bytes)));
    readback.unmap();
    this.#pool.giveBack(readback);
  }
}

/** Of the tallest band. */
function rowsOf({ bands }: Plan): number {
  return Math.max(...bands.map(({ rows }) => rows));
}
