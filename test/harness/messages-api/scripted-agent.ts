// What the scripted agents have in common: they know only what the conversation tells them, and find their own calls
// in it by the ids that they gave them.
import { type ApiRequest, type ToolResult, toolResults } from './request.ts';
import type { Step, StepUsage, ToolCall } from './scenario.ts';

const OWN = 'toolu_scripted';

/** Tokens of an answer, where nothing else is asked for. */
export const AGENT_USAGE: StepUsage = { input: 1200, output: 80, cacheRead: 15_000, cacheWrite5m: 2000 };

/** The results of the agent's own calls in this session, in their order. */
export function ownResults(request: ApiRequest): ToolResult[] {
  return toolResults(request.messages).filter((result) => result.id.startsWith(OWN));
}

/** Says something and calls a tool. */
export function callTool(request: ApiRequest, text: string, tool: ToolCall): Step {
  return { text, tools: [{ ...tool, id: `${OWN}${request.session}x${request.turn}` }] };
}

/** A call of the Bash tool, with the longest time that it allows. */
export function bash(command: string, description: string): ToolCall {
  return { name: 'Bash', input: { command, description, timeout: 600_000 } };
}

/** A call of the Write tool, which wants absolute paths. */
export function write(request: ApiRequest, path: string, content: string): ToolCall {
  return { name: 'Write', input: { file_path: `${request.cwd}/${path}`, content } };
}
