// What every part of the supervisor works with.
import type { UndatedEvent } from '../core/effects.ts';
import type { Policy } from '../core/policy.ts';
import type { SandboxProvider } from '../core/sandbox.ts';
import type { RunState } from '../core/state/run-state.ts';
import type { RepositoryFolders, RunFiles } from '../journal/folders.ts';
import type { Identity } from '../workspace/git/identity.ts';
import type { Shadow } from '../workspace/git/shadow.ts';
import type { Repository } from '../workspace/locate.ts';
import type { AccountLimits } from './account-limits.ts';
import type { LoginKeeper } from './login-keeper.ts';
import type { WorkspaceFacts } from './workspace-facts.ts';

export interface SupervisorContext {
  readonly run: string;
  /** Label namespace of this state folder's sandboxes. */
  readonly namespace: string;
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
  readonly files: RunFiles;
  readonly provider: SandboxProvider;
  readonly shadow: Shadow;
  readonly facts: WorkspaceFacts;
  readonly login: LoginKeeper;
  /** In whose name the agent commits: read once, since asking git twice takes 10 ms and more of every attempt. */
  readonly identity: Identity;
  /** Usage limits that runs of this account know of. */
  readonly limits: AccountLimits;
  /** Where notices go; null for nowhere. May hold a secret. */
  readonly notifyTarget: string | null;
  readonly policy: Policy;
  /** Environment of whoever started this supervisor. */
  readonly environment: NodeJS.ProcessEnv;
  state(): RunState;
  dispatch(event: UndatedEvent): void;
  now(): string;
  /** A line for loop-main.log that is no event. */
  say(line: string): void;
}
