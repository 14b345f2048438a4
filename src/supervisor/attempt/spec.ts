// Puts an attempt together: command, environment, mounts and limits.
import { join } from 'node:path';
import { agentCommand } from '../../agent/start/command.ts';
import { agentEnvironment } from '../../agent/start/environment.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { RunOptions } from '../../core/options.ts';
import { type AttemptSpec, sandboxName } from '../../core/sandbox.ts';
import type { RepositoryFolders } from '../../journal/folders.ts';
import { SHELL_PREFIX_FILE } from '../../sandbox/shell-prefix.ts';
import type { Identity } from '../../workspace/git/identity.ts';
import type { Repository } from '../../workspace/locate.ts';
import type { AgentLogin } from '../agent-login.ts';
import { CONFIG_FOLDER, PROMPT_FILE } from './exchange.ts';
import type { Places } from './places.ts';

export interface SpecRequest {
  readonly run: string;
  readonly ref: AttemptRef;
  readonly namespace: string;
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
  readonly options: RunOptions;
  readonly login: AgentLogin;
  readonly identity: Identity;
  readonly sessionId: string;
  readonly places: Places;
}

export interface PreparedAttempt {
  readonly spec: AttemptSpec;
  /** The session to expect in the stream; null where the person's own arguments pick it. */
  readonly sessionId: string | null;
}

/** Pure: the same request gives the same attempt. */
export function prepareAttempt(request: SpecRequest): PreparedAttempt {
  const { run, ref, options, places } = request;
  const { argv, sessionId } = agentCommand({
    program: options.agentCommand,
    model: options.model,
    sessionId: request.sessionId,
    maxTurns: options.maxTurns,
    extraArguments: options.agentArguments,
  });
  const spec: AttemptSpec = {
    ...surroundings(request),
    name: sandboxName(run, ref.iteration, ref.attempt),
    argv,
    stdinPath: join(places.inbox, PROMPT_FILE),
  };
  return { spec, sessionId };
}

/** The command of --until, in the same surroundings as an attempt. */
export function checkSpec(request: SpecRequest, command: string): AttemptSpec {
  const { run, ref } = request;
  return {
    ...surroundings(request),
    name: `${sandboxName(run, ref.iteration, ref.attempt)}-until`,
    argv: ['sh', '-c', command],
    stdinPath: null,
  };
}

function surroundings(request: SpecRequest): Omit<AttemptSpec, 'name' | 'argv' | 'stdinPath'> {
  const { run, ref, options, repository, places, identity } = request;
  const user = repository.owner;
  const agent = agentEnvironment({
    sandbox: options.sandbox,
    person: request.login.person,
    credential: 'secret' in request.login.credential ? request.login.credential : null,
    extra: request.login.extra,
    uid: options.sandbox === 'host' ? (process.getuid?.() ?? user.uid) : user.uid,
    configDir: join(places.agent, CONFIG_FOLDER),
    shellPrefix: join(places.agent, SHELL_PREFIX_FILE),
  });
  return {
    labels: { namespace: request.namespace, repository: request.folders.key, run, ...ref },
    workdir: repository.top,
    environment: {
      ...places.environment,
      ...agent.environment,
      // Without them a commit fails: “Author identity unknown” (facts/claude-code.md 10).
      GIT_AUTHOR_NAME: identity.name,
      GIT_AUTHOR_EMAIL: identity.email,
      GIT_COMMITTER_NAME: identity.name,
      GIT_COMMITTER_EMAIL: identity.email,
    },
    secrets: agent.secrets,
    mounts: places.mounts,
    volumes: places.volumes,
    user,
    limits: { memoryBytes: options.memoryBytes, cpus: options.cpus, pids: options.pids },
    network: options.network,
    image: options.image,
  };
}
