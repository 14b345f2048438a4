// Answers one request as a step says: at its pace, streamed or whole, well or broken.
import type { ServerResponse } from 'node:http';
import { type AnswerMessage, buildAnswer, newId } from './answer.ts';
import { breakAnswer, resetConnection, sendError } from './failures.ts';
import type { MessagesBody } from './request.ts';
import type { Step } from './scenario.ts';
import { sendEvent, sendJson } from './send.ts';
import { streamEvents } from './stream-events.ts';

const CHUNK_CHARS = 40;
const EVENTS_BEFORE_FAULT = 3;

/** Resolves when the answer is written, was broken as asked, or nobody listens any more. */
export async function playStep(response: ServerResponse, step: Step, body: MessagesBody): Promise<void> {
  if (step.delayMs) await pause(response, step.delayMs);
  if (response.destroyed || step.http === 'hang') return;
  if (step.http === 'reset') {
    resetConnection(response);
    return;
  }
  if (step.error) {
    sendError(response, step.error, step.headers);
    return;
  }
  const answer = buildAnswer(step, body.model ?? 'unknown');
  const headers = { 'request-id': newId('req'), ...step.headers };
  if (body.stream) {
    await streamAnswer(response, answer, step, headers);
    return;
  }
  // After a broken stream the CLI asks once more without streaming, and is to find the same trouble.
  if (step.fault) breakAnswer(response, step.fault);
  else sendJson(response, 200, answer, headers);
}

async function streamAnswer(
  response: ServerResponse,
  answer: AnswerMessage,
  step: Step,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers });
  let sent = 0;
  for (const event of streamEvents(answer, step.chunkChars ?? CHUNK_CHARS)) {
    if (step.fault && sent === (step.fault.after ?? EVENTS_BEFORE_FAULT)) {
      breakAnswer(response, step.fault);
      return;
    }
    if (response.destroyed) return;
    sendEvent(response, event);
    sent += 1;
    if (step.chunkDelayMs && event.type === 'content_block_delta') await pause(response, step.chunkDelayMs);
  }
  response.end();
}

/** Waits, but not for a client that has gone. */
function pause(response: ServerResponse, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    response.once('close', done);
  });
}
