// What the start screen tells before anything starts: how the last run ended, and what a new one would meet.

import { dirname } from 'node:path';
import type { Mode } from '../core/options.ts';
import { AccountLimits } from '../supervisor/account-limits.ts';
import { accountOf, loadLogin } from '../supervisor/agent-login.ts';
import { allRuns } from '../viewer/find-run.ts';
import { uncommitted } from '../workspace/git/changes.ts';
import { openShadow } from '../workspace/git/shadow.ts';
import { readHead } from '../workspace/head.ts';
import { readPlan } from '../workspace/read-plan.ts';
import type { CommandContext, Place } from './context.ts';
import { failureOf } from './failure.ts';
import { findEngine, preflight } from './preflight.ts';
import { resolveStart } from './start-request.ts';

export interface LastRun {
  readonly run: string;
  readonly mode: Mode;
  /** How it ended, in one line; null for a run that has not. */
  readonly ended: string | null;
  readonly at: string;
}

export interface StartFacts {
  readonly repository: string;
  readonly lastRun: LastRun | null;
  /** Null for a detached HEAD. */
  readonly branch: string | null;
  /** Null when git could not tell. */
  readonly uncommittedFiles: number | null;
  /** Null without a plan. */
  readonly tasks: { readonly open: number; readonly done: number; readonly next: string | null } | null;
  readonly planFile: string;
  readonly sandbox: string;
  readonly model: string;
  readonly maxIterations: number | null;
  readonly whoPays: string;
  /** A usage limit that the account is known to be at; null without one. */
  readonly limit: { readonly until: string; readonly message: string } | null;
  /** Why a build cannot start, in one line; null when it can. */
  readonly refusal: string | null;
  readonly warnings: readonly string[];
}

/** Looks at everything; what cannot be had is a refusal, never an error. */
export async function startFacts(context: CommandContext, place: Place): Promise<StartFacts> {
  const { repository, folders } = place;
  const request = { mode: 'build', bare: true, work: null, flags: {} } as const;
  const { options } = await resolveStart(context, request, { repository: repository.top, engineMemoryBytes: null });
  const [head, plan, runs, login] = await Promise.all([
    readHead(repository),
    readPlan(repository.top, options.planFile),
    allRuns(folders),
    loadLogin(options, context.environment).catch(() => null),
  ]);
  const checked = await findEngine(options.sandbox, context.environment)
    .then((engine) => preflight({ ...place, options, environment: context.environment }, engine))
    .then(({ warnings }) => ({ refusal: null, warnings }))
    .catch((error: unknown) => ({ refusal: failureOf(error), warnings: [] }));
  const limits = login === null ? null : new AccountLimits(dirname(folders.root), accountOf(login), '');
  const tasks = plan.snapshot?.tasks ?? null;
  return {
    repository: repository.top,
    lastRun: lastRunOf(runs.at(-1) ?? null),
    branch: head.ok ? head.branch : null,
    uncommittedFiles: await countUncommitted(place, head.ok ? head.sha : null),
    tasks: tasks && {
      open: tasks.filter(({ done }) => !done).length,
      done: tasks.filter(({ done }) => done).length,
      next: tasks.find(({ done }) => !done)?.text ?? null,
    },
    planFile: options.planFile,
    sandbox: options.sandbox === 'docker' ? `docker (${options.image})` : 'host',
    model: options.model,
    maxIterations: options.maxIterations,
    whoPays: login?.whoPays ?? 'nobody: the login cannot be read',
    limit: (await limits?.peek(context.now())) ?? null,
    refusal: checked.refusal === null ? null : checked.refusal.line,
    warnings: checked.warnings,
  };
}

function lastRunOf(found: Awaited<ReturnType<typeof allRuns>>[number] | null): LastRun | null {
  if (found === null) return null;
  const { run, state } = found;
  const { phase, options, at } = state;
  return { run, mode: options.mode, ended: phase.name === 'finished' ? phase.message : null, at };
}

async function countUncommitted({ repository, folders }: Place, head: string | null): Promise<number | null> {
  try {
    const changes = await uncommitted(await openShadow(repository, folders.shadowGit), head);
    return changes === 'unknown' ? null : changes.length;
  } catch {
    return null;
  }
}
