/** The pipelines of an engine: each compiled when it is first needed, and those of shades let go again. */
import type { Kinds } from '../../raster/plan.ts';
import type { Shade } from '../../shade/shade.ts';
import { SHADE_ENTRY, wgslOf } from '../../shade/wgsl.ts';
import type { Guard } from './guard.ts';

/** As many shades as one program may have: LIMITS.shades. */
const KEPT = 32;

/** What the shader is compiled for, by its override constants. */
const CONSTANTS: Readonly<Record<Kinds, Record<string, number>>> = {
  plain: { EVERY_SHAPE: 0, IMAGES: 0 },
  imageless: { EVERY_SHAPE: 1, IMAGES: 0 },
  every: { EVERY_SHAPE: 1, IMAGES: 1 },
};

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #layout: GPUPipelineLayout;
  /** The text of fine.wgsl with its prelude, which shades stand behind. */
  readonly #shader: string;
  readonly #module: GPUShaderModule;
  readonly #guard: Guard;
  readonly #ofKinds = new Map<string, GPUComputePipeline>();
  /** By the key of the shade; the one that was asked for last stands last. */
  readonly #ofShades = new Map<string, GPUComputePipeline>();
  #compiled = 0;

  constructor(
    device: GPUDevice,
    layout: GPUPipelineLayout,
    module: GPUShaderModule,
    shader: string,
    guard: Guard,
  ) {
    this.#device = device;
    this.#layout = layout;
    this.#module = module;
    this.#shader = shader;
    this.#guard = guard;
  }

  /** How many were compiled so far. */
  get compiled(): number {
    return this.#compiled;
  }

  /** Whether a shade is compiled already. */
  has(shade: Shade): boolean {
    return this.#ofShades.has(shade.key);
  }

  /**
   * What paints tiles of such lists, of one canvas or of a batch of them: at once when it was compiled before.
   *
   * @throws {GpuFault} when it does not compile, or not in time
   */
  ofKinds(kinds: Kinds, isBatch = false): GPUComputePipeline | Promise<GPUComputePipeline> {
    return this.#ofKinds.get(keyOf(kinds, isBatch)) ?? this.#compileKinds(kinds, isBatch);
  }

  async #compileKinds(kinds: Kinds, isBatch: boolean): Promise<GPUComputePipeline> {
    const constants = { ...CONSTANTS[kinds], BATCH: isBatch ? 1 : 0 };
    const compute = { module: this.#module, entryPoint: 'fine', constants };
    const compiled = await this.#compile(() => compute);
    this.#ofKinds.set(keyOf(kinds, isBatch), compiled);
    return compiled;
  }

  /** What makes the pixels of a shade anew. @throws {GpuFault} when it does not compile, or not in time */
  async ofShade(shade: Shade): Promise<GPUComputePipeline> {
    const known = this.#ofShades.get(shade.key);
    const compiled = known ?? (await this.#compile(() => this.#stageOf(shade)));
    this.#ofShades.delete(shade.key);
    if (this.#ofShades.size === KEPT) this.#ofShades.delete(this.#ofShades.keys().next().value as string);
    this.#ofShades.set(shade.key, compiled);
    return compiled;
  }

  #stageOf(shade: Shade): GPUProgrammableStage {
    const code = this.#shader + wgslOf(shade);
    return { module: this.#device.createShaderModule({ code }), entryPoint: SHADE_ENTRY };
  }

  /** A submission of its own, so that it may take its time. */
  #compile(stage: () => GPUProgrammableStage): Promise<GPUComputePipeline> {
    this.#compiled++;
    return this.#guard.run(() =>
      this.#device.createComputePipelineAsync({ layout: this.#layout, compute: stage() }),
    );
  }
}

function keyOf(kinds: Kinds, isBatch: boolean): string {
  return isBatch ? `${kinds}, batch` : kinds;
}
