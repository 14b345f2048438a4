import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isolatedEnvironment } from '../environment.ts';
import { runProgram, spawnProgram } from '../process.ts';
import { NODE } from '../project.ts';
import { temporaryFolder } from '../temporary.ts';
import { askText } from './client.ts';

const main = join(import.meta.dirname, 'main.ts');

it('plays a scenario file, prints its URL first, and ends when it is asked to', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'scenario.json'), JSON.stringify({ steps: [{ text: 'from a file' }] }));
  const command = [NODE, main, '--scenario', 'scenario.json', '--log', 'requests.jsonl'];
  const program = spawnProgram(command, { cwd, env: await isolatedEnvironment(cwd) });
  onTestFinished(() => program.kill('SIGKILL'));
  await program.waitForOutput(/^http:\/\/127\.0\.0\.1:\d+\n/);
  expect(await askText(program.stdout().trim(), 'Go')).toBe('from a file');
  program.kill();
  expect(await program.ended).toMatchObject({ exitCode: 0, stderr: '' });
});

it('wants to know what to play', async () => {
  const cwd = await temporaryFolder();
  const result = await runProgram([NODE, main], { cwd, env: await isolatedEnvironment(cwd) });
  expect(result).toMatchObject({ exitCode: 2, stdout: '', stderr: 'Give either --scenario FILE or --plan-worker.\n' });
});
