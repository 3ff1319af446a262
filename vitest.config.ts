import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/**/*-spec.ts', 'examples/**/*.spec.ts'],
    // A committed file that is missing fails, instead of being written in passing.
    update: 'none',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'operators/**', 'providers/**', 'pipelines/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
