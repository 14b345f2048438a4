// One receipt in full, for people: labels with what stands behind them.
import { OUTCOME_RULES } from '../core/outcome.ts';
import type { Receipt } from '../core/receipt.ts';
import { formatBytes } from '../text/bytes.ts';
import { formatTimeOfDay, formatWhen } from '../text/clock.ts';
import { formatCount } from '../text/count.ts';
import { formatDuration } from '../text/duration.ts';
import { plural } from '../text/plural.ts';
import { OUTCOME_WORDS } from './outcome-words.ts';
import { formatCost, tokenTotal } from './spend.ts';

export interface ReceiptFact {
  readonly label: string;
  /** One line each; at least one. */
  readonly values: readonly string[];
}

export interface FactOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** IANA name; this machine's without one. */
  readonly timeZone?: string | undefined;
}

/** @param receipt with texts that are safe to show */
export function receiptFacts(receipt: Receipt, options: FactOptions): ReceiptFact[] {
  const facts: [label: string, values: readonly (string | null)[]][] = [
    ['outcome', outcome(receipt, options)],
    ['undone', undone(receipt, options)],
    ['time', [time(receipt, options)]],
    ['cost', [cost(receipt)]],
    ['context', [context(receipt)]],
    ['memory', [memory(receipt)]],
    ['tasks', tasks(receipt)],
    ['commits', commits(receipt)],
    [
      'files',
      [receipt.uncommittedFiles === null ? 'git cannot tell' : files(receipt.uncommittedFiles), foundFiles(receipt)],
    ],
    ['tools', [tools(receipt)]],
    ['check', [check(receipt)]],
    ['warnings', receipt.warnings],
    ['agent', [joined([receipt.model, receipt.agentVersion === null ? null : `Claude Code ${receipt.agentVersion}`])]],
    ['session', [receipt.sessionId]],
    ['prompt', [receipt.promptHash === '' ? null : `sha256 ${receipt.promptHash}`]],
    ['base', [span(receipt.baseCommit, receipt.headCommit)]],
  ];
  return facts.flatMap(([label, values]) => {
    const known = values.filter((value): value is string => value !== null && value !== '');
    return known.length === 0 ? [] : [{ label, values: known }];
  });
}

function outcome({ outcome: { kind, message, resetsAt }, exitCode }: Receipt, { now, timeZone }: FactOptions) {
  const { glyph, word } = OUTCOME_WORDS[kind];
  return [
    `${glyph} ${word}`,
    message,
    joined([
      OUTCOME_RULES[kind].counted ? 'counts as an iteration' : 'does not count as an iteration',
      exitCode === null ? null : `exit code ${exitCode}`,
      resetsAt === null ? null : `resets ${formatWhen(resetsAt, now, timeZone)}`,
    ]),
  ];
}

function undone({ undone: undoing }: Receipt, { now, timeZone }: FactOptions): string[] {
  if (undoing === undefined) return [];
  return [
    `by you, ${formatWhen(undoing.at, now, timeZone)}; what it did is not in the repository any more`,
    'to have it again, as FETCH_HEAD:',
    undoing.fetchCommand,
  ];
}

function time({ elapsedMs, startedAt, endedAt }: Receipt, { timeZone }: FactOptions): string {
  return `${formatDuration(elapsedMs)}, ${formatTimeOfDay(startedAt, timeZone)} → ${formatTimeOfDay(endedAt, timeZone)}`;
}

function cost(receipt: Receipt): string {
  const { input, output, cacheRead, cacheWrite } = receipt.tokens;
  const parts = `${formatCount(input)} in, ${formatCount(output)} out, ${formatCount(cacheRead)} cached, ${formatCount(cacheWrite)} to cache`;
  const basis = receipt.costBasis === 'reported' ? 'as the agent reported it' : 'estimated from its messages';
  const total = tokenTotal(receipt.tokens);
  return joined([`${formatCost(receipt)} ${basis}`, total === 0 ? null : `${formatCount(total)} tokens: ${parts}`]);
}

function context({ contextPeakTokens: peak, contextWindowTokens: window }: Receipt): string | null {
  if (peak === 0) return null;
  const tokens = `${formatCount(peak)} tokens`;
  if (window === null || window === 0) return `${tokens} at its fullest`;
  return `${tokens} of ${formatCount(window)} (${Math.round((peak / window) * 100)} %) at its fullest`;
}

function memory({ peakMemoryBytes: peak, memoryLimitBytes: limit }: Receipt): string | null {
  if (peak === null) return null;
  return `${formatBytes(peak)} at its highest${limit === null ? ', no limit' : `, limit ${formatBytes(limit)}`}`;
}

function tasks({ tasksFinished, tasksAdded, openAfter }: Receipt): string[] {
  return [
    joined([
      `${plural(tasksFinished.length, 'task')} done`,
      tasksAdded === 0 ? null : `${tasksAdded} added`,
      `${openAfter} open after it`,
    ]),
    ...tasksFinished.map((task) => `✓ ${task}`),
  ];
}

function commits({ commits: made }: Receipt): string[] {
  return made.length === 0 ? ['none'] : made.map(({ sha, subject }) => `${sha.slice(0, 7)} ${subject}`);
}

function files(count: number): string {
  return count === 0 ? 'nothing uncommitted after it' : `${plural(count, 'file')} uncommitted after it`;
}

function foundFiles({ baseCommit, foundCommit = null }: Receipt): string | null {
  if (foundCommit === null || foundCommit === baseCommit) return null;
  return `what was uncommitted before it is kept: ${foundCommit.slice(0, 12)}`;
}

function tools({ toolCalls, traits }: Receipt): string {
  return joined([plural(toolCalls, 'call'), traits.lastTool === null ? null : `the last: ${traits.lastTool}`]);
}

function check({ check: word }: Receipt): string | null {
  if (word === null) return null;
  return word.ok ? 'the command of --until succeeds ✓' : `the command of --until fails ✗ (exit ${word.exitCode})`;
}

function span(base: string | null, head: string | null): string | null {
  if (base === null && head === null) return null;
  const short = (sha: string | null) => sha?.slice(0, 12) ?? 'no commit';
  return base === head ? short(base) : `${short(base)} → ${short(head)}`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}
