// Two projects: `fast` says within seconds what a small change broke; `slow` needs Docker, the real CLI or tmux, or
// takes its time with real processes.
import { defineConfig } from 'vitest/config';

/** A machine that others share now and then stops a real process for seconds: what fails twice is broken. */
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/**/*.slow.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          retry,
          // They wait for processes as much as they compute: one more than there are cores on a small machine.
          maxWorkers: 3,
          // No test changes a module or the environment for another one, and loading everything anew for each of 180
          // files would take a fifth of the time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          retry,
          // Two cores: real containers and real agents next to each other only make each other late.
          maxWorkers: 2,
        },
      },
    ],
  },
});
