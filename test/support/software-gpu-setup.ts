/**
 * Vitest's global setup: leads the tests, and all processes that they start, to the software GPU, unless
 * VK_DRIVER_FILES names another already; then looks for an adapter as a test would, and provides what it found.
 */
import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { packageRoot } from '../../shared/host/package-root.ts';
import { noSoftwareGpu, softwareGpuEnvironment, unpackSoftwareGpu } from './software-gpu-folder.ts';

/** The adapter that WebGPU gives to the tests, by its name, or why there is none. */
export type GpuForTests = { readonly adapter: string } | { readonly why: string };

declare module 'vitest' {
  interface ProvidedContext {
    gpu: GpuForTests;
  }
}

export function setup(project: TestProject): void {
  const gpu = findGpu();
  project.provide('gpu', gpu);
  if ('why' in gpu)
    process.stderr.write(
      `\nNO GPU FOR THE TESTS, those that need one are skipped, or fail under GVPIE_REQUIRE_WEBGPU=1: ${gpu.why}\n\n`,
    );
}

function findGpu(): GpuForTests {
  let why: string | undefined;
  if ((process.env.VK_DRIVER_FILES ?? '') === '') {
    why = prepare();
    // The forks are spawned later and inherit it; this process is too old for LD_LIBRARY_PATH.
    if (why === undefined) Object.assign(process.env, softwareGpuEnvironment());
  }
  const found = lookForAdapter();
  return 'why' in found && why !== undefined ? { why: `${why}; and ${found.why}` } : found;
}

/** @returns why there is no software GPU */
function prepare(): string | undefined {
  const why = noSoftwareGpu();
  if (why !== undefined) return why;
  try {
    unpackSoftwareGpu();
    return undefined;
  } catch (error) {
    return `the software GPU could not be unpacked: ${(error as Error).message}`;
  }
}

/** Where Vulkan or its driver is broken, a process may crash or hang: this one may. */
const LOOK = `
import { create } from 'webgpu';
const adapter = await create([]).requestAdapter();
const info = adapter?.info;
console.log(info ? [info.device || info.description, info.isFallbackAdapter && '(software)'].filter(Boolean).join(' ') : '');
process.exit();`;

const PATIENCE_MS = 20_000;

function lookForAdapter(): GpuForTests {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', LOOK],
    { cwd: packageRoot(), encoding: 'utf8', timeout: PATIENCE_MS, killSignal: 'SIGKILL' },
  );
  const adapter = stdout.trim();
  if (status === 0 && adapter !== '') return { adapter };
  if (status === 0) return { why: 'WebGPU finds no adapter' };
  return { why: `looking for an adapter ended with ${status ?? signal}: ${stderr.trim().slice(-500)}` };
}
