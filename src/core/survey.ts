// What is looked at before every attempt and after it: the workspace, and the account's usage limit.
import type { PlanProgress } from './plan.ts';

/** What the workspace looked like when the loop asked. */
export interface Survey {
  /** Null for a detached HEAD. */
  readonly branch: string | null;
  /** Null in a repository without any commit. */
  readonly head: string | null;
  /** Null where there is neither plan nor prd.json. */
  readonly plan: PlanProgress | null;
  /** SHA-256 of the plan file, null without one: plan modes are done when it stays the same. */
  readonly planHash: string | null;
  /** Where the prompt is from: a path, or `embedded`; and SHA-256 of it, hex. Null when it cannot be read. */
  readonly promptSource: string | null;
  readonly promptHash: string | null;
  /** SHA-256 of AGENTS.md, hex; null without one. */
  readonly agentsHash: string | null;
  /** Why the workspace cannot be worked on (HEAD unreadable, plan unsafe to read); null when it can. */
  readonly problem: string | null;
  /** Where the disk of the run's files or of the repository is mounted, if it is full; null where there is space. */
  readonly fullDisk: string | null;
  /** A usage limit that this account is known to be at, from this run or another one of this machine. */
  readonly accountLimit: AccountLimit | null;
}

export interface AccountLimit {
  /** When it ends, ISO 8601. */
  readonly until: string;
  readonly noticedAt: string;
  /** One line for people. */
  readonly message: string;
  /** This run's place among those that wait for it, from 0. */
  readonly place: number;
}
