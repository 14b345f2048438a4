// Everything that the API does instead of answering well: error bodies, broken streams, silence.
import type { ServerResponse } from 'node:http';
import { newId } from './answer.ts';
import type { Step, StepError, StepFault } from './scenario.ts';
import { sendEvent, sendJson } from './send.ts';

const DEFAULTS: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ['invalid_request_error', 'Bad request'],
  401: ['authentication_error', 'invalid x-api-key'],
  403: ['permission_error', 'Forbidden'],
  404: ['not_found_error', 'Not found'],
  413: ['request_too_large', 'Request exceeds the maximum size'],
  429: ['rate_limit_error', 'This request would exceed your rate limit. Please try again later.'],
  500: ['api_error', 'Internal server error'],
  529: ['overloaded_error', 'Overloaded'],
};

interface ErrorBody {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string; readonly details?: unknown };
  readonly request_id?: string;
}

function errorBody(error: Omit<StepError, 'headers'>, requestId?: string): ErrorBody {
  const [type, message] = DEFAULTS[error.status] ?? ['api_error', 'Error'];
  return {
    type: 'error',
    error: {
      type: error.type ?? type,
      message: error.message ?? message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    ...(requestId === undefined ? {} : { request_id: requestId }),
  };
}

/** Answers with the error's status and the API's error body. */
export function sendError(response: ServerResponse, error: StepError, headers: Step['headers'] = {}): void {
  const requestId = newId('req');
  sendJson(response, error.status, errorBody(error, requestId), {
    'request-id': requestId,
    ...headers,
    ...error.headers,
  });
}

/** Breaks an answer, whether its stream has begun or not. */
export function breakAnswer(response: ServerResponse, fault: StepFault): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'end':
      response.end();
      return;
    case 'disconnect':
      resetConnection(response);
      return;
    case 'error': {
      const error = { ...fault, status: fault.status ?? 529 };
      if (!response.headersSent) {
        sendError(response, error);
        return;
      }
      sendEvent(response, errorBody(error));
      response.end();
    }
  }
}

/** A TCP reset, not a polite end. */
export function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
