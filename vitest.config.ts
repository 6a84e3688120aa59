import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Whatever a test leaves behind goes with the run.
    globalSetup: ['lib/testing/temporary-folder.ts'],
    // The machines that check a submission are shared: a deadline missed once is tried again, a fault fails thrice.
    retry: process.env.CI ? 2 : 0,
    include: ['{lib,db,probes,app,bin,e2e}/**/*.test.ts', '{lib,db,probes,app}/**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/.next/**', '**/*.fault.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
