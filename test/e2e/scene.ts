// A story's scene: a scratch repository, the stand-in API that the agent talks to, and a person who types commands.
// What the program has started there (supervisors, containers, volumes) is gone when the scene is disposed of.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { Policy } from '../../src/core/policy.ts';
import { repositoryKey } from '../../src/journal/folders.ts';
import type { ReceiptsJson } from '../../src/report/receipts.ts';
import type { StatusReport } from '../../src/report/status.ts';
import { POLICY_VARIABLE } from '../../src/supervisor/policy.ts';
import { type IsolatedEnvironment, isolatedEnvironment } from '../harness/environment.ts';
import { endProcessesIn, removeContainersOf } from '../harness/leftovers.ts';
import { dockerBridgeAddress } from '../harness/messages-api/bridge-address.ts';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import type { Scenario } from '../harness/messages-api/scenario.ts';
import { type MessagesApi, startMessagesApi } from '../harness/messages-api/server.ts';
import { type ProgramOptions, type ProgramResult, ralph } from '../harness/process.ts';
import { makeRepository, type Repository, type RepositoryOptions } from '../harness/repository.ts';
import { TEST_IMAGE } from '../harness/requires.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

/** The usual case where root runs the tests: the repository belongs to somebody else. */
export const ORDINARY_USER = { uid: 1000, gid: 1000 } as const;

/** Whoever runs the tests: for people who type git commands in what is theirs, and for agents on the host. */
export const OWN_USER = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Options of a run in Docker: the tests' image, and a limit that leaves room for two at a time. */
export const IN_DOCKER = ['--image', TEST_IMAGE, '--memory', '1g'] as const;

/** Waits of seconds and minutes become moments; what is not named here is as everywhere. */
const QUICK: Partial<Policy> = { stopGraceMs: 3_000, afterOomMs: 200, engineRetryMs: 200, transientBackoffMs: [200] };

const FINISH_DEADLINE_MS = 90_000;
const STEP_DEADLINE_MS = 45_000;

/** Path of a file that a session can wait for (`untilFile`), and that `Scene.open` makes. */
export type Gate = (name: string) => string;

export interface SceneOptions {
  /** One task and an ordinary owner where nothing else is said. */
  readonly repository?: RepositoryOptions;
  /** What the agent does: the plan's tasks, one a session, where nothing is said. */
  readonly scenario?: (gate: Gate) => Scenario;
  readonly policy?: Partial<Policy>;
  /** More variables of the person. */
  readonly env?: Readonly<Record<string, string>>;
}

export class Scene implements AsyncDisposable {
  readonly env: IsolatedEnvironment;
  readonly repository: Repository;
  readonly api: MessagesApi;
  readonly #folder: TemporaryFolder;

  private constructor(folder: TemporaryFolder, env: IsolatedEnvironment, repository: Repository, api: MessagesApi) {
    this.#folder = folder;
    this.env = env;
    this.repository = repository;
    this.api = api;
  }

  /** For `await using`, or for hooks: whoever opens it disposes of it. */
  static async open({ repository: given = {}, scenario = () => planWorker(), policy, env }: SceneOptions = {}) {
    const folder = await makeTemporaryFolder();
    // The containers' way to this machine; its own processes reach it there, too.
    const api = await startMessagesApi({ host: await dockerBridgeAddress() });
    const repository = await makeRepository(folder.path, { plan: ['Only task'], ...owner(), ...given });
    api.play(scenario((name) => gatePath(repository, name)));
    const person = await isolatedEnvironment(folder.path, {
      ANTHROPIC_BASE_URL: api.url,
      [POLICY_VARIABLE]: JSON.stringify({ ...QUICK, ...policy }),
      ...env,
    });
    return new Scene(folder, person, repository, api);
  }

  /** The same person in another repository, with the same agent. */
  async beside(options: RepositoryOptions & { readonly name: string }): Promise<Scene> {
    return new Scene(this.#folder, this.env, await makeRepository(this.folder, { ...owner(), ...options }), this.api);
  }

  get folder(): string {
    return this.#folder.path;
  }

  /** Where the program keeps everything about this repository. */
  get stateFolder(): string {
    return join(this.env.XDG_STATE_HOME, 'ralph-tui', this.#key);
  }

  /** Types a command in the repository. */
  type(args: readonly string[], options: Partial<ProgramOptions> = {}): Promise<ProgramResult> {
    return ralph(args, { cwd: this.repository.path, env: this.env, timeoutMs: FINISH_DEADLINE_MS, ...options });
  }

  /** Types a command that has to succeed; resolves with what it printed on stdout. */
  async run(...args: string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.type(args);
    if (exitCode !== 0) throw new Error(`ralph-tui ${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`);
    return stdout;
  }

  async status(): Promise<StatusReport> {
    return JSON.parse(await this.run('status', '--json')) as StatusReport;
  }

  async receipts(): Promise<ReceiptsJson> {
    return JSON.parse(await this.run('receipts', '--json')) as ReceiptsJson;
  }

  /** Resolves with the first status that fits. */
  async statusWhere(
    what: string,
    fits: (status: StatusReport) => boolean,
    timeoutMs = STEP_DEADLINE_MS,
  ): Promise<StatusReport> {
    const look = async () => {
      const status = await this.status();
      return fits(status) && status;
    };
    return waitFor(look, { what, timeoutMs, intervalMs: 100, detail: () => this.story() });
  }

  /** Resolves when this attempt waits at a gate. */
  atGate(iteration: number, attempt = 1): Promise<StatusReport> {
    return this.statusWhere(
      `attempt ${iteration}.${attempt} to wait at a gate`,
      (status) =>
        status.iteration === iteration && status.attempt === attempt && /gate-/.test(status.tool?.summary ?? ''),
    );
  }

  paused(): Promise<StatusReport> {
    return this.statusWhere('the run to pause', (status) => status.phase === 'paused');
  }

  finished(): Promise<StatusReport> {
    return this.statusWhere('the run to finish', (status) => status.phase === 'finished', FINISH_DEADLINE_MS);
  }

  /** Lets sessions go on that wait at a gate. */
  async openGate(name: string): Promise<void> {
    await writeFile(gatePath(this.repository, name), '');
  }

  /** A file of the newest run, through the link that people use. */
  log(name: string): Promise<string> {
    return readFile(join(this.repository.path, '.loop-logs', name), 'utf8');
  }

  /** Types into a shell, as the loop guide tells people to; resolves with stdout without its last line end. */
  async shell(command: string): Promise<string> {
    const options = { cwd: this.repository.path, env: this.env, extendEnv: false, reject: false } as const;
    return (await execa('bash', ['-c', command], options)).stdout;
  }

  /** Names of the containers of this repository's attempts, ended ones too. */
  async containers(): Promise<string[]> {
    return docker('ps', '--all', '--filter', `label=ralph-tui.repository=${this.#key}`, '--format', '{{.Names}}');
  }

  /** How things stand, for the message of a test that fails. */
  async story(): Promise<string> {
    const log = await this.log('loop-main.log').catch(() => '(none)\n');
    const diagnostics = await this.log('supervisor.log').catch(() => '(none)\n');
    return `loop-main.log:\n${log}supervisor.log:\n${diagnostics}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { path } = this.#folder;
    await endProcessesIn(path);
    await removeContainersOf(path);
    for (const key of await readdir(join(this.env.XDG_STATE_HOME, 'ralph-tui')).catch(() => [])) await removeCache(key);
    await this.api.close();
    await this.#folder[Symbol.asyncDispose]();
  }

  get #key(): string {
    return repositoryKey(this.repository.path);
  }
}

/** Inside a test: a scene that lives as long as the test. */
export async function openScene(options?: SceneOptions): Promise<Scene> {
  const scene = await Scene.open(options);
  onTestFinished(() => scene[Symbol.asyncDispose]());
  return scene;
}

function owner(): Pick<RepositoryOptions, 'owner'> {
  return process.getuid?.() === 0 ? { owner: ORDINARY_USER } : {};
}

/** The cache volume of a repository, and what a crash has left of the container that sets it up. */
async function removeCache(key: string): Promise<void> {
  const label = ['--filter', `label=ralph-tui.cache=${key}`];
  const helpers = await docker('ps', '--all', '--quiet', ...label);
  if (helpers.length > 0) await docker('rm', '--force', ...helpers);
  const volumes = await docker('volume', 'ls', '--quiet', ...label);
  if (volumes.length > 0) await docker('volume', 'rm', '--force', ...volumes);
}

/** In the git directory, where no status shows it, and which every sandbox has at the same path. */
function gatePath(repository: Repository, name: string): string {
  return join(repository.commonDir, `gate-${name}`);
}

/** Lines of the command's stdout. */
export async function docker(...args: string[]): Promise<string[]> {
  const { stdout } = await execa('docker', args, { timeout: 60_000 });
  return stdout.split('\n').filter(Boolean);
}
