// What the stand-in API is told to answer: scenarios, scripts and steps. A scenario is plain data, so that it can
// stand in a JSON file, except for `decide`, which tests written in TypeScript use.
import { readFileSync } from 'node:fs';
import type { ApiRequest } from './request.ts';

export interface ToolCall {
  readonly name: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** Made up where it is missing. */
  readonly id?: string;
}

/** Tokens; what is missing has a default. */
export interface StepUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  readonly webSearches?: number;
}

/** An answer with an HTTP status; type and message have defaults for every usual status. */
export interface StepError {
  readonly status: number;
  readonly type?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly details?: unknown;
}

/** Breaks the stream after so many events (3 where nothing is said). */
export interface StepFault {
  /** An error event; a TCP reset; a clean end without message_stop; silence. */
  readonly kind: 'error' | 'disconnect' | 'end' | 'hang';
  readonly after?: number;
  /** Of an `error`: 529 where nothing is said. */
  readonly status?: number;
  readonly type?: string;
  readonly message?: string;
}

/** A raw content block of the Messages API. */
export interface ContentBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The answer to one request. Strings may hold placeholders (placeholders.ts). */
export interface Step {
  readonly thinking?: string;
  readonly text?: string;
  readonly tools?: readonly ToolCall[];
  /** Instead of the three above. */
  readonly content?: readonly ContentBlock[];
  readonly usage?: StepUsage;
  readonly stopReason?: string;
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests this step answers: 1 where nothing is said. */
  readonly repeat?: number | 'forever';
  readonly delayMs?: number;
  readonly chunkDelayMs?: number;
  readonly chunkChars?: number;
  readonly error?: StepError;
  readonly fault?: StepFault;
  /** No answer at all, or a reset before the first byte. */
  readonly http?: 'hang' | 'reset';
}

/** Another conversation of the same session, a subagent's for instance. */
export interface Conversation {
  /** Regular expression, searched in the conversation's first prompt, or in its last one. */
  readonly match: string;
  readonly on?: 'first' | 'last';
  readonly steps: readonly Step[];
}

/** What one session plays. A session is one process of the CLI. */
export interface Script {
  readonly steps?: readonly Step[];
  readonly conversations?: readonly Conversation[];
  /** Instead of `steps`: looks at the request and answers it. A throw becomes an error that the CLI does not retry. */
  readonly decide?: (request: ApiRequest) => Step | Promise<Step>;
  /** When `steps` are used up. */
  readonly whenExhausted?: Step;
}

export interface Scenario extends Script {
  readonly description?: string;
  /** Instead of the script's own fields: the n-th session plays the n-th entry, and the last entry repeats. */
  readonly runs?: readonly (Script | readonly Step[])[];
  /** The answer to title generation, the quota probe and the like. */
  readonly background?: Step;
}

/** Takes a scenario, or the path of a JSON file with one. Throws what reading and parsing throw. */
export function loadScenario(scenario: Scenario | string): Scenario {
  if (typeof scenario !== 'string') return scenario;
  return JSON.parse(readFileSync(scenario, 'utf8')) as Scenario;
}

/** What the n-th session plays, counted from 1. */
export function scriptFor(scenario: Scenario, session: number): Script {
  const scripts = scenario.runs ?? [scenario];
  const script = scripts[Math.min(session, scripts.length) - 1] ?? {};
  return 'length' in script ? { steps: script } : script;
}

/** The step for the n-th request, counted from 1 and with `repeat`; undefined when they are used up. */
export function stepAt(steps: readonly Step[], request: number): Step | undefined {
  let end = 0;
  for (const step of steps) {
    end += step.repeat === 'forever' ? Number.POSITIVE_INFINITY : (step.repeat ?? 1);
    if (request <= end) return step;
  }
  return undefined;
}
