// The conversation: what the agent says, thinks and calls, and what it is answered.
import { formatCount } from '../../text/count.ts';
import { plural } from '../../text/plural.ts';
import { estimateOutputTokens } from '../digest/spend.ts';
import type { AssistantBlock, AssistantMessage, UserMessage } from '../stream/message-types.ts';
import { asString, type JsonObject, oneLine } from '../stream/narrow.ts';
import { type Draft, type LogContext, lines, ONE_LINE_LIMIT } from './draft.ts';
import { fold } from './fold-text.ts';
import { ALL_LINES, type LogFolding } from './folding.ts';
import { SUMMARY_LIMIT, summarizeTool } from './tool-summary.ts';

/** Tools whose answer is told by one line, as the agent reads the content and people do not. */
const READING_TOOLS: ReadonlySet<string> = new Set(['Read', 'Grep', 'Glob', 'WebFetch', 'WebSearch', 'ToolSearch']);
const WRITING_TOOLS: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit', 'TodoWrite']);

export function assistantDrafts(message: AssistantMessage, before: LogContext, folding: LogFolding): Draft[] {
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

export function userDrafts(message: UserMessage, before: LogContext, folding: LogFolding): Draft[] {
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
