// `ralph-tui receipts`: what every attempt of a run was, and what they were together.
import { EXIT_CODES } from '../core/exit-code.ts';
import { receiptLines, receiptsJson } from '../report/receipts.ts';
import { openRun } from '../viewer/live-run.ts';
import { type CommandContext, say, sayAsIs } from './line/context.ts';
import { findRunPlace } from './place.ts';

export interface ReceiptsOptions {
  /** Beginning of a run's id; null for the newest. */
  readonly run: string | null;
  readonly format: 'text' | 'json';
}

export async function receiptsCommand(context: CommandContext, options: ReceiptsOptions): Promise<number> {
  const { folders, run } = await findRunPlace(context, options.run);
  const { state } = await openRun(folders, run);
  if (options.format === 'json') {
    await sayAsIs(context.stdout, JSON.stringify(receiptsJson(run, state.receipts), null, 2));
  } else {
    await say(context.stdout, receiptLines(state.receipts, context.stdout.columns).join('\n'));
  }
  return EXIT_CODES.finished;
}
