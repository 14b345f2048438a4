import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { ask, askText, eventsOf } from './client.ts';
import type { Scenario } from './scenario.ts';
import { type MessagesApi, type MessagesApiOptions, startMessagesApi } from './server.ts';

async function start(scenario: Scenario, options: MessagesApiOptions = {}): Promise<MessagesApi> {
  const api = await startMessagesApi({ scenario, ...options });
  onTestFinished(() => api.close());
  return api;
}

const prompt = (text: string) => ({ messages: [{ role: 'user' as const, content: text }] });
const streamed = { ...prompt('Hello'), stream: true };

describe('a streamed answer', () => {
  it('has the order and the counts of the Messages API', async () => {
    const usage = { input: 7, output: 80, cacheRead: 3, cacheWrite5m: 2, cacheWrite1h: 5, webSearches: 1 };
    const api = await start({
      steps: [{ thinking: 'Hm.', text: 'Hello 🧑‍🚀', tools: [{ name: 'Bash', input: { command: 'true' } }], usage }],
    });
    const response = await ask(api.url, streamed);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = await eventsOf(response);
    expect(events.map((event) => event.type)).toEqual([
      'message_start',
      'ping',
      ...['content_block_start', 'content_block_delta', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
      ...['content_block_start', 'content_block_delta', 'content_block_stop'],
      'message_delta',
      'message_stop',
    ]);
    expect(events[0]).toMatchObject({
      message: {
        role: 'assistant',
        model: 'claude-test-1',
        content: [],
        stop_reason: null,
        usage: {
          input_tokens: 7,
          output_tokens: 1,
          cache_read_input_tokens: 3,
          cache_creation_input_tokens: 7,
          cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 5 },
          server_tool_use: { web_search_requests: 1 },
        },
      },
    });
    expect(events[9]).toMatchObject({ index: 2, content_block: { type: 'tool_use', name: 'Bash', input: {} } });
    expect(events[10]).toMatchObject({ delta: { type: 'input_json_delta', partial_json: '{"command":"true"}' } });
    expect(events[12]).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 80 } });
  });

  it('cuts texts into whole characters', async () => {
    const api = await start({ steps: [{ text: '🙂🙂🙂', chunkChars: 2, chunkDelayMs: 1 }] });
    const events = await eventsOf(await ask(api.url, streamed));
    const deltas = events.filter((event) => event.type === 'content_block_delta').map((event) => event.delta);
    expect(deltas).toEqual([
      { type: 'text_delta', text: '🙂🙂' },
      { type: 'text_delta', text: '🙂' },
    ]);
  });
});

describe('the scenario', () => {
  it('plays one step a request, repeats as told, and has something to say in the end', async () => {
    const api = await start({ steps: [{ text: 'one', repeat: 2 }, { text: 'two' }] });
    const texts = [];
    for (let i = 0; i < 4; i += 1) texts.push(await askText(api.url, 'Go'));
    expect(texts).toEqual(['one', 'one', 'two', 'Done.']);
  });

  it('plays the n-th run to the n-th session; the last one repeats', async () => {
    const decide = () => ({ text: 'decided' });
    const api = await start({ runs: [[{ text: 'first' }], { steps: [{ text: 'second' }] }, { decide }] });
    const texts = [];
    for (const session of ['a', 'b', 'a', 'c', 'd']) texts.push(await askText(api.url, 'Go', session));
    expect(texts).toEqual(['first', 'second', 'Done.', 'decided', 'decided']);
  });

  it('has steps of their own for other conversations of a session', async () => {
    const api = await start({
      conversations: [
        { match: 'SUBAGENT', steps: [{ text: 'sub' }] },
        { match: '^summarise', on: 'last', steps: [{ text: 'summary' }] },
      ],
      steps: [{ text: 'one' }, { text: 'two' }],
    });
    const texts = [];
    for (const text of ['Go', 'A SUBAGENT task', 'summarise', 'Go']) texts.push(await askText(api.url, text));
    expect(texts).toEqual(['one', 'sub', 'summary', 'two']);
  });

  it('keeps title generation and the quota probe out of the conversation', async () => {
    const api = await start({ background: { text: 'a title' }, steps: [{ text: 'one' }] });
    const title = await ask(api.url, { ...prompt('Title?'), model: 'claude-haiku-9', tools: [] });
    await ask(api.url, { ...prompt('quota'), max_tokens: 1 });
    expect(await title.json()).toMatchObject({ content: [{ text: 'a title' }], stop_reason: 'end_turn' });
    expect(await askText(api.url, 'Go')).toBe('one');
    expect(api.requests.map((request) => request.session)).toEqual([0, 0, 1]);
  });

  it('can be swapped while running; sessions count from the beginning again', async () => {
    const api = await start({ runs: [[{ text: 'old' }], [{ text: 'older' }]] });
    await askText(api.url, 'Go');
    api.play({ runs: [[{ text: 'new' }], [{ text: 'newer' }]] });
    expect(await askText(api.url, 'Go')).toBe('new');
  });

  it('is asked what to do, with the conversation, the session and the turn', async () => {
    const api = await start({
      decide: ({ session, turn, firstPrompt, cwd }) => ({ text: `${session} ${turn} ${firstPrompt} ${cwd} {{cwd}}` }),
    });
    await askText(api.url, 'other', 'x');
    const body = { ...prompt('Hi'), system: [{ type: 'text', text: 'Primary working directory: /re po\nmore' }] };
    const answer = await (await ask(api.url, body, 'y')).json();
    expect(answer).toMatchObject({ content: [{ text: '2 1 Hi /re po /re po' }] });
  });

  it('that throws is an error that no client retries', async () => {
    const api = await start({
      decide: () => {
        throw new Error('no idea');
      },
    });
    const response = await ask(api.url, prompt('Go'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: 'the stand-in API failed: no idea' } });
    expect(api.failures.map((failure) => failure.message)).toEqual(['no idea']);
  });
});

describe('errors and faults', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [529, 'overloaded_error'],
  ])('answers %i with its type', async (status, type) => {
    const api = await start({ steps: [{ error: { status, headers: { 'retry-after': '7' }, details: { a: 1 } } }] });
    const response = await ask(api.url, streamed);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toMatchObject({ type: 'error', error: { type, details: { a: 1 } } });
  });

  it('fills placeholders in the headers of a usage limit', async () => {
    const headers = { 'anthropic-ratelimit-unified-reset': '{{now+60}}' };
    const api = await start({ steps: [{ error: { status: 429, headers } }] });
    const response = await ask(api.url, streamed);
    const reset = Number(response.headers.get('anthropic-ratelimit-unified-reset'));
    expect(reset * 1000).toBeGreaterThan(Date.now());
  });

  it('sends an error event in the middle of a stream', async () => {
    const api = await start({ steps: [{ text: 'Hello', fault: { kind: 'error', after: 4 } }] });
    const events = await eventsOf(await ask(api.url, streamed));
    expect(events.slice(3)).toMatchObject([
      { type: 'content_block_delta' },
      { type: 'error', error: { type: 'overloaded_error' } },
    ]);
    expect(events).toHaveLength(5);
  });

  it('ends a stream without message_stop', async () => {
    const api = await start({ steps: [{ text: 'Hello', fault: { kind: 'end', after: 2 } }] });
    const events = await eventsOf(await ask(api.url, streamed));
    expect(events.map((event) => event.type)).toEqual(['message_start', 'ping']);
  });

  it('resets the connection, before the first byte or behind it', async () => {
    const api = await start({ steps: [{ http: 'reset' }, { text: 'Hello', fault: { kind: 'disconnect' } }] });
    await expect(ask(api.url, streamed)).rejects.toThrow();
    await expect(ask(api.url, streamed).then(eventsOf)).rejects.toThrow();
  });

  it('is silent for ever, until it is closed', async () => {
    const api = await start({ steps: [{ http: 'hang' }, { text: 'Hello', fault: { kind: 'hang', after: 2 } }] });
    const unanswered = ask(api.url, streamed);
    const unfinished = ask(api.url, streamed);
    const response = await unfinished;
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain('message_start');
    const rest = (async () => {
      while (!(await reader?.read())?.done);
    })();
    const outcome = Promise.allSettled([unanswered, rest]);
    await api.close();
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('what is recorded', () => {
  it('is all that a test wants to know of a request', async () => {
    const api = await start({ steps: [{ text: 'one' }, { text: 'two' }] });
    const opening = [
      {
        role: 'user' as const,
        content: [
          { type: 'text', text: '<system-reminder>\nContents of AGENTS.md: run make\n</system-reminder>' },
          { type: 'text', text: 'Do it' },
        ],
      },
      { role: 'system' as const, content: 'Primary working directory: /repo' },
    ];
    const later = [
      { role: 'assistant' as const, content: 'one' },
      { role: 'user' as const, content: 'And now?' },
    ];
    const head = { system: 'You help.', tools: [{ name: 'Bash' }] };
    await ask(api.url, { ...head, messages: opening }, 's', { 'x-api-key': 'made-up' });
    await ask(api.url, { ...head, messages: [...opening, ...later] }, 's', { authorization: 'Bearer made-up' });
    expect(api.requests).toMatchObject([
      {
        sessionId: 's',
        session: 1,
        turn: 1,
        source: 'session 1, main, request 1',
        tools: ['Bash'],
        auth: 'api-key',
        cwd: '/repo',
        systemTexts: ['You help.', 'Primary working directory: /repo'],
        firstPrompt: 'Do it',
        opening: expect.stringContaining('run make'),
        messageCount: 2,
      },
      { turn: 2, auth: 'bearer', firstPrompt: 'Do it', lastPrompt: 'And now?', messageCount: 4 },
    ]);
    expect(api.requests[1]?.opening).toBe(api.requests[0]?.opening);
  });

  it('finds the session in the metadata, too', async () => {
    const api = await start({});
    const metadata = { user_id: JSON.stringify({ device_id: 'd', session_id: 'abc-1' }) };
    await fetch(`${api.url}/v1/messages`, { method: 'POST', body: JSON.stringify({ ...prompt('Go'), metadata }) });
    expect(api.requests[0]?.sessionId).toBe('abc-1');
  });

  it('is written to a file, long texts once a session', async () => {
    const logPath = join(await temporaryFolder(), 'requests.jsonl');
    const api = await start({}, { logPath });
    await ask(api.url, { ...prompt('Go'), system: 'You help.' });
    await ask(api.url, { ...prompt('Go'), system: 'You help.' });
    const lines = (await readFile(logPath, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { systemTexts?: string[] }).systemTexts)).toEqual([
      ['You help.'],
      undefined,
    ]);
  });

  it('names what else was asked for', async () => {
    const api = await start({});
    expect((await fetch(api.url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${api.url}/v1/other`)).status).toBe(404);
    expect(api.otherRequests).toEqual(['HEAD /', 'GET /v1/other']);
  });
});
