// The part of the digest that follows tool calls: what runs, what ended last, which files changed.
import { summarizeTool } from '../log/tool-summary.ts';
import type { AssistantMessage, ToolUseBlock, UserMessage } from '../stream/message-types.ts';
import { asNumber, asString, excerpt } from '../stream/narrow.ts';
import { entryOf, withEntry, withKey } from './bounded.ts';
import { skipsHooks } from './no-verify.ts';

export interface RunningTool {
  readonly id: string;
  readonly name: string;
  /** One line: the command, the file, the pattern. */
  readonly summary: string;
  /** ISO 8601, null where neither the line nor its reader knew a time. */
  readonly startedAt: string | null;
  readonly parentToolUseId: string | null;
  /** What the call itself asked for; null where it names none. */
  readonly timeoutMs: number | null;
}

export interface FinishedTool extends RunningTool {
  readonly finishedAt: string | null;
  readonly isError: boolean;
}

export interface ChangedFile {
  readonly path: string;
  readonly edits: number;
  readonly linesAdded: number;
  readonly linesRemoved: number;
}

export interface ToolFacts {
  /** Called and not answered yet, oldest first. */
  readonly runningTools: readonly RunningTool[];
  readonly lastTool: FinishedTool | null;
  /** The latest call, answered or not. */
  readonly lastCall: { readonly name: string; readonly summary: string } | null;
  readonly toolCalls: number;
  /** Calls by tool name. */
  readonly toolCounts: Readonly<Record<string, number>>;
  /** Files that Read was asked for, the first ones, each once. */
  readonly filesRead: readonly string[];
  /** Bash was told to commit or push past the hooks. */
  readonly noVerifyUsed: boolean;
  /** By Write and Edit, in the order of their first change. */
  readonly filesChanged: readonly ChangedFile[];
  /** Files beyond the bound of `filesChanged`: changes that are not listed. */
  readonly unlistedChanges: number;
}

export const EMPTY_TOOL_FACTS: ToolFacts = {
  runningTools: [],
  lastTool: null,
  lastCall: null,
  toolCalls: 0,
  toolCounts: {},
  filesRead: [],
  noVerifyUsed: false,
  filesChanged: [],
  unlistedChanges: 0,
};

/** What a message changes in the facts. */
type Changes = Partial<ToolFacts>;

const RUNNING_LIMIT = 64;
const READ_LIMIT = 30;
const NAME_LIMIT = 80;
const NAMES_LIMIT = 100;
const FILES_LIMIT = 300;
const PATH_LIMIT = 500;

export function toolsOnAssistant(
  facts: ToolFacts,
  message: AssistantMessage,
  workdir: string | null,
  at: string | null,
): Changes {
  let changes: Changes = {};
  for (const block of message.blocks) {
    // One call, told twice.
    if (block.type !== 'tool_use' || facts.runningTools.some((tool) => tool.id === block.id)) continue;
    changes = { ...changes, ...addCall({ ...facts, ...changes }, block, message.parentToolUseId, workdir, at) };
  }
  return changes;
}

function addCall(
  facts: ToolFacts,
  block: ToolUseBlock,
  parentToolUseId: string | null,
  workdir: string | null,
  at: string | null,
): Changes {
  const name = excerpt(block.name, NAME_LIMIT);
  const call = {
    id: block.id,
    name,
    summary: summarizeTool(name, block.input, workdir),
    startedAt: at,
    parentToolUseId,
    timeoutMs: asNumber(block.input.timeout),
  };
  const command = name === 'Bash' ? asString(block.input.command) : null;
  return {
    runningTools: withEntry(facts.runningTools, call, RUNNING_LIMIT),
    lastCall: { name, summary: call.summary },
    toolCalls: facts.toolCalls + 1,
    toolCounts:
      withKey(facts.toolCounts, name, (entryOf(facts.toolCounts, name) ?? 0) + 1, NAMES_LIMIT) ?? facts.toolCounts,
    filesRead: name === 'Read' ? withFile(facts.filesRead, call.summary) : facts.filesRead,
    noVerifyUsed: facts.noVerifyUsed || (command !== null && skipsHooks(command)),
  };
}

export function toolsOnUser(facts: ToolFacts, message: UserMessage, at: string | null): Changes {
  let { runningTools, lastTool } = facts;
  for (const result of message.results) {
    const call = runningTools.find((tool) => tool.id === result.toolUseId);
    if (call === undefined) continue;
    runningTools = runningTools.filter((tool) => tool !== call);
    lastTool = { ...call, finishedAt: at, isError: result.isError };
  }
  const changes = { runningTools, lastTool };
  return message.fileChange === null ? changes : { ...changes, ...addChange(facts, message.fileChange) };
}

/** What a turn leaves unanswered when it ends was given up by the agent; background subagents go on. */
export function toolsOnResult(facts: ToolFacts): Changes {
  return { runningTools: facts.runningTools.filter((tool) => tool.parentToolUseId !== null) };
}

/** A subagent that has ended runs nothing any more. */
export function toolsOnSubagentEnd(facts: ToolFacts, toolUseId: string): Changes {
  return { runningTools: facts.runningTools.filter((tool) => tool.parentToolUseId !== toolUseId) };
}

function withFile(files: readonly string[], path: string): readonly string[] {
  return files.length >= READ_LIMIT || files.includes(path) ? files : [...files, path];
}

function addChange(facts: ToolFacts, change: NonNullable<UserMessage['fileChange']>): Changes {
  const path = excerpt(change.path, PATH_LIMIT);
  const known = facts.filesChanged.find((file) => file.path === path);
  const file = {
    path,
    edits: (known?.edits ?? 0) + 1,
    linesAdded: (known?.linesAdded ?? 0) + change.linesAdded,
    linesRemoved: (known?.linesRemoved ?? 0) + change.linesRemoved,
  };
  if (known !== undefined) {
    return { filesChanged: facts.filesChanged.map((entry) => (entry === known ? file : entry)) };
  }
  if (facts.filesChanged.length >= FILES_LIMIT) return { unlistedChanges: facts.unlistedChanges + 1 };
  return { filesChanged: [...facts.filesChanged, file] };
}
