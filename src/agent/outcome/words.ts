// The words that outcomes are told in: what was done until then, what ran, what the agent said of it.
import { formatEstimatedUsd, formatUsd } from '../../text/money.ts';
import { plural } from '../../text/plural.ts';
import type { AgentDigest } from '../digest/digest.ts';
import { spendTotals } from '../digest/spend.ts';
import { oneLine } from '../stream/narrow.ts';

export const TEXT_LIMIT = 300;

/** `completed with 3 tool calls, $0.12`. */
export function summary(digest: AgentDigest): string {
  return `completed with ${plural(digest.toolCalls, 'tool call')}, ${costOf(digest)}`;
}

export function costOf(digest: AgentDigest): string {
  const { costUsd, costBasis } = spendTotals(digest.spend);
  return costBasis === 'reported' ? formatUsd(costUsd) : formatEstimatedUsd(costUsd);
}

/** `after 3 tool calls`. */
export function afterWork(digest: AgentDigest): string {
  if (digest.messages === 0) return 'before its first word';
  return digest.toolCalls === 0 ? 'before its first tool call' : `after ${plural(digest.toolCalls, 'tool call')}`;
}

/** With the tool that ran at the end, which is what people want to know of a kill. */
export function whileDoing(digest: AgentDigest): string {
  const tool = digest.runningTools.at(-1);
  if (tool === undefined) return afterWork(digest);
  const what = tool.summary === '' ? tool.name : `${tool.name} \`${oneLine(tool.summary, 80)}\``;
  return `${afterWork(digest)}, while it ran ${what}`;
}

export function backgroundWork(digest: AgentDigest): string {
  const count = digest.backgroundTasks.length;
  return count === 0 ? 'it did not end by itself' : `${plural(count, 'background task')} held it`;
}

/** ` (exit 1)`; nothing where nobody knows the code. */
export function exitWords(code: number | null): string {
  return code === null ? '' : ` (exit ${code})`;
}

/** Why a program says that it did not start: its first line that calls itself an error, else its first one. */
export function firstReason(text: string): string | null {
  const lines = meaningfulLines(text);
  const at = Math.max(0, lines.findIndex(isError));
  const reason = lines[at] ?? null;
  // `Error: Invalid MCP configuration:`, and the next line says what is wrong with it.
  return reason?.endsWith(':') ? oneLine(`${reason} ${lines[at + 1] ?? ''}`.trim(), TEXT_LIMIT) : reason;
}

/** The same of a program that had worked: the last one. */
export function lastReason(text: string): string | null {
  const lines = meaningfulLines(text);
  return lines.findLast(isError) ?? lines.at(-1) ?? null;
}

/** Around it stand warnings, the program's own source, and what its runtime is built of. */
function isError(line: string): boolean {
  return /^(?:\w*error|fatal|panic)\b/i.test(line);
}

function meaningfulLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => /[\p{L}\p{N}]/u.test(line))
    .map((line) => oneLine(line, TEXT_LIMIT));
}
