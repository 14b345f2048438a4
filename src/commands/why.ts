// `ralph-tui why`: why nothing happens, in a few lines.
import { EXIT_CODES } from '../core/exit-code.ts';
import { joinParts } from '../report/join-parts.ts';
import { blockedParts, nowParts } from '../report/now-line.ts';
import { statusReport } from '../report/status.ts';
import { openRun } from '../viewer/live-run.ts';
import { redactorFor } from './known-secrets.ts';
import { type CommandContext, say } from './line/context.ts';
import { findRunPlace } from './place.ts';
import { keepSupervised } from './reach.ts';

export async function whyCommand(context: CommandContext): Promise<number> {
  const { folders, run } = await findRunPlace(context);
  await keepSupervised(context);
  const redact = await redactorFor(context.environment, folders, run);
  const now = context.now();
  const report = statusReport({ ...(await openRun(folders, run)), now });
  for (const parts of [blockedParts(report, { now }), nowParts(report, { now })]) {
    if (parts.length === 0) continue;
    for (const line of joinParts('', parts, context.stdout.columns)) await say(context.stdout, redact(line));
  }
  return EXIT_CODES.finished;
}
