// How an attempt can end: a closed list, and what each end means for the loop.

/** Every way in which an attempt can end. */
export const OUTCOME_KINDS = [
  'completed',
  'usage_limit',
  'transient',
  'auth',
  'billing',
  'config',
  'turn_limit',
  'budget',
  'context',
  'refused',
  'stopped',
  'interrupted',
  'oom',
  'killed',
  'infra',
  'hung',
  'timeout',
  'flood',
  'crashed',
] as const;

export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** What the loop does after an outcome. */
export type NextMove =
  | 'next_iteration'
  | 'next_iteration_after_pause'
  | 'next_attempt'
  | 'one_more_attempt'
  | 'wait_until_reset'
  | 'back_off'
  | 'wait_for_engine'
  | 'needs_you'
  | 'as_asked';

export interface OutcomeRule {
  /** Whether the attempt used up an iteration number. */
  readonly counted: boolean;
  /** Whether it belongs to the bad kinds, of which three in a row end the run. */
  readonly bad: boolean;
  readonly next: NextMove;
}

/** The table of the design, section 6: what each kind of end leads to. */
export const OUTCOME_RULES: Readonly<Record<OutcomeKind, OutcomeRule>> = {
  completed: { counted: true, bad: false, next: 'next_iteration' },
  usage_limit: { counted: false, bad: false, next: 'wait_until_reset' },
  transient: { counted: false, bad: false, next: 'back_off' },
  auth: { counted: false, bad: false, next: 'needs_you' },
  billing: { counted: false, bad: false, next: 'needs_you' },
  config: { counted: false, bad: false, next: 'needs_you' },
  turn_limit: { counted: true, bad: true, next: 'next_iteration' },
  budget: { counted: true, bad: true, next: 'next_iteration' },
  context: { counted: true, bad: true, next: 'next_iteration' },
  refused: { counted: true, bad: true, next: 'next_iteration' },
  stopped: { counted: false, bad: false, next: 'as_asked' },
  interrupted: { counted: false, bad: true, next: 'next_attempt' },
  oom: { counted: true, bad: true, next: 'next_iteration_after_pause' },
  killed: { counted: false, bad: false, next: 'one_more_attempt' },
  infra: { counted: false, bad: false, next: 'wait_for_engine' },
  hung: { counted: true, bad: true, next: 'next_iteration' },
  timeout: { counted: true, bad: true, next: 'next_iteration' },
  flood: { counted: true, bad: true, next: 'next_iteration' },
  crashed: { counted: true, bad: true, next: 'next_iteration' },
};

/** How one attempt ended. */
export interface Outcome {
  readonly kind: OutcomeKind;
  /** One line for people: what happened, from evidence. */
  readonly message: string;
  /** When a usage limit ends, ISO 8601 in UTC; null where there is none. */
  readonly resetsAt: string | null;
}
