// What the stand-in API reads out of a request: whose it is, what was said so far, and what is worth keeping.
import type { IncomingHttpHeaders } from 'node:http';

/** The parts of a content block that are looked at. */
export interface MessageBlock {
  readonly type: string;
  readonly text?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly tool_use_id?: string;
  readonly content?: string | readonly MessageBlock[];
  readonly is_error?: boolean;
}

export interface Message {
  /** Newer CLIs put `system` messages between the others. */
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly MessageBlock[];
}

/** The body of POST /v1/messages, as far as it is looked at. */
export interface MessagesBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly system?: string | readonly MessageBlock[];
  readonly tools?: readonly { readonly name?: string }[];
  readonly messages?: readonly Message[];
  readonly metadata?: { readonly user_id?: string };
}

/** A tool call of the conversation, with its result. */
export interface ToolResult {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly isError: boolean;
}

/** A request, described. */
export interface DescribedRequest {
  readonly sessionId: string;
  /** Set on requests of a subagent. */
  readonly agentId: string | null;
  readonly model: string;
  readonly stream: boolean;
  readonly maxTokens: number | null;
  /** Names of the tools that the CLI offers. */
  readonly tools: readonly string[];
  /** How often the CLI has tried this request before. */
  readonly retryCount: number;
  readonly auth: 'api-key' | 'bearer' | 'none';
  /** Title generation, topic detection or the quota probe: no part of the conversation. */
  readonly isBackground: boolean;
  /** The CLI's working directory, as the prompt names it; empty where it does not. */
  readonly cwd: string;
  /** The system prompt's blocks, and the `system` messages. */
  readonly systemTexts: readonly string[];
  /** Every text before the first answer, with the <system-reminder> blocks that the CLI adds (CLAUDE.md, AGENTS.md). */
  readonly opening: string;
  /** The first and the last user message, without those blocks. */
  readonly firstPrompt: string;
  readonly lastPrompt: string;
  readonly messages: readonly Message[];
}

/** A request with its place in the scenario; numbers count from 1, background requests have 0. */
export interface ApiRequest extends DescribedRequest {
  /** Which session of the scenario asks. */
  readonly session: number;
  /** Which request of its conversation this is; a retried one counts again. */
  readonly turn: number;
}

/** Describes the request; a body that is no JSON counts as an empty one. */
export function describeRequest(headers: IncomingHttpHeaders, body: MessagesBody): DescribedRequest {
  const messages = body.messages ?? [];
  const prompts = messages.filter((message) => message.role === 'user').map(ownText);
  const firstAnswer = messages.findIndex((message) => message.role === 'assistant');
  const opening = firstAnswer === -1 ? messages : messages.slice(0, firstAnswer);
  const model = body.model ?? 'unknown';
  const tools = (body.tools ?? []).map((tool) => tool.name ?? '');
  const systemTexts = [
    ...textsOf(body.system ?? []),
    ...messages.filter((message) => message.role === 'system').flatMap((message) => textsOf(message.content)),
  ];
  const openingText = opening.flatMap((message) => textsOf(message.content)).join('\n');
  return {
    sessionId: header(headers, 'x-claude-code-session-id') ?? sessionFromMetadata(body) ?? 'none',
    agentId: header(headers, 'x-claude-code-agent-id') ?? null,
    model,
    stream: body.stream === true,
    maxTokens: body.max_tokens ?? null,
    tools,
    retryCount: Number(header(headers, 'x-stainless-retry-count') ?? 0),
    auth: headers['x-api-key'] ? 'api-key' : headers.authorization ? 'bearer' : 'none',
    isBackground: body.max_tokens === 1 || (tools.length === 0 && /haiku/i.test(model)),
    cwd: /working directory: ([^"\n]+)/i.exec([...systemTexts, openingText].join('\n'))?.[1] ?? '',
    systemTexts,
    opening: openingText,
    firstPrompt: prompts[0] ?? '',
    lastPrompt: prompts.at(-1) ?? '',
    messages,
  };
}

/** The tool calls of the conversation that have a result, in their order. */
export function toolResults(messages: readonly Message[]): ToolResult[] {
  const blocks = messages.flatMap((message) => (typeof message.content === 'string' ? [] : message.content));
  const calls = new Map(blocks.filter((block) => block.type === 'tool_use').map((block) => [block.id, block]));
  return blocks
    .filter((block) => block.type === 'tool_result')
    .map((block) => {
      const call = calls.get(block.tool_use_id);
      return {
        id: block.tool_use_id ?? '',
        name: call?.name ?? '',
        input: call?.input ?? {},
        text: textsOf(block.content ?? '').join('\n'),
        isError: block.is_error === true,
      };
    });
}

function textsOf(content: string | readonly MessageBlock[]): string[] {
  if (typeof content === 'string') return [content];
  return content.flatMap((block) => (block.text === undefined ? [] : [block.text]));
}

/** A message's own text, without the blocks that the CLI adds. */
function ownText(message: Message): string {
  return textsOf(message.content)
    .filter((text) => !text.trimStart().startsWith('<system-reminder>'))
    .join('\n');
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Older CLIs name the session in the metadata only: JSON in a string. */
function sessionFromMetadata(body: MessagesBody): string | undefined {
  return /"?session_id\\?":\\?"([^"\\]+)/.exec(body.metadata?.user_id ?? '')?.[1];
}
