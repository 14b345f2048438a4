// What the start screen tells before anything starts: how the last run ended, and what a new one would meet.
import { dirname } from 'node:path';
import { makeRepositoryFolders } from '../../journal/make-folders.ts';
import { AccountLimits } from '../../supervisor/account-limits.ts';
import { accountOf, loadLogin } from '../../supervisor/agent-login.ts';
import { formatBytes } from '../../text/bytes.ts';
import { safeLine } from '../../text/sanitize.ts';
import type { LastRun, StartFacts } from '../../tui/start/start-facts.ts';
import { allRuns } from '../../viewer/find-run.ts';
import { uncommitted } from '../../workspace/git/changes.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { readHead } from '../../workspace/head.ts';
import { readPlan } from '../../workspace/read-plan.ts';
import type { CommandContext, Place } from '../line/context.ts';
import { type Failure, failureOf } from '../line/failure.ts';
import { findEngine, preflight, preflightProblems } from './preflight.ts';
import { resolveStart, type StartRequest } from './start-request.ts';

/** Looks at everything; what cannot be had is a refusal, never an error. */
export async function startFacts(context: CommandContext, place: Place, asked: StartRequest): Promise<StartFacts> {
  const { repository, folders } = place;
  const request: StartRequest = { ...asked, mode: 'build' };
  const typed = { repository: repository.top, engineMemoryBytes: null };
  const { sandbox } = (await resolveStart(context, request, typed)).options;
  const engine = await findEngine(sandbox, context.environment).catch(asRefusal);
  const engineMemoryBytes = engine === null || 'line' in engine ? null : engine.memoryBytes;
  const { options } = await resolveStart(context, request, { ...typed, engineMemoryBytes });
  const [head, plan, runs, login] = await Promise.all([
    readHead(repository),
    readPlan(repository.top, options.planFile),
    allRuns(folders),
    loadLogin(options, context.environment).catch(() => null),
  ]);
  const asking = { ...place, options, environment: context.environment };
  const away = engine !== null && 'line' in engine ? engine : null;
  const found = engine === null || 'line' in engine ? null : engine;
  const problems = (await preflightProblems(asking, found).catch((error: unknown) => [error])).map(asRefusal);
  const unusable = await makeRepositoryFolders(folders).then(
    () => [],
    (error: unknown) => [asRefusal(error)],
  );
  const refusals = [...problems, ...unusable, ...(away === null ? [] : [away])].map(({ line }) => safeLine(line));
  const limits =
    login === null
      ? null
      : new AccountLimits(dirname(folders.root), accountOf(login), { run: '', model: options.model });
  const tasks = plan.snapshot?.tasks ?? null;
  return {
    repository: safeLine(repository.top),
    lastRun: lastRunOf(runs.at(-1) ?? null),
    branch: head.ok ? safeLine(head.branch) : null,
    uncommittedFiles: await countUncommitted(place, head.ok ? head.sha : null),
    tasks: tasks && {
      open: tasks.filter(({ done }) => !done).length,
      done: tasks.filter(({ done }) => done).length,
      next: safeLine(tasks.find(({ done }) => !done)?.text ?? null),
    },
    planFile: options.planFile,
    sandbox:
      options.sandbox === 'docker'
        ? `docker · ${options.image} · ${formatBytes(options.memoryBytes)}`
        : 'host: no isolation',
    model: options.model,
    maxIterations: options.maxIterations,
    whoPays: login?.whoPays ?? 'nobody: the login cannot be read',
    limit: (await limits?.peek(context.now())) ?? null,
    refusals,
    warnings: refusals.length > 0 ? [] : (await preflight(asking, found)).warnings.map(safeLine),
  };
}

function asRefusal(error: unknown): Failure {
  return failureOf(error);
}

function lastRunOf(found: Awaited<ReturnType<typeof allRuns>>[number] | null): LastRun | null {
  if (found === null) return null;
  const { run, state } = found;
  const { phase, options, at } = state;
  return {
    run,
    mode: options.mode,
    ended: phase.name === 'finished' ? safeLine(phase.message) : `not ended (${phase.name})`,
    at,
  };
}

async function countUncommitted({ repository, folders }: Place, head: string | null): Promise<number | null> {
  try {
    const changes = await uncommitted(await openShadow(repository, folders.shadowGit), head);
    return changes === 'unknown' ? null : changes.length;
  } catch {
    return null;
  }
}
