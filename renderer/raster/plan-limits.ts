/** What a device's own limits leave to a plan. */
import { GPU_BOUNDS } from './gpu-bounds.ts';
import { PARAM_WORDS } from './layout.ts';
import type { PlanLimits } from './plan.ts';

/** Of WebGPU's GPUSupportedLimits, those that a plan meets. */
export interface DeviceLimits {
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly minUniformBufferOffsetAlignment: number;
}

/** @param isSoftware whether the device is a program on the CPU */
export function planLimits(device: DeviceLimits, isSoftware: boolean): PlanLimits {
  const bytes = Math.min(device.maxStorageBufferBindingSize, device.maxBufferSize);
  // The scene is also bound as an array of vec4<u32>.
  const bindingBytes = Math.floor(bytes / 16) * 16;
  return {
    bindingBytes,
    bandBytes: Math.min(GPU_BOUNDS.bandBytes, bindingBytes),
    workgroups: device.maxComputeWorkgroupsPerDimension,
    // A power of two; one dispatch's parameters must fit between.
    paramStride: Math.max(device.minUniformBufferOffsetAlignment, 2 ** Math.ceil(Math.log2(PARAM_WORDS * 4))),
    dispatchWork: isSoftware ? GPU_BOUNDS.softwareDispatchWork : GPU_BOUNDS.dispatchWork,
    pictureWork: isSoftware ? GPU_BOUNDS.softwarePictureWork : GPU_BOUNDS.pictureWork,
  };
}
