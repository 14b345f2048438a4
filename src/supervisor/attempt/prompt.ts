// Finds the prompt of an iteration: the person's choice, the repository's own, or ours.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type PreparedPrompt, preparePrompt } from '../../agent/start/agents-md.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import type { Mode, RunOptions } from '../../core/options.ts';
import type { RunState } from '../../core/state/run-state.ts';
import { packageFile } from '../../system/package-files.ts';
import { readInside, readTextInside } from '../../workspace/safe-read.ts';

export interface FoundPrompt {
  readonly text: string;
  /** Where it is from, for people: a path, or `embedded`. */
  readonly source: string;
}

/** No prompt, or one that cannot be used; the message says what to do. */
export class PromptError extends Error {
  override readonly name = 'PromptError';
  readonly code = 'no_prompt';
  readonly exitCode = EXIT_CODES.usage;
}

const OWN_FILES: Readonly<Record<Mode, readonly [string, ...string[]]>> = {
  // PROMPT.md is what people have who never plan with the loop.
  build: ['PROMPT_build.md', 'PROMPT.md'],
  plan: ['PROMPT_plan.md'],
  'plan-work': ['PROMPT_plan_work.md'],
};

/** The file in the repository that wins over the embedded prompt. */
export function ownPromptFile(mode: Mode): string {
  return OWN_FILES[mode][0];
}

const EMBEDDED: Readonly<Record<Mode, string>> = { build: 'build.md', plan: 'plan.md', 'plan-work': 'plan_work.md' };

/**
 * The prompt as it stands now: people improve it while the loop runs.
 * @param top real path of the repository's top folder
 * @throws PromptError
 */
export async function findPrompt(
  top: string,
  options: Pick<RunOptions, 'mode' | 'promptPath' | 'work'>,
): Promise<FoundPrompt> {
  const found = await promptTemplate(top, options);
  const text = options.work === null ? found.text : found.text.replace(/\$\{WORK_SCOPE\}/g, () => options.work ?? '');
  if (text.trim() === '') throw new PromptError(`${found.source} is empty; write the prompt of an iteration into it`);
  return { ...found, text };
}

/** The prompt as it is written: the work of a plan-work is not in its place yet. */
export async function promptTemplate(
  top: string,
  { mode, promptPath }: Pick<RunOptions, 'mode' | 'promptPath'>,
): Promise<FoundPrompt> {
  return promptPath === null ? ownOrEmbedded(top, mode) : chosen(promptPath);
}

/** The prompt as it is sent: with AGENTS.md read in where the agent would not find it by itself. */
export async function preparedPrompt(
  top: string,
  { options, versions, check }: Pick<RunState, 'options' | 'versions' | 'check'>,
): Promise<PreparedPrompt> {
  const { text } = await findPrompt(top, options);
  return preparePrompt({
    prompt: `${text}${options.until === null ? '' : failedCheck(options.until, check)}`,
    agentsMd: await readTextInside(top, 'AGENTS.md'),
    claudeMd: await readTextInside(top, 'CLAUDE.md'),
    agentVersion: versions.claude ?? null,
  });
}

/** What the next iteration has to know of a check that said no; empty when it said yes, or nothing yet. */
function failedCheck(command: string, check: RunState['check']): string {
  if (check === null || check.ok || check.exitCode === null) return '';
  return [
    '',
    'The plan seems done, but this command, which decides whether it is, fails:',
    `    ${command}`,
    `It ended with exit code ${check.exitCode}. Its last lines:`,
    ...check.tail.split('\n').map((line) => `    ${line}`),
    'Making it succeed is your task now.',
    '',
  ].join('\n');
}

/** SHA-256 of a prompt, hex. */
export function promptHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The person's own word: it may lie anywhere. */
async function chosen(path: string): Promise<FoundPrompt> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PromptError(`the prompt ${path} cannot be read; give another with --prompt FILE`, { cause });
  });
  return { text, source: path };
}

async function ownOrEmbedded(top: string, mode: Mode): Promise<FoundPrompt> {
  for (const name of OWN_FILES[mode]) {
    const file = await readInside(top, name);
    if (file.state === 'unsafe') throw new PromptError(`${name} is not read: ${file.why}`);
    if (file.state === 'read') return { text: file.bytes.toString('utf8'), source: name };
  }
  return { text: await readFile(packageFile('prompts', EMBEDDED[mode]), 'utf8'), source: 'embedded' };
}
