// Chooses the step that answers a request. Steps advance for each session and each of its conversations.
import type { ApiRequest, DescribedRequest } from './request.ts';
import { type Scenario, type Script, type Step, scriptFor, stepAt } from './scenario.ts';

const BACKGROUND: Step = { text: '{"title":"A made-up session","isNewTopic":false}' };
const EXHAUSTED: Step = { text: 'Done.' };

export interface Played {
  readonly request: ApiRequest;
  readonly step: Step;
  /** Where the step comes from, for people: `session 2, main, request 3`. */
  readonly source: string;
}

interface Session {
  readonly number: number;
  readonly script: Script;
  /** Requests so far, by conversation. */
  readonly turns: Map<string, number>;
}

export class ScenarioPlayer {
  #scenario: Scenario;
  readonly #sessions = new Map<string, Session>();

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  /** Plays another scenario from its beginning. */
  load(scenario: Scenario): void {
    this.#scenario = scenario;
    this.reset();
  }

  /** Forgets every session: the next one is number 1 again. */
  reset(): void {
    this.#sessions.clear();
  }

  /** Rejects with what the scenario's `decide` throws. */
  async next(described: DescribedRequest): Promise<Played> {
    if (described.isBackground) {
      const request = { ...described, session: 0, turn: 0 };
      return { request, step: this.#scenario.background ?? BACKGROUND, source: 'background' };
    }
    const session = this.#sessionOf(described.sessionId);
    const { name, steps } = conversationOf(session.script, described);
    const turn = (session.turns.get(name) ?? 0) + 1;
    session.turns.set(name, turn);
    const request = { ...described, session: session.number, turn };
    const step = steps === 'decide' ? await session.script.decide?.(request) : stepAt(steps, turn);
    return {
      request,
      step: step ?? session.script.whenExhausted ?? EXHAUSTED,
      source: `session ${session.number}, ${name}, request ${turn}`,
    };
  }

  #sessionOf(id: string): Session {
    const known = this.#sessions.get(id);
    if (known) return known;
    const number = this.#sessions.size + 1;
    const session: Session = { number, script: scriptFor(this.#scenario, number), turns: new Map() };
    this.#sessions.set(id, session);
    return session;
  }
}

/** A matching entry of `conversations`, else the main one. */
function conversationOf(
  script: Script,
  request: DescribedRequest,
): { name: string; steps: readonly Step[] | 'decide' } {
  const conversations = script.conversations ?? [];
  const index = conversations.findIndex((conversation) =>
    new RegExp(conversation.match, 's').test(conversation.on === 'last' ? request.lastPrompt : request.firstPrompt),
  );
  const matched = conversations[index];
  if (matched) return { name: `conversation ${index + 1}`, steps: matched.steps };
  return { name: 'main', steps: script.decide ? 'decide' : (script.steps ?? []) };
}
