// Turns messages into lines for people: the source of iteration-N.log and of the viewer's log.
// Texts are raw and may hold anything; whoever shows them sanitizes them.
import { formatCount } from '../text/count.ts';
import { formatDuration } from '../text/duration.ts';
import { formatUsd } from '../text/money.ts';
import { plural } from '../text/plural.ts';
import type { AgentDigest } from './digest.ts';
import { depthOf, findOpen } from './digest-subagents.ts';
import { type FoldLimits, fold } from './fold-text.ts';
import type {
  AgentMessage,
  AssistantBlock,
  AssistantMessage,
  CompactMessage,
  NoticeMessage,
  ResultMessage,
  RetryMessage,
  TaskMessage,
  UserMessage,
} from './message-types.ts';
import { asString, type JsonObject, oneLine } from './narrow.ts';
import { estimateOutputTokens } from './spend.ts';
import { SUMMARY_LIMIT, summarizeTool } from './tool-summary.ts';

export type LogKind = 'text' | 'thinking' | 'tool' | 'output' | 'result' | 'retry' | 'compact' | 'system';

/** One line. Lines that go on with the entry before have an empty tag. */
export interface LogEntry {
  /** ISO 8601, null where nobody knows. */
  readonly at: string | null;
  readonly kind: LogKind;
  /** 0 for the main conversation, 1 for a subagent of it, and so on. */
  readonly indent: number;
  /** `text`, `think`, the tool's name, `result`, `retry`, `compact`, `system`. */
  readonly tag: string;
  readonly text: string;
  readonly isError: boolean;
  /** The call that a `tool` line begins and that `output` lines answer. */
  readonly toolUseId: string | null;
}

/** What lines need to know of the stream before them; any digest does, an empty one gives plainer lines. */
export type LogContext = Pick<
  AgentDigest,
  'runningTools' | 'subagents' | 'workdir' | 'spend' | 'results' | 'backgroundTasks' | 'model' | 'lastAt'
>;

type Draft = Pick<LogEntry, 'kind' | 'text'> & Partial<LogEntry>;

/** How many lines of what the agent says, of errors and of answers are shown. */
export interface LogFolding {
  readonly text: FoldLimits;
  readonly error: FoldLimits;
  readonly output: FoldLimits;
  /** Also what otherwise is told in a line: thoughts, long commands, files that were read, what a search found. */
  readonly whole: boolean;
}

/** For people who follow: the beginning and the end. */
export const FOLDED: LogFolding = {
  text: { first: 120, last: 40 },
  error: { first: 6, last: 14 },
  output: { first: 4, last: 6 },
  whole: false,
};

const ALL_LINES: FoldLimits = { first: 4_000, last: 1_000 };

/** For people who look closer. The agent itself is shown no more lines than these of an answer. */
export const UNFOLDED: LogFolding = { text: ALL_LINES, error: ALL_LINES, output: ALL_LINES, whole: true };

const ONE_LINE_LIMIT = 400;

/** Tools whose answer is told by one line, as the agent reads the content and people do not. */
const READING_TOOLS: ReadonlySet<string> = new Set(['Read', 'Grep', 'Glob', 'WebFetch', 'WebSearch', 'ToolSearch']);
const WRITING_TOOLS: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit', 'TodoWrite']);

/** `before`: the digest without this message. */
export function logEntries(
  message: AgentMessage,
  before: LogContext,
  at: string | null,
  folding: LogFolding = FOLDED,
): LogEntry[] {
  const indent = depthOf(before.subagents, message.parentToolUseId);
  return drafts(message, before, folding).map((draft) => ({
    at: message.at ?? at ?? before.lastAt,
    indent,
    tag: '',
    isError: false,
    toolUseId: null,
    ...draft,
  }));
}

function drafts(message: AgentMessage, before: LogContext, folding: LogFolding): Draft[] {
  switch (message.kind) {
    case 'init':
      // Follow-up turns begin with an init of their own, and nobody needs to read it again.
      if (before.model !== null) return [];
      return [
        system([message.model, message.agentVersion && `Claude Code ${message.agentVersion}`, message.sessionId]),
      ];
    case 'assistant':
      return assistantDrafts(message, before, folding);
    case 'user':
      return userDrafts(message, before, folding);
    case 'result':
      return [resultDraft(message)];
    case 'api_retry':
      return [retryDraft(message)];
    case 'compacted':
      return [compactDraft(message)];
    case 'status':
      return message.compactError === null
        ? []
        : [
            {
              kind: 'compact',
              tag: 'compact',
              isError: true,
              text: `failed: ${oneLine(message.compactError, ONE_LINE_LIMIT)}`,
            },
          ];
    case 'rate_limit':
      if (message.info.status === 'allowed' || message.info.status === null) return [];
      return [
        system([
          'usage limit',
          message.info.limit,
          message.info.status,
          message.info.resetsAt && `resets ${message.info.resetsAt}`,
        ]),
      ];
    case 'task':
      return taskDrafts(message, before);
    case 'background_tasks':
      return backgroundDrafts(message.tasks.length, before);
    case 'notice':
      return noticeDrafts(message);
    case 'thinking_tokens':
    case 'request_end':
    case 'unknown':
      return [];
  }
}

function assistantDrafts(message: AssistantMessage, before: LogContext, folding: LogFolding): Draft[] {
  const isError = message.synthetic && message.apiError !== null;
  return message.blocks.flatMap((block) => blockDrafts(block, isError, before, folding));
}

function blockDrafts(block: AssistantBlock, isError: boolean, before: LogContext, folding: LogFolding): Draft[] {
  switch (block.type) {
    case 'text':
      return lines('text', 'text', block.text, folding.text, isError);
    case 'thinking': {
      const tokens = `${formatCount(estimateOutputTokens([block], before.spend.thinkingTokens))} tokens`;
      if (folding.whole)
        return [
          { kind: 'thinking', tag: 'think', text: tokens },
          ...lines('thinking', '', block.text, folding.text, false),
        ];
      const text = oneLine(block.text, ONE_LINE_LIMIT);
      return [{ kind: 'thinking', tag: 'think', text: text === '' ? tokens : `${tokens}: ${text}` }];
    }
    case 'tool_use': {
      const text = summarizeTool(block.name, block.input, before.workdir);
      const call: Draft = { kind: 'tool', tag: block.name, text, toolUseId: block.id };
      return folding.whole ? [call, ...wholeCommand(block.input)] : [call];
    }
  }
}

/** A command that does not stand in its line as a whole. */
function wholeCommand(input: JsonObject): Draft[] {
  const command = asString(input.command)?.trim() ?? '';
  const isTold = !command.includes('\n') && command.length <= SUMMARY_LIMIT;
  return isTold ? [] : lines('text', '', command, ALL_LINES, false);
}

function userDrafts(message: UserMessage, before: LogContext, folding: LogFolding): Draft[] {
  return message.results.flatMap((result) => {
    const call = before.runningTools.find((tool) => tool.id === result.toolUseId);
    const body = resultBody(message, result, call?.name ?? '', folding);
    // Several calls at once are answered one by one: say which one this is, unless it was the last to be called.
    const ambiguous = call !== undefined && body.length > 0 && before.runningTools.at(-1) !== call;
    const heading: Draft[] = ambiguous
      ? [{ kind: 'output', text: `${call.name} ${oneLine(call.summary, 60)}:`, isError: result.isError }]
      : [];
    return [...heading, ...body].map((draft) => ({ ...draft, toolUseId: result.toolUseId }));
  });
}

function resultBody(
  message: UserMessage,
  result: UserMessage['results'][number],
  name: string,
  folding: LogFolding,
): Draft[] {
  if (result.isError) return lines('output', '', result.text, folding.error, true);
  if (message.fileChange !== null) {
    const { linesAdded, linesRemoved } = message.fileChange;
    return [{ kind: 'output', text: `+${linesAdded} -${linesRemoved}` }];
  }
  if (message.subagentReport !== null) return lines('output', '', message.subagentReport, folding.output, false);
  if (WRITING_TOOLS.has(name)) return [];
  if (message.linesRead !== null && !folding.whole)
    return [{ kind: 'output', text: plural(message.linesRead, 'line') }];
  if (READING_TOOLS.has(name) && !folding.whole) {
    const { total } = fold(result.text, { first: 0, last: 0 });
    return [{ kind: 'output', text: total === 1 ? oneLine(result.text, ONE_LINE_LIMIT) : plural(total, 'line') }];
  }
  const parts: Draft[] =
    result.otherParts === 0 ? [] : [{ kind: 'output', text: plural(result.otherParts, 'picture or other part') }];
  return [...lines('output', '', result.text, folding.output, false), ...parts];
}

function lines(kind: LogKind, tag: string, text: string, limits: FoldLimits, isError: boolean): Draft[] {
  const { head, omitted, tail } = fold(text, limits);
  const shown = omitted === 0 ? [...head, ...tail] : [...head, `… ${plural(omitted, 'more line')}`, ...tail];
  return shown.map((line, index) => ({ kind, tag: index === 0 ? tag : '', text: line, isError }));
}

function resultDraft(message: ResultMessage): Draft {
  const failed = message.isError !== false;
  const reason = message.errors[0] ?? message.text;
  const parts = [
    failed
      ? `${message.subtype === 'success' ? 'error' : (message.subtype ?? 'error')}: ${oneLine(reason, ONE_LINE_LIMIT)}`
      : 'success',
    message.turns === null ? null : plural(message.turns, 'turn'),
    message.durationMs === null ? null : formatDuration(message.durationMs),
    message.totalCostUsd === null ? null : formatUsd(message.totalCostUsd),
  ];
  return { kind: 'result', tag: 'result', isError: failed, text: joinParts(parts) };
}

function retryDraft(message: RetryMessage): Draft {
  const attempt =
    message.attempt === null
      ? ''
      : `${message.attempt}${message.maxRetries === null ? '' : ` of ${message.maxRetries}`}`;
  const wait = message.delayMs === null ? null : `in ${formatDuration(Math.ceil(message.delayMs / 1000) * 1000)}`;
  const why =
    message.status === null
      ? (message.error ?? 'no answer')
      : `HTTP ${message.status}${message.error === null ? '' : ` ${message.error}`}`;
  return { kind: 'retry', tag: 'retry', isError: true, text: joinParts([attempt, wait, why]) };
}

function compactDraft(message: CompactMessage): Draft {
  const counts = [message.preTokens, message.postTokens].map((tokens) => (tokens === null ? '?' : formatCount(tokens)));
  return {
    kind: 'compact',
    tag: 'compact',
    text: joinParts([`context ${counts.join(' → ')} tokens`, message.trigger]),
  };
}

/** The end of a subagent; a shell command's end is told by its result, one in the background by its summary. */
function taskDrafts(message: TaskMessage, before: LogContext): Draft[] {
  if (message.event !== 'ended') return [];
  const subagent = findOpen(before.subagents, message);
  if (subagent === undefined) {
    const wasInBackground = before.backgroundTasks.some((task) => task.id === message.taskId);
    return wasInBackground && message.summary !== null ? [system([message.summary])] : [];
  }
  const parts = [
    message.status === 'completed' ? 'done' : (message.status ?? 'ended'),
    message.durationMs === null ? null : formatDuration(message.durationMs),
    message.totalTokens === null ? null : `${formatCount(message.totalTokens)} tokens`,
  ];
  const isError = message.status !== 'completed';
  return [{ kind: 'output', indent: subagent.depth, text: joinParts(parts), isError, toolUseId: subagent.toolUseId }];
}

/** Behind a result, tasks in the background hold the process: that is worth a line. */
function backgroundDrafts(count: number, before: LogContext): Draft[] {
  return before.results > 0 && count > 0 ? [system([`waits for ${plural(count, 'background task')}`])] : [];
}

function noticeDrafts(message: NoticeMessage): Draft[] {
  const text = oneLine(message.text, ONE_LINE_LIMIT);
  return [system([message.subtype === 'informational' ? null : message.subtype.replaceAll('_', ' '), text])];
}

function system(parts: readonly (string | null)[]): Draft {
  return { kind: 'system', tag: 'system', text: oneLine(joinParts(parts), ONE_LINE_LIMIT) };
}

function joinParts(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
