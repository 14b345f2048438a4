// Turns messages into lines for people: the source of iteration-N.log and of the viewer's log.
// Texts are raw and may hold anything; whoever shows them sanitizes them.
import { depthOf } from '../digest/subagents.ts';
import type { AgentMessage } from '../stream/message-types.ts';
import { type Draft, type LogContext, type LogEntry, system } from './draft.ts';
import {
  backgroundDrafts,
  compactDraft,
  compactFailureDrafts,
  noticeDrafts,
  resultDraft,
  retryDraft,
  taskDrafts,
  windowDrafts,
} from './event-entries.ts';
import { FOLDED, type LogFolding } from './folding.ts';
import { assistantDrafts, userDrafts } from './turn-entries.ts';

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
      return compactFailureDrafts(message.compactError);
    case 'rate_limit':
      return windowDrafts(message.info);
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
