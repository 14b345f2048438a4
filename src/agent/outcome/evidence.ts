// What an outcome is decided from, and what a rule makes of it.
import type { OverdueReason } from '../../core/events.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Exit, SandboxErrorCode } from '../../core/sandbox.ts';
import type { AgentDigest } from '../digest/digest.ts';

/** Why the supervisor itself ended an attempt; `budget`: over our own. */
export type SupervisorReason = OverdueReason | 'budget';

/** What we did to the attempt before it ended. */
export type OurAction =
  | { readonly kind: 'stop' | 'kill'; readonly by: 'person' }
  | {
      readonly kind: 'stop' | 'kill';
      readonly by: 'supervisor';
      readonly why: SupervisorReason;
      /** The limit that was hit, in words, for the message: `10m`, `200M`, `$5.00`. */
      readonly limit?: string;
    };

export interface StartFailure {
  readonly code: SandboxErrorCode | 'workspace';
  readonly message: string;
}

export interface Evidence {
  readonly digest: AgentDigest;
  /** Null when the sandbox never existed. */
  readonly exit: Exit | null;
  /** The end of standard error, some kilobytes. */
  readonly stderrTail: string;
  readonly ourAction: OurAction | null;
  readonly startFailed: StartFailure | null;
}

/** Evidence of an attempt whose sandbox existed and ended. */
export interface EndEvidence extends Evidence {
  /** Its code is null when nobody knows it: then the stream alone decides. */
  readonly exit: Exit;
}

export type Verdict = Pick<Outcome, 'kind' | 'message'> & Partial<Pick<Outcome, 'resetsAt'>>;

/** Null where the rule has nothing to say. */
export type Rule = (evidence: EndEvidence) => Verdict | null;
