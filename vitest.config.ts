// Two projects: `fast` says within seconds what a small change broke; `slow` needs Docker, the real CLI or tmux.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.slow.test.ts'],
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Two cores: real containers and real agents next to each other only make each other late.
          maxWorkers: 2,
        },
      },
    ],
  },
});
