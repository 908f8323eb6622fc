import { defineConfig } from 'vitest/config';

/** Storms and soaks: one file after the other, so that the figures they print are their own. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/support/software-gpu-setup.ts', 'test/support/joined-programs-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 1_800_000,
    hookTimeout: 60_000,
  },
});
