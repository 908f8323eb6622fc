/** Layers of shades: how their pixels are cut into dispatches of a GPU, and what they count for there. */
import type { Shade } from '../shade/shade.ts';
import { PIXELS_PER_GROUP } from '../shade/wgsl.ts';
import { sizeOf, workOf } from '../shade/work.ts';
import { GPU_BOUNDS } from './gpu-bounds.ts';
import type { LayerLimits } from './layers.ts';
import { PlanTooLarge } from './plan-too-large.ts';
import type { Segment, Shading } from './segments.ts';

/** Operations of a shade that take a GPU no longer than a pixel of a shape that it looks at. */
export const SHADE_OPERATIONS = 16;

/** Pixels of a shade's box in a band, numbered row by row: `take` of them after the first `skip`. */
export interface ShadingLayer {
  readonly skip: number;
  readonly take: number;
}

/** Pixels times entries that all shades of a list count for. @throws {PlanTooLarge} when they are too many, or one takes too long */
export function shadingWork(segments: readonly Segment[]): number {
  const shadings = segments.flatMap(({ shading }) => shading ?? []);
  if (shadings.length > GPU_BOUNDS.shades) {
    throw new PlanTooLarge(
      `Expected ${GPU_BOUNDS.shades} SHADEs or fewer for the GPU, found ${shadings.length}`,
    );
  }
  let work = 0;
  for (const { shade, x0, y0, x1, y1 } of shadings) {
    const operations = workOf(shade);
    if (operations > GPU_BOUNDS.pixelOperations) {
      throw new PlanTooLarge(
        `Expected ${GPU_BOUNDS.pixelOperations} operations or fewer for a pixel on the GPU, found ${operations}`,
      );
    }
    const size = sizeOf(shade);
    if (size > GPU_BOUNDS.shadeSize) {
      throw new PlanTooLarge(
        `Expected a SHADE of ${GPU_BOUNDS.shadeSize} operations or fewer for the GPU to compile, found ${size}`,
      );
    }
    work += (x1 - x0) * (y1 - y0) * pixelWork(shade);
  }
  return work;
}

/** Cuts the rows `top ≤ y < bottom` of a shade into layers, one dispatch each; none where it has no row there. */
export function shadingLayers(
  { shade, x0, y0, x1, y1 }: Shading,
  top: number,
  bottom: number,
  limits: LayerLimits,
): ShadingLayer[] {
  const pixels = (x1 - x0) * Math.max(0, Math.min(y1, bottom) - Math.max(y0, top));
  const longest = Math.max(1, Math.floor(limits.dispatchWork / pixelWork(shade)));
  const most = Math.min(longest, limits.workgroups * PIXELS_PER_GROUP);
  const found: ShadingLayer[] = [];
  for (let skip = 0; skip < pixels; skip += most) found.push({ skip, take: Math.min(most, pixels - skip) });
  return found;
}

function pixelWork(shade: Shade): number {
  return Math.ceil(workOf(shade) / SHADE_OPERATIONS);
}
