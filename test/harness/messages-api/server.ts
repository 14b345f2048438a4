// A stand-in for the Messages API on this machine: it plays a scenario, so that the real CLI runs from end to end
// without a network, an account or spend. Checked with Claude Code 2.1.197 and 2.1.329.
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendError } from './failures.ts';
import { fillPlaceholders } from './placeholders.ts';
import { playStep } from './play-step.ts';
import { ScenarioPlayer } from './player.ts';
import { type ApiRequest, describeRequest, type MessagesBody } from './request.ts';
import { loadScenario, type Scenario, type Step } from './scenario.ts';
import { sendJson } from './send.ts';

export interface MessagesApiOptions {
  /** A scenario, or the path of a JSON file with one; without it every answer is `Done.` */
  readonly scenario?: Scenario | string;
  /** Address to listen on: 127.0.0.1, or `dockerBridgeAddress()` for agents in containers. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port?: number;
  /** File that gets a JSON line for every request. */
  readonly logPath?: string;
}

/** What is kept of a request: all but the conversation itself, which would be kept again for every turn. */
export interface RecordedRequest extends Omit<ApiRequest, 'messages'> {
  /** ISO 8601. */
  readonly at: string;
  readonly messageCount: number;
  /** Which step answered it, for people. */
  readonly source: string;
}

export interface MessagesApi extends AsyncDisposable {
  /** For ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Requests for messages, in their order. */
  readonly requests: readonly RecordedRequest[];
  /** Everything else that was asked for: `HEAD /`. */
  readonly otherRequests: readonly string[];
  /** What `decide` threw, and what went wrong in here. */
  readonly failures: readonly Error[];
  /** Plays another scenario from its beginning; sessions count from 1 again. */
  play(scenario: Scenario | string): void;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts listening. Rejects when the address or the port cannot be had. */
export async function startMessagesApi(options: MessagesApiOptions = {}): Promise<MessagesApi> {
  const player = new ScenarioPlayer(loadScenario(options.scenario ?? {}));
  const requests: RecordedRequest[] = [];
  const otherRequests: string[] = [];
  const failures: Error[] = [];

  const record = (request: ApiRequest, source: string): void => {
    const { messages, ...rest } = request;
    const recorded = { at: new Date().toISOString(), source, messageCount: messages.length, ...rest };
    requests.push(recorded);
    if (options.logPath !== undefined) appendFileSync(options.logPath, `${logLine(recorded)}\n`);
  };

  const stepFor = async (request: IncomingMessage, body: MessagesBody): Promise<Step> => {
    const played = await player.next(describeRequest(request.headers, body));
    record(played.request, played.source);
    return fillPlaceholders(played.step, { cwd: played.request.cwd, nowMs: Date.now() });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const body = await readBody(request);
    if (request.method === 'POST' && path === '/v1/messages') {
      await playStep(response, await stepFor(request, body), body);
      return;
    }
    otherRequests.push(`${request.method} ${path}`);
    if (path === '/v1/messages/count_tokens') {
      sendJson(response, 200, { input_tokens: Math.ceil(JSON.stringify(body).length / 4) });
    } else if (request.method === 'HEAD' || path === '/') {
      sendJson(response, 200, {});
    } else {
      sendError(response, { status: 404, message: `the stand-in API has no ${path}` });
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      const failure = cause instanceof Error ? cause : new Error(String(cause));
      failures.push(failure);
      // 400 is not retried, so the trouble shows at once and not after three minutes.
      if (response.headersSent) response.destroy();
      else sendError(response, { status: 400, message: `the stand-in API failed: ${failure.message}` });
    });
  });
  const { address, port } = await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');

  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    requests,
    otherRequests,
    failures,
    play: (scenario) => player.load(loadScenario(scenario)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** The long texts stand in the first line of a session only. */
function logLine(recorded: RecordedRequest): string {
  if (recorded.turn <= 1) return JSON.stringify(recorded);
  const { systemTexts: _systemTexts, opening: _opening, ...short } = recorded;
  return JSON.stringify(short);
}

async function readBody(request: IncomingMessage): Promise<MessagesBody> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as MessagesBody;
  } catch {
    return {};
  }
}
