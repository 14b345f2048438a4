import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from './process.ts';
import { NODE, PROJECT_ROOT } from './project.ts';
import { temporaryFolder } from './temporary.ts';

async function runFixture(env: Record<string, string>) {
  const folder = await temporaryFolder();
  const test = { root: PROJECT_ROOT, include: ['test/harness/requires.fixture.ts'] };
  const config = join(folder, 'vitest.config.mjs');
  await writeFile(config, `export default ${JSON.stringify({ test, cacheDir: join(folder, 'cache') })};`);
  const vitest = join(PROJECT_ROOT, 'node_modules/vitest/vitest.mjs');
  return await runProgram([NODE, vitest, 'run', '--config', config], {
    cwd: PROJECT_ROOT,
    env: { PATH: dirname(NODE), HOME: folder, NO_COLOR: '1', ...env },
  });
}

it('skips what cannot run here, and says so', async () => {
  const { exitCode, stdout, stderr } = await runFixture({});
  expect(exitCode).toBe(0);
  expect(stdout).toContain('1 passed | 1 skipped');
  expect(stderr).toContain('SKIPPED needs tmux: this machine lacks tmux (scripts/test-host brings it)');
}, 20_000);

it('fails for it under CI=true', async () => {
  const { exitCode, stdout, stderr } = await runFixture({ CI: 'true' });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('1 failed | 1 passed');
  expect(stderr).toContain('this machine lacks tmux');
}, 20_000);
