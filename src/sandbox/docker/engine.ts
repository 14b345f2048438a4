// The connection to the Docker engine: every request has a deadline, and an engine that does not answer
// becomes one kind of error that says what to do.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Dockerode from 'dockerode';
import { SandboxError } from '../../core/sandbox.ts';
import { messageOf, systemErrorCode } from '../../system/system-error.ts';
import { describeEndpoint, type Endpoint } from './endpoint.ts';

/** A hung engine keeps requests open for ever (facts/sandbox.md 4.2): nothing waits longer than this by default. */
export const DEFAULT_DEADLINE_MS = 10_000;

export interface CallOptions {
  /** Ends the request when it is aborted; for a stream also after it has begun. */
  readonly signal?: AbortSignal;
  /** Until the answer is there, or has begun in the case of a stream. */
  readonly deadlineMs?: number;
}

export interface Engine {
  readonly endpoint: Endpoint;
  readonly docker: Dockerode;
  /**
   * Makes one request. `what` completes "Docker did not …" in messages.
   * The request has to pass the given signal on as `abortSignal`.
   * @throws SandboxError `engine_away` when no answer comes; errors that the engine answers with stay as they are
   * (see `statusOf`); the signal's reason when the caller aborts.
   */
  call<T>(what: string, request: (abortSignal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T>;
}

/** Connects lazily: nothing is asked before the first call. */
export function createEngine(endpoint: Endpoint): Engine {
  const docker = new Dockerode(modemOptions(endpoint));
  return {
    endpoint,
    docker,
    async call(what, request, { signal, deadlineMs = DEFAULT_DEADLINE_MS } = {}) {
      signal?.throwIfAborted();
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(), deadlineMs);
      const either = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
      try {
        // The race, since docker-modem never settles when a connection breaks inside an answer.
        return await Promise.race([request(either), aborted(either)]);
      } catch (error) {
        signal?.throwIfAborted();
        if (statusOf(error) !== null) throw error;
        const seconds = deadlineMs / 1_000;
        const why = deadline.signal.aborted ? `no answer within ${seconds} s` : reasonOf(error);
        throw engineAway(endpoint, what, why, error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Adds the signal where dockerode takes it, but its types do not know. */
export function abortable<Options extends object>(options: Options, abortSignal: AbortSignal): Options {
  return { ...options, abortSignal };
}

/** The HTTP status that the engine answered with; null for an error that is no answer of the engine. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error ? (error as { statusCode?: unknown }).statusCode : undefined;
  return typeof status === 'number' ? status : null;
}

/** The engine's own words of an error that it answered with, on one line. */
export function answerOf(error: unknown): string {
  const json = (error as { json?: { message?: unknown } | null }).json;
  const text = typeof json?.message === 'string' ? json.message : messageOf(error);
  return text.replace(/\s+/g, ' ').trim();
}

export function isEngineAway(error: unknown): boolean {
  return error instanceof SandboxError && error.code === 'engine_away';
}

/** Builds the error of an engine that cannot be reached. */
export function engineAway(endpoint: Endpoint, what: string, why: string, cause?: unknown): SandboxError {
  const code = (cause as { code?: unknown } | undefined)?.code;
  const help =
    code === 'EACCES' || code === 'EPERM'
      ? 'you may not use it: join the docker group (sudo usermod -aG docker "$USER") and log in again'
      : 'is it running? Start it (sudo systemctl start docker, or Docker Desktop), or use --sandbox host';
  const message = `Docker did not ${what} (${describeEndpoint(endpoint)}, from ${endpoint.source}): ${why}; ${help}`;
  return new SandboxError('engine_away', message, { cause });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = systemErrorCode(error);
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}

/**
 * Everything is said outright, since docker-modem fills gaps from DOCKER_* variables, which `resolveEndpoint` has
 * already weighed. No kept-alive connections: after a restart of the engine a stale one would look like an outage.
 */
function modemOptions(endpoint: Endpoint): Dockerode.DockerOptions & { agent: HttpAgent } {
  if (endpoint.kind === 'unix') {
    const agent = new HttpAgent({ keepAlive: false });
    return { socketPath: endpoint.socketPath, protocol: 'http', host: undefined, port: undefined, agent };
  }
  const { host, port, tls } = endpoint;
  if (tls === null) return { host, port, protocol: 'http', agent: new HttpAgent({ keepAlive: false }) };
  return {
    host,
    port,
    protocol: 'https',
    ca: tls.ca ?? undefined,
    cert: tls.cert ?? undefined,
    key: tls.key ?? undefined,
    agent: new HttpsAgent({ keepAlive: false }),
  };
}
