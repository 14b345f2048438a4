// Sends one command to the supervisor and waits for its word.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { RunCommand } from '../core/run-command.ts';
import { systemErrorCode } from '../system/system-error.ts';
import { ControlError } from './control-error.ts';
import { type Response, requestFor, responseSchema } from './protocol.ts';

/** Far longer than any answer is, and far longer than it takes to take a command up. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 5_000;

export interface SendOptions {
  readonly timeoutMs?: number;
}

/**
 * The supervisor's answer; `ok: false` when it refuses.
 * @throws ControlError `no_socket`, `refused` (killed, or listening no more), `timeout`, `bad_answer`, `unusable`
 */
export async function sendCommand(
  socketPath: string,
  command: RunCommand | { readonly name: 'ping' },
  { timeoutMs = DEFAULT_TIMEOUT_MS }: SendOptions = {},
): Promise<Response> {
  const id = randomUUID();
  const line = await exchange(socketPath, `${JSON.stringify(requestFor(id, command))}\n`, timeoutMs);
  const response = readResponse(line);
  if (response === null || (response.id !== id && response.id !== '')) {
    throw new ControlError('bad_answer', 'the supervisor gave an answer that this ralph-tui does not understand');
  }
  return response;
}

function readResponse(line: string): Response | null {
  try {
    return responseSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Writes a line and resolves with the first line that comes back. */
async function exchange(socketPath: string, request: string, timeoutMs: number): Promise<string> {
  const socket = connect(socketPath);
  try {
    return await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `the supervisor did not answer within ${timeoutMs} ms; it may be busy or stopped`;
        reject(new ControlError('timeout', message));
      }, timeoutMs);
      const parts: Buffer[] = [];
      let receivedBytes = 0;
      socket.on('connect', () => socket.write(request));
      socket.on('data', (part: Buffer) => {
        const end = part.indexOf(0x0a);
        parts.push(end === -1 ? part : part.subarray(0, end));
        receivedBytes += part.length;
        if (end !== -1) resolve(Buffer.concat(parts).toString());
        else if (receivedBytes > MAX_ANSWER_BYTES) {
          reject(new ControlError('bad_answer', 'the answer of the supervisor never ends'));
        }
      });
      socket.on('error', (error) => reject(asControlError(socketPath, error)));
      socket.on('close', () => {
        clearTimeout(timer);
        reject(new ControlError('bad_answer', 'the supervisor hung up without an answer'));
      });
    });
  } finally {
    socket.destroy();
  }
}

function asControlError(socketPath: string, error: Error): ControlError {
  switch (systemErrorCode(error)) {
    case 'ENOENT':
      return new ControlError('no_socket', 'no loop is running for this repository', { cause: error });
    case 'ECONNREFUSED':
      return new ControlError('refused', 'the supervisor of this run is gone', { cause: error });
    case 'ECONNRESET':
    case 'EPIPE':
      return new ControlError('bad_answer', 'the supervisor hung up without an answer', { cause: error });
    default:
      return new ControlError('unusable', `cannot reach ${socketPath}: ${error.message}`, { cause: error });
  }
}
