// The part of the digest that follows subagents, from the call of the agent tool to their end.
import type { AssistantMessage, TaskMessage, UserMessage } from '../stream/message-types.ts';
import { asString, excerpt } from '../stream/narrow.ts';
import { withEntry } from './bounded.ts';

export interface Subagent {
  /** The call of the agent tool: their lines carry it as `parent_tool_use_id`. */
  readonly toolUseId: string;
  readonly taskId: string | null;
  readonly description: string;
  /** `general-purpose`, `Explore`, … */
  readonly type: string | null;
  readonly inBackground: boolean;
  /** 1 for one that the main conversation started. */
  readonly depth: number;
}

export interface FinishedSubagent {
  readonly description: string;
  /** `completed`, `failed`, … as the agent says; null where it did not. */
  readonly status: string | null;
  readonly totalTokens: number | null;
  readonly durationMs: number | null;
}

export interface SubagentFacts {
  readonly started: number;
  readonly finished: number;
  readonly open: readonly Subagent[];
  /** The latest ones. */
  readonly lastFinished: readonly FinishedSubagent[];
}

export const EMPTY_SUBAGENTS: SubagentFacts = { started: 0, finished: 0, open: [], lastFinished: [] };

const OPEN_LIMIT = 64;
const FINISHED_LIMIT = 20;
const TEXT_LIMIT = 200;

/** `init` lists the tool as Task, calls name it Agent (facts/claude-code.md 1). */
const AGENT_TOOLS: ReadonlySet<string> = new Set(['Agent', 'Task']);

/** How deep a line is nested: 0 for the main conversation. */
export function depthOf(facts: SubagentFacts, parentToolUseId: string | null): number {
  if (parentToolUseId === null) return 0;
  return facts.open.find((subagent) => subagent.toolUseId === parentToolUseId)?.depth ?? 1;
}

export function subagentsOnAssistant(facts: SubagentFacts, message: AssistantMessage): SubagentFacts {
  let next = facts;
  for (const block of message.blocks) {
    if (block.type !== 'tool_use' || !AGENT_TOOLS.has(block.name)) continue;
    // Older versions tell of a subagent's subagent before they show its call.
    const told = next.open.find((subagent) => subagent.toolUseId === block.id);
    next = start(told === undefined ? next : without(next, told), {
      toolUseId: block.id,
      taskId: told?.taskId ?? null,
      description: excerpt(asString(block.input.description) ?? '', TEXT_LIMIT),
      type: asString(block.input.subagent_type)?.slice(0, TEXT_LIMIT) ?? null,
      inBackground: block.input.run_in_background === true,
      depth: depthOf(facts, message.parentToolUseId) + 1,
    });
  }
  return next;
}

export function subagentsOnTask(facts: SubagentFacts, message: TaskMessage): SubagentFacts {
  if (message.event === 'started') return onStarted(facts, message);
  if (message.event !== 'ended') return facts;
  const subagent = findOpen(facts, message);
  return subagent === undefined
    ? facts
    : finish(facts, subagent, message.status, message.totalTokens, message.durationMs);
}

/** The answer to the call ends a subagent in the foreground; for one in the background it is only the receipt. */
export function subagentsOnUser(facts: SubagentFacts, message: UserMessage): SubagentFacts {
  return message.results.reduce((sum, result) => {
    const subagent = sum.open.find((entry) => entry.toolUseId === result.toolUseId);
    if (subagent === undefined || (subagent.inBackground && !result.isError)) return sum;
    // No such type of agent, too many of them, a hook that forbade it: nothing was started.
    if (result.isError && subagent.taskId === null) return without(sum, subagent);
    return finish(sum, subagent, result.isError ? 'failed' : null, null, null);
  }, facts);
}

export function findOpen(facts: SubagentFacts, message: TaskMessage): Subagent | undefined {
  return facts.open.find(
    (entry) =>
      (message.toolUseId !== null && entry.toolUseId === message.toolUseId) ||
      (message.taskId !== null && entry.taskId === message.taskId),
  );
}

function onStarted(facts: SubagentFacts, message: TaskMessage): SubagentFacts {
  if (message.taskType !== 'local_agent' || message.toolUseId === null) return facts;
  const known = findOpen(facts, message);
  const taskId = message.taskId;
  if (known !== undefined) {
    const subagent = { ...known, taskId, inBackground: message.inBackground ?? known.inBackground };
    return { ...facts, open: facts.open.map((entry) => (entry === known ? subagent : entry)) };
  }
  return start(facts, {
    toolUseId: message.toolUseId,
    taskId,
    description: excerpt(message.description ?? '', TEXT_LIMIT),
    type: message.subagentType?.slice(0, TEXT_LIMIT) ?? null,
    inBackground: message.inBackground === true,
    depth: depthOf(facts, message.parentToolUseId) + 1,
  });
}

function start(facts: SubagentFacts, subagent: Subagent): SubagentFacts {
  return { ...facts, started: facts.started + 1, open: withEntry(facts.open, subagent, OPEN_LIMIT) };
}

function without(facts: SubagentFacts, subagent: Subagent): SubagentFacts {
  return { ...facts, started: facts.started - 1, open: facts.open.filter((entry) => entry !== subagent) };
}

function finish(
  facts: SubagentFacts,
  subagent: Subagent,
  status: string | null,
  totalTokens: number | null,
  durationMs: number | null,
): SubagentFacts {
  const finished = { description: subagent.description, status, totalTokens, durationMs };
  return {
    ...facts,
    finished: facts.finished + 1,
    open: facts.open.filter((entry) => entry !== subagent),
    lastFinished: withEntry(facts.lastFinished, finished, FINISHED_LIMIT),
  };
}
