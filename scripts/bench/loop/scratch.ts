// What both loops of a bench run on: a repository with a plan that is never finished, and folders beside it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isolatedEnvironment } from '../../../test/harness/environment.ts';
import { makeRepository } from '../../../test/harness/repository.ts';

export interface Scratch {
  readonly repository: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Path of the prompt of the bash loop. */
  readonly prompt: string;
  /** Folder for its output. */
  readonly logs: string;
}

const PROMPT = 'Do one task of the plan, commit, and stop.\n';

export async function makeScratch(folder: string): Promise<Scratch> {
  const { path } = await makeRepository(folder, { plan: ['Stay open'], files: { 'PROMPT.md': PROMPT } });
  const logs = join(folder, 'logs');
  await mkdir(logs);
  const prompt = join(folder, 'prompt.md');
  await writeFile(prompt, PROMPT);
  return { repository: path, environment: await isolatedEnvironment(folder), prompt, logs };
}
