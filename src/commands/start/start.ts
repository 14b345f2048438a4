// `ralph-tui [build|plan|plan-work]`: looks that a run can start, and starts it, detached or in the foreground.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartFlags } from '../../config/resolve-options.ts';
import { typedFlags } from '../../config/typed-flags.ts';
import type { RunOptions } from '../../core/options.ts';
import { lockHolder } from '../../journal/lock.ts';
import { newRunId } from '../../journal/run-id.ts';
import type { ChildRequest } from '../../supervisor/child.ts';
import { programVersion } from '../../system/package-files.ts';
import { confirm } from '../ask.ts';
import { type CommandContext, type Place, say } from '../line/context.ts';
import { findPlace } from '../place.ts';
import { reachSupervisor, tellSupervisor } from '../reach.ts';
import { showingFor, viewCommand } from '../view/view.ts';
import { labelNamespace, launchSupervisor } from './launch.ts';
import { findEngine, PreflightError, preflight } from './preflight.ts';
import { resolveStart, type StartRequest } from './start-request.ts';

const REPLACE_POLL_MS = 100;

/** The exit code: of the run itself when it is headless, else 0 once it is under way. */
export async function startCommand(context: CommandContext, request: StartRequest): Promise<number> {
  const place = await findPlace(context);
  const repository = place.repository.top;
  const first = await resolveStart(context, request, { repository, engineMemoryBytes: null });
  await makeRoom(context, place, first.start.replace);
  const engine = await findEngine(first.options.sandbox, context.environment);
  const { options, start } = await resolveStart(context, request, {
    repository,
    engineMemoryBytes: engine?.memoryBytes ?? null,
  });
  const checked = await preflight({ ...place, options, environment: context.environment }, engine);
  for (const warning of checked.warnings) await say(context.stderr, `note: ${warning}`);
  for (const question of checked.questions) await confirm(context, question, start.yes);
  const supervision = childRequest(context, place, {
    options: checked.options,
    start,
    typed: typedFlags(request.flags),
  });
  return start.headless
    ? (await import('./headless.ts')).runHeadless(context, supervision)
    : runDetached(context, supervision, start.plain);
}

function childRequest(
  context: CommandContext,
  { repository, folders }: Place,
  {
    options,
    start: { headless, notify },
    typed,
  }: { readonly options: RunOptions; readonly start: StartFlags; readonly typed: readonly string[] },
): ChildRequest {
  return {
    repository,
    folders,
    namespace: labelNamespace(folders),
    run: newRunId(new Date(context.now()), Math.random()),
    begin: { options, typed, versions: { 'ralph-tui': programVersion() }, headless, notify },
  };
}

async function runDetached(context: CommandContext, request: ChildRequest, plain: boolean): Promise<number> {
  const reply = await launchSupervisor(request, context.environment);
  if (reply.type === 'refused') throw new PreflightError(reply.line, reply.code);
  if (showingFor(context, plain) !== 'once') return viewCommand(context, { run: request.run, plain });
  await say(context.stdout, `run ${request.run} is under way, and goes on when this terminal is closed`);
  await say(
    context.stdout,
    'watch: ralph-tui logs -f · ralph-tui status --watch 5   steer: pause, resume, stop, kill, restart',
  );
  return 0;
}

/** One run a repository: refuses while one is live, or stops that one first. */
async function makeRoom(context: CommandContext, place: Place, replace: boolean): Promise<void> {
  const holder = await reachSupervisor(context, place);
  if (holder === null) return;
  if (!replace) {
    throw new PreflightError(
      `run ${holder.run} is live in this repository; see it with: ralph-tui status, end it with: ralph-tui stop, or start with --replace`,
    );
  }
  await say(context.stderr, `stopping run ${holder.run} first`);
  await tellSupervisor(holder, { name: 'stop', when: 'now', attempt: null });
  while ((await lockHolder(place.folders.lock))?.run === holder.run)
    await sleep(REPLACE_POLL_MS, undefined, { signal: context.signal });
}
