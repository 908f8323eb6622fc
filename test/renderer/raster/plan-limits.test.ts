import { describe, expect, it } from 'vitest';
import { GPU_BOUNDS } from '../../../renderer/raster/gpu-bounds.ts';
import { planLimits } from '../../../renderer/raster/plan-limits.ts';

/** The least that WebGPU promises everywhere. */
const LEAST = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupsPerDimension: 65_535,
  minUniformBufferOffsetAlignment: 256,
};

describe('the limits of plans', () => {
  it('are what any device has, and our own bounds', () => {
    expect(planLimits(LEAST, false)).toEqual({
      bindingBytes: 2 ** 27,
      bandBytes: 2 ** 26,
      workgroups: 65_535,
      paramStride: 256,
      dispatchWork: GPU_BOUNDS.dispatchWork,
      pictureWork: GPU_BOUNDS.pictureWork,
    });
  });

  it('allow less to a program on the CPU', () => {
    expect(planLimits(LEAST, true)).toMatchObject({
      dispatchWork: GPU_BOUNDS.softwareDispatchWork,
      pictureWork: GPU_BOUNDS.softwarePictureWork,
    });
    expect(GPU_BOUNDS.softwareDispatchWork).toBeLessThan(GPU_BOUNDS.dispatchWork);
    expect(GPU_BOUNDS.softwarePictureWork).toBeLessThan(GPU_BOUNDS.pictureWork);
  });

  it('keep bindings to whole vectors, and to the smaller of what is bound and what is made', () => {
    expect(planLimits({ ...LEAST, maxStorageBufferBindingSize: 1_000_015 }, false)).toMatchObject({
      bindingBytes: 1_000_000,
      bandBytes: 1_000_000,
    });
    expect(planLimits({ ...LEAST, maxBufferSize: 1_000_016 }, false).bindingBytes).toBe(1_000_016);
  });

  it('leave room for the parameters of a dispatch where a device would take them closer', () => {
    expect(planLimits({ ...LEAST, minUniformBufferOffsetAlignment: 32 }, false).paramStride).toBe(64);
    expect(planLimits({ ...LEAST, minUniformBufferOffsetAlignment: 64 }, false).paramStride).toBe(64);
  });
});
