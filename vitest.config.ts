import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    // Its environment reaches the tests because these are processes of their own.
    globalSetup: ['test/support/software-gpu-setup.ts'],
    pool: 'forks',
    // The suites of processes and kills wait more than they compute.
    maxWorkers: 3,
    // Processes are killed and timed here: a shared machine that stalls for seconds is given a second try.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
