import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{lib,db,probes,app,bin,e2e}/**/*.test.ts', '{lib,db,probes,app}/**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/.next/**', '**/*.fault.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
