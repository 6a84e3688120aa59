import { defineConfig } from 'vitest/config';

/** The slow faults: processes killed, disks filled, networks cut. One at a time, because they want the machine. */
export default defineConfig({
  test: {
    // Whatever a test leaves behind goes with the run.
    globalSetup: ['lib/testing/temporary-folder.ts'],
    // The machines that check a submission are shared: a deadline missed once is tried again, a fault fails thrice.
    retry: process.env.CI ? 2 : 0,
    include: ['{lib,db,probes,app,bin,e2e}/**/*.fault.test.ts'],
    exclude: ['**/node_modules/**', '**/.next/**'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    passWithNoTests: false,
  },
});
