// Asks a person yes or no. Without a terminal a question is a refusal, unless --yes answered it before.
import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './context.ts';
import { PreflightError } from './preflight.ts';

/** @throws PreflightError when the answer is no, or nobody can be asked */
export async function confirm(context: CommandContext, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (context.stdin.isTTY !== true) throw new PreflightError(`${question} Nobody is here to ask: answer with --yes`);
  const lines = createInterface({ input: context.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: context.signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new PreflightError('nothing was started');
  } finally {
    lines.close();
  }
}
