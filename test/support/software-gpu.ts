/** Suites that need a GPU, which is one in software almost everywhere. */
import { describe, inject, it } from 'vitest';
import type { GpuForTests } from './software-gpu-setup.ts';

/** What becomes of a suite that needs a GPU. */
export type GpuSuite = 'runs' | { readonly skipped: string } | { readonly fails: string };

/** @param required GVPIE_REQUIRE_WEBGPU: `1` makes a missing adapter a failure */
export function gpuSuite(gpu: GpuForTests, required: string | undefined): GpuSuite {
  if (!('why' in gpu)) return 'runs';
  return required === '1' ? { fails: gpu.why } : { skipped: gpu.why };
}

/**
 * `describe` for tests that need a GPU. Without one it is a skipped suite that says why, or, under
 * GVPIE_REQUIRE_WEBGPU=1, a test that fails and says why.
 */
export function describeWithGpu(title: string, body: () => void): void {
  const suite = gpuSuite(inject('gpu'), process.env.GVPIE_REQUIRE_WEBGPU);
  if (suite === 'runs') describe(title, body);
  else if ('skipped' in suite) describe.skip(`${title} (skipped, no GPU: ${suite.skipped})`, body);
  else
    describe(title, () => {
      it('has the GPU that GVPIE_REQUIRE_WEBGPU=1 asks for', () => {
        throw new Error(suite.fails);
      });
    });
}
