// What both loops of a bench run on: a repository with a plan that is never finished, and folders beside it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Policy } from '../../../src/core/policy.ts';
import { POLICY_VARIABLE } from '../../../src/supervisor/policy.ts';
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

/** An agent that does nothing is what is measured here, and no reason to call somebody. */
const POLICY: Partial<Policy> = { noProgressLimit: 1_000 };

const PROMPT = 'Do one task of the plan, commit, and stop.\n';

export async function makeScratch(folder: string): Promise<Scratch> {
  const { path } = await makeRepository(folder, { plan: ['Stay open'], files: { 'PROMPT.md': PROMPT } });
  const logs = join(folder, 'logs');
  await mkdir(logs);
  const prompt = join(folder, 'prompt.md');
  await writeFile(prompt, PROMPT);
  const environment = await isolatedEnvironment(folder, { [POLICY_VARIABLE]: JSON.stringify(POLICY) });
  return { repository: path, environment, prompt, logs };
}
