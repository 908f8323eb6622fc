import { defineConfig } from 'vitest/config';

/**
 * They take the longest, so they come first: one that came last would keep one core busy and the other waiting. Half of them
 * wait more than they compute, and leave the cores to the others.
 */
const LONG = [
  'test/orchestrator/{crash-points,held,keeping-crash,kills,processes,seed-renderer*,taken-away}.test.ts',
  'test/renderer/hostile/hostile.test.ts',
  'test/renderer/host/backends.test.ts',
  'test/renderer/host/gpu/{gpu-painter,loss,probe}.test.ts',
  'test/renderer/raster/{conformance,random-programs}.test.ts',
  'test/renderer/serving/{crash,foreign,gpu,seed-client}.test.ts',
  'test/renderer/shade/wgsl.test.ts',
  'test/cli/{bundle,daemons,up}.test.ts',
];

/**
 * Each in a process of its own: they open devices, threads and databases, break what they can, mock, or measure memory and
 * the time of the processor.
 */
const APART = [
  'test/**/host/**/*.test.ts',
  'test/shared/cartridge/{input-pixels,open,png-image}.test.ts',
  'test/orchestrator/{backup*,database-*,decide,disk-full,keeping-disk,press-*,sabotage}.test.ts',
  'test/renderer/{answer-params,daemon-backends}.test.ts',
  'test/renderer/raster/{*painter,board,kernel,shades,stages,trial}.test.ts',
  'test/renderer/serving/**/*.test.ts',
  'test/support/**/*.test.ts',
  'test/cli/{half-way,preview*}.test.ts',
  'test/golden/*-gpu.test.ts',
];

const common = {
  pool: 'forks' as const,
  // The suites of processes and kills wait more than they compute.
  maxWorkers: 3,
  // Processes are killed and timed here: a shared machine that stalls for seconds is given a second try.
  retry: process.env.CI ? 1 : 0,
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

/** By their names, one begins when all of the one before have begun. */
const PROJECTS = [
  { name: '1-long', include: LONG },
  { name: '2-apart', include: APART, exclude: LONG },
  // To start a process and load the same modules again would take longer than most of these.
  {
    name: '3-others',
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**', ...LONG, ...APART],
    isolate: false,
  },
];

export default defineConfig({
  test: {
    ...common,
    // Their environment reaches the tests because these are processes of their own.
    globalSetup: ['test/support/software-gpu-setup.ts', 'test/support/joined-programs-setup.ts'],
    projects: PROJECTS.map((project) => ({ test: { ...common, ...project } })),
  },
});
