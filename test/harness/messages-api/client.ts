// A client of the stand-in API for its own tests: what the CLI does, in a few lines.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import type { Message, MessagesBody } from './request.ts';
import type { StreamEvent } from './stream-events.ts';

/** Asks for a message; `session` is what the CLI sends as the session's id. */
export function ask(
  url: string,
  body: MessagesBody,
  session = 'session-1',
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-claude-code-session-id': session, ...headers },
    body: JSON.stringify({ model: 'claude-test-1', max_tokens: 1000, ...body }),
  });
}

/** One prompt, without streaming; resolves with the answer's first text. */
export async function askText(url: string, prompt: string, session?: string): Promise<string | undefined> {
  const response = await ask(url, { messages: [{ role: 'user', content: prompt }] }, session);
  const answer = (await response.json()) as { content?: readonly { text?: string }[] };
  return answer.content?.[0]?.text;
}

/** The events of a streamed answer; rejects when the stream breaks. */
export async function eventsOf(response: Response): Promise<StreamEvent[]> {
  const blocks = (await response.text()).split('\n\n').filter(Boolean);
  return blocks.map((block) => {
    const [, type, data] = /^event: (\S+)\ndata: (.*)$/s.exec(block) ?? [];
    const event = JSON.parse(data ?? 'null') as StreamEvent;
    if (event?.type !== type) throw new Error(`No event: ${block}`);
    return event;
  });
}

interface AnswerBlock {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly input: { readonly command: string; readonly file_path: string; readonly content: string };
}

/** Plays a whole session as the CLI would: runs Bash and Write for real in `cwd`. Resolves with all texts. */
export async function runSession(url: string, cwd: string, session: string): Promise<string[]> {
  const messages: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Work on the plan.' }] },
    { role: 'system', content: [{ type: 'text', text: `# Environment\n - Primary working directory: ${cwd}\n` }] },
  ];
  const texts: string[] = [];
  for (;;) {
    const response = await ask(url, { messages, tools: [{ name: 'Bash' }, { name: 'Write' }] }, session);
    const answer = (await response.json()) as { content: AnswerBlock[]; stop_reason: string };
    if (!response.ok) throw new Error(JSON.stringify(answer));
    texts.push(...answer.content.filter((block) => block.type === 'text').map((block) => block.text));
    if (answer.stop_reason !== 'tool_use') return texts;
    messages.push({ role: 'assistant', content: answer.content as unknown as Message['content'] });
    for (const call of answer.content.filter((block) => block.type === 'tool_use')) {
      const result = await runTool(call, cwd);
      messages.push({ role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, ...result }] });
    }
  }
}

async function runTool({ name, input }: AnswerBlock, cwd: string): Promise<{ content: string; is_error: boolean }> {
  if (name === 'Write') {
    await mkdir(dirname(input.file_path), { recursive: true });
    await writeFile(input.file_path, input.content);
    return { content: 'File created', is_error: false };
  }
  const identity = { GIT_AUTHOR_NAME: 'Agent', GIT_AUTHOR_EMAIL: 'agent@example.invalid' };
  const committer = { GIT_COMMITTER_NAME: 'Agent', GIT_COMMITTER_EMAIL: 'agent@example.invalid' };
  const { all, exitCode } = await execa('bash', ['-c', input.command], {
    cwd,
    all: true,
    reject: false,
    env: { ...identity, ...committer },
  });
  return { content: exitCode === 0 ? all : `Exit code ${exitCode}\n${all}`, is_error: exitCode !== 0 };
}
