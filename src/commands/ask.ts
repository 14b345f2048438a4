// Asks a person yes or no. Without a terminal a question is a refusal, unless --yes answered it before.
import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './line/context.ts';
import { PreflightError } from './start/preflight.ts';

/** A question that nobody answers is answered with no. */
const ANSWER_MS = 5 * 60_000;

/**
 * @param otherwise what the answer no comes to
 * @throws PreflightError when the answer is no, or nobody can be asked
 */
export async function confirm(
  context: CommandContext,
  question: string,
  yes: boolean,
  otherwise = 'nothing was started',
): Promise<void> {
  if (yes) return;
  if (context.stdin.isTTY !== true) throw new PreflightError(`${question} Nobody is here to ask: answer with --yes`);
  const late = AbortSignal.timeout(ANSWER_MS);
  const lines = createInterface({ input: context.stdin, output: process.stderr });
  try {
    const answer = await lines
      .question(`${question} [y/N] `, { signal: AbortSignal.any([context.signal, late]) })
      .catch(() => 'no');
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new PreflightError(late.aborted ? `nobody answered, so ${otherwise}` : otherwise);
  } finally {
    lines.close();
  }
}
