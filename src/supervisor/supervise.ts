// Supervises a run from its first moment to its last: makes everything that it needs, ties it together, and cleans up.
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { startControlServer } from '../control/server.ts';
import type { UndatedEvent } from '../core/effects.ts';
import type { Event } from '../core/events.ts';
import { EXIT_CODES, exitCodeOf } from '../core/exit-code.ts';
import { replay } from '../core/state/apply.ts';
import { openJournal } from '../journal/append.ts';
import { type RunFiles, socketCandidates } from '../journal/folders.ts';
import { acquireLock } from '../journal/lock.ts';
import { makeRunFolder, prepareSocketPath } from '../journal/make-folders.ts';
import { readIdentity } from '../workspace/git/identity.ts';
import { openShadow } from '../workspace/git/shadow.ts';
import { linkLoopLogs } from '../workspace/loop-logs-link.ts';
import { AccountLimits } from './account-limits.ts';
import { accountOf } from './agent-login.ts';
import { preparedPrompt } from './attempt/prompt.ts';
import { CleanUp } from './clean-up.ts';
import { answerCommand } from './commands.ts';
import type { SupervisorContext } from './context.ts';
import { Interpreter } from './interpreter.ts';
import { LoginKeeper } from './login-keeper.ts';
import { Loop } from './loop.ts';
import { MainLog } from './main-log.ts';
import { keepNotifyTarget, keptNotifyTarget } from './notify-target.ts';
import { Pusher } from './push.ts';
import { runStarted, targetOfPushes } from './run-beginning.ts';
import { openRunSandbox, type RunSandbox } from './run-sandbox.ts';
import { SuperviseError } from './supervise-error.ts';
import type { SuperviseRequest } from './supervise-request.ts';
import { findCurrent, refuseForeignSandboxes } from './what-exists.ts';
import { WorkspaceFacts } from './workspace-facts.ts';
import { workspacePorts } from './workspace-ports.ts';
import { watchWorkspace } from './workspace-watch.ts';

/** What a supervisor meets the world with; whoever watches or tests it may bring their own. */
export interface SupervisePorts {
  openSandbox(...request: Parameters<typeof openRunSandbox>): Promise<RunSandbox>;
  /** Told of every event when it is in the journal, before anything is done about it. */
  onEvent(event: Event): void;
}

const REAL_PORTS: SupervisePorts = { openSandbox: openRunSandbox, onEvent: () => undefined };

export interface Supervision {
  readonly files: RunFiles;
  /** The run's exit code, when it has ended and everything is cleaned up. */
  readonly ended: Promise<number>;
  /** Ends the run as `ralph-tui stop` does; a second time, kills the attempt. */
  stop(): void;
}

/**
 * Resolves when the run is under way.
 * @throws SuperviseError, or the error of whatever the run cannot do without
 */
export async function supervise(request: SuperviseRequest, ports: Partial<SupervisePorts> = {}): Promise<Supervision> {
  const { folders, run } = request;
  const files = await makeRunFolder(folders, run);
  const socketPath = await prepareSocketPath(
    socketCandidates(folders, request.environment, tmpdir(), process.getuid?.() ?? 0),
  );
  const lock = await acquireLock(folders.lock, { run, socketPath });
  if (!lock.ok) {
    throw new SuperviseError(
      'run_is_live',
      `run ${lock.heldBy.run} is live in this repository already; see: ralph-tui status`,
    );
  }
  const cleanUp = new CleanUp();
  cleanUp.add(lock.release);
  try {
    return await begin(request, files, socketPath, cleanUp, { ...REAL_PORTS, ...ports });
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function begin(
  request: SuperviseRequest,
  files: RunFiles,
  socketPath: string,
  cleanUp: CleanUp,
  ports: SupervisePorts,
): Promise<Supervision> {
  const { repository, folders, environment, policy, run, namespace } = request;
  const journal = openJournal<Event>(files.journal);
  cleanUp.add(() => journal.close());
  const known = request.begin === null ? replay(journal.content.events) : null;
  const options = known?.options ?? request.begin?.options;
  if (options === undefined) throw new Error('a run needs options, or a journal that has them');
  const sandbox = await ports.openSandbox(options.sandbox, folders, environment);
  await refuseForeignSandboxes(sandbox, request);
  // What is asked for and cannot be had ends the start here, before anything else is under way.
  const login = await (known === null
    ? LoginKeeper.open(options, environment)
    : LoginKeeper.reopen(options, environment));
  const [shadow, identity] = await Promise.all([
    openShadow(repository, folders.shadowGit, environment.PATH),
    readIdentity(environment),
  ]);
  const limits = new AccountLimits(dirname(folders.root), accountOf(login.current), { run, model: options.model });
  const mainLog = new MainLog(files.mainLog, login.redact, request.onLine);

  const facts = new WorkspaceFacts(
    workspacePorts(repository, shadow, {
      planFile: options.planFile,
      runFolder: files.folder,
      limits,
      optionsNow: () => loop.begun?.options ?? options,
    }),
    (event) => loop.dispatch(event),
    known && { ...known, attempt: known.current && { ...known.current, baseCommit: known.current.before.head } },
  );
  const loop = new Loop(
    {
      journal: { append: (event, durable) => void journal.append(event, { durable }) },
      now: () => new Date().toISOString(),
      perform: (effect) => interpreter.perform(effect),
      stalled: (message) => {
        mainLog.line(message);
        void interpreter.tellStalled(message);
      },
      observe: (event, state) => {
        ports.onEvent(event);
        mainLog.event(event, state);
        interpreter.endWaits(state.phase.name);
      },
      policy,
    },
    known,
  );
  const context: SupervisorContext = {
    run,
    namespace,
    repository,
    folders,
    files,
    provider: sandbox.provider,
    shadow,
    facts,
    login,
    identity,
    limits,
    notifyTarget: request.begin === null ? await keptNotifyTarget(files) : request.begin.notify,
    policy,
    environment,
    state: () => loop.state,
    dispatch: (event: UndatedEvent) => loop.dispatch(event),
    now: () => new Date().toISOString(),
    say: (line) => mainLog.line(line),
  };
  const target = options.push ? (known === null ? await targetOfPushes(repository) : known.pushTarget) : null;
  const pusher = target === null ? null : await Pusher.open(context, target, known === null);
  // Before the first look: what that finds is dispatched, and dispatching needs everything to be there.
  const interpreter = new Interpreter(context, sandbox, pusher);
  cleanUp.add(() => interpreter.close());
  const survey = known === null ? await facts.begin() : await facts.look();

  if (request.begin !== null) {
    await keepNotifyTarget(files, request.begin.notify);
    loop.dispatch(await runStarted(request.begin, context, survey, sandbox, target));
    for (const message of (await preparedPrompt(repository.top, loop.state)).warnings)
      loop.dispatch({ type: 'warned', message });
  }
  const link = await linkLoopLogs(repository, files.folder);
  if (link.state === 'left_alone') loop.dispatch({ type: 'warned', message: link.why });
  if (login.current.missing !== null) loop.dispatch({ type: 'warned', message: login.current.missing });
  const found = known === null ? null : await findCurrent(context, known);
  // A command that came before the run is taken up would make two decisions of one.
  const takenUp = Promise.withResolvers<void>();
  const server = await startControlServer(socketPath, async (command) => {
    await takenUp.promise;
    return answerCommand(loop, command, await facts.fullDisk());
  });
  cleanUp.add(() => server.close());
  loop.dispatch({
    type: 'supervisor_started',
    pid: process.pid,
    recovered: known !== null,
    hasSecrets: login.current.present,
    found,
    survey,
  });
  takenUp.resolve();
  const watch = watchWorkspace(repository, options.planFile, facts);
  cleanUp.add(() => watch.close());
  const report = setInterval(() => mainLog.vitals(loop.state, interpreter.lastVitals), policy.reportEveryMs);
  cleanUp.add(() => clearInterval(report));

  const ended = loop.ended
    .then(() => (loop.state.phase.name === 'finished' ? exitCodeOf(loop.state.phase.reason) : EXIT_CODES.internalError))
    .finally(() => cleanUp.run());
  // Whoever asks for it gets the rejection, too; until then it is no unhandled one.
  ended.catch(() => undefined);
  return { files, ended, stop: () => stopAsPerson(loop) };
}

function stopAsPerson(loop: Loop): void {
  const { current, phase } = loop.state;
  if (phase.name === 'finished') return;
  const command =
    current?.stopAsked == null
      ? ({ name: 'stop', when: 'now', attempt: null } as const)
      : ({ name: 'kill', attempt: null } as const);
  loop.dispatch({ type: 'command_received', command });
}
