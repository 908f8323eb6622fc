/** The GPU's door: opens a WebGPU device, or says why there is none and what to do about it. */
import { errorCode } from '../../../shared/faults.ts';

export interface Gpu {
  readonly device: GPUDevice;
  /** The adapter's name, in words for people. */
  readonly adapter: string;
  /** Whether the adapter is a program on the CPU. */
  readonly isSoftware: boolean;
}

/** Why there is no device to paint on. */
export interface Absence {
  readonly absent: string;
  readonly hint: string;
}

/** Which adapters will do: `real` for a GPU, `any` for one in software too. */
export type Wanted = 'real' | 'any';

const DRIVER_HINT =
  "Install the GPU's Vulkan driver, or use --backend auto or --backend cpu; the bytes are the same.";
const LOADER_HINT = `Install a Vulkan loader (Debian's libvulkan1) and a driver, or use --backend auto or --backend cpu; the bytes are the same.`;

/** Dawn lives as long as what `create` gives is referred to. */
let dawn: GPU | undefined;

/** Opens a device with all that its adapter offers. Never throws: what is missing is said. */
export async function openGpu(wanted: Wanted): Promise<Gpu | Absence> {
  const missing = missingLoader();
  if (missing !== undefined) return missing;
  try {
    dawn ??= await loadDawn();
    const adapter = await dawn.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return { absent: 'no adapter: no Vulkan driver serves WebGPU', hint: DRIVER_HINT };
    const name = describeAdapter(adapter.info);
    const isSoftware = adapter.info.isFallbackAdapter;
    if (isSoftware && wanted === 'real') {
      return {
        absent: `only a software adapter: ${name}`,
        hint: 'Start the renderer with --backend gpu to paint on it.',
      };
    }
    const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
    });
    return { device, adapter: name, isSoftware };
  } catch (error) {
    return { absent: `the GPU cannot be opened: ${(error as Error).message}`, hint: DRIVER_HINT };
  }
}

async function loadDawn(): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return create([]);
}

/**
 * What to say where Linux lacks the Vulkan loader: Dawn would say so on stderr, in lines of its own in the log.
 * A library that is no addon is loaded by `dlopen` and then refused by Node, which is the good case.
 */
export function missingLoader(): Absence | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
  } catch (error) {
    const { message } = error as Error;
    if (errorCode(error) === 'ERR_DLOPEN_FAILED' && /libvulkan\.so\.1: cannot open/.test(message)) {
      return { absent: 'no Vulkan loader: libvulkan.so.1 is not installed', hint: LOADER_HINT };
    }
  }
  return undefined;
}

/** Such as `nvidia-h200 (NVIDIA: 550.54.15)`: Dawn's name for the device, then its driver's own words. */
function describeAdapter({ vendor, architecture, device, description }: GPUAdapterInfo): string {
  const name = device.replace(/-+$/, '') || `${vendor} ${architecture}`.trim() || 'unnamed adapter';
  return description === '' ? name : `${name} (${description})`;
}
