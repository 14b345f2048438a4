// `ralph-tui status`: how the newest run of this repository stands.
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES } from '../core/exit-code.ts';
import { type StatusReport, statusReport } from '../report/status.ts';
import { statusBar, statusLines } from '../report/status-text.ts';
import type { Redactor } from '../text/redact.ts';
import { FindRunError } from '../viewer/find-run-error.ts';
import { openRun } from '../viewer/live-run.ts';
import { redactorFor } from './known-secrets.ts';
import { type CommandContext, say, sayAsIs } from './line/context.ts';
import { findRunPlace } from './place.ts';
import { keepSupervised } from './reach.ts';

export interface StatusOptions {
  /** Several lines for people, one JSON object, or one line for a status bar. */
  readonly format: 'text' | 'json' | 'line';
  /** Again and again, so many seconds apart, until the run is finished; null for once. */
  readonly watchSeconds: number | null;
}

const WIDEST_LINES = 120;
const CLEAR_SCREEN = '\x1b[H\x1b[2J';

export async function statusCommand(context: CommandContext, options: StatusOptions): Promise<number> {
  const { format, watchSeconds } = options;
  if (format === 'text') await keepSupervised(context);
  for (;;) {
    const current = await currentReport(context);
    if (current === null && format !== 'line') await findRunPlace(context);
    const report = current?.report ?? null;
    const text = current === null ? '– no run' : current.redact(asText(current.report, format, context));
    const redraw = watchSeconds !== null && format === 'text' && context.stdout.isTTY;
    const write = format === 'json' ? sayAsIs : say;
    await write(context.stdout, redraw ? `${CLEAR_SCREEN}${text}` : text);
    if (watchSeconds === null || report === null || report.phase === 'finished') return EXIT_CODES.finished;
    await sleep(watchSeconds * 1000, undefined, { signal: context.signal }).catch(() => undefined);
    if (context.signal.aborted) return EXIT_CODES.finished;
  }
}

/** Null where there is no run yet: no error for a status bar, which is drawn everywhere. */
async function currentReport(context: CommandContext): Promise<{ report: StatusReport; redact: Redactor } | null> {
  try {
    const { folders, run } = await findRunPlace(context);
    const found = await openRun(folders, run);
    const redact = await redactorFor(context.environment, folders, run);
    return { report: statusReport({ ...found, now: context.now() }), redact };
  } catch (error) {
    if (error instanceof FindRunError && error.code === 'no_run') return null;
    throw error;
  }
}

function asText(report: StatusReport, format: StatusOptions['format'], context: CommandContext): string {
  const now = context.now();
  switch (format) {
    case 'json':
      return JSON.stringify(report, null, 2);
    case 'line':
      return statusBar(report, { now });
    case 'text':
      return statusLines(report, { now, columns: Math.min(context.stdout.columns, WIDEST_LINES) }).join('\n');
  }
}
