import { defineConfig } from 'vitest/config';
import { SkipReporter } from './_dev/test/reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    reporters: ['default', new SkipReporter()],
    // Many tests wait for an engine or a clock, so two at a time fit on two cores; the default would be one.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
