// Everything that must hold before a run starts, asked in the order in which a person would mend it.
import { refuseArguments } from '../../agent/start/command.ts';
import { DEFAULT_PLAN_FILE } from '../../config/option-table.ts';
import { EXIT_CODES } from '../../core/exit-code.ts';
import { buildImageCommand } from '../../core/image-command.ts';
import type { RunOptions } from '../../core/options.ts';
import { SandboxError } from '../../core/sandbox.ts';
import { isTrunk } from '../../core/trunk.ts';
import type { RepositoryFolders } from '../../journal/folders.ts';
import { makeRepositoryFolders } from '../../journal/make-folders.ts';
import { resolveEndpoint } from '../../sandbox/docker/endpoint.ts';
import { createEngine, type Engine } from '../../sandbox/docker/engine.ts';
import { type EngineInfo, engineInfo, imageExists } from '../../sandbox/docker/engine-info.ts';
import { loadLogin } from '../../supervisor/agent-login.ts';
import { findPrompt, PromptError } from '../../supervisor/attempt/prompt.ts';
import { homeFolder } from '../../system/home-folder.ts';
import { changedAgainstHead } from '../../workspace/git/changes.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { readHead } from '../../workspace/head.ts';
import type { Repository } from '../../workspace/locate.ts';
import { readPlan } from '../../workspace/read-plan.ts';
import { startWarnings } from './start-warnings.ts';

/** A start that is refused: one line that says what is wrong and what to do. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';
  readonly code = 'refused';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_CODES.usage, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export interface PreflightRequest {
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
  readonly options: RunOptions;
  readonly environment: NodeJS.ProcessEnv;
}

export interface PreflightResult {
  /** As they will be used: CPUs that the engine does not have are left out. */
  readonly options: RunOptions;
  /** Lines for people that stop nothing. */
  readonly warnings: readonly string[];
  /** What only the person can decide, before anything starts; each has to be answered with yes. */
  readonly questions: readonly string[];
}

/**
 * @param engine null on the host
 * @throws PreflightError, the first of the problems; FolderError where nothing of a run could be kept
 */
export async function preflight(request: PreflightRequest, engine: EngineInfo | null): Promise<PreflightResult> {
  const { repository, options } = request;
  const [problem] = await preflightProblems(request, engine);
  if (problem !== undefined) throw problem;
  await makeRepositoryFolders(request.folders);
  const head = await readHead(repository);
  return {
    options: engine === null ? options : { ...options, cpus: Math.min(options.cpus, engine.cpus) },
    warnings: await startWarnings(request),
    questions: options.mode === 'plan-work' ? await askBeforeOverwriting(request, head.ok ? head.sha : null) : [],
  };
}

/**
 * Everything that stands against a start, in the order in which a person would mend it.
 * @param engine null on the host, and where it does not answer: then nobody can say whether the image is there
 */
export async function preflightProblems(
  { repository, options, environment }: PreflightRequest,
  engine: EngineInfo | null,
): Promise<PreflightError[]> {
  const checks = [
    async () => refuseBadArguments(options),
    async () => refuseHome(repository, environment),
    async () => requireHead(repository, options),
    async () => requirePrompt(repository, options),
    async () => requireReadablePlan(repository, options),
    async () => requireLogin(options, environment),
    async () => (engine === null ? undefined : requireImage(options, environment)),
  ];
  const answers = await Promise.all(checks.map((check) => check().then(() => null, problemOf)));
  return answers.filter((problem) => problem !== null);
}

function problemOf(error: unknown): PreflightError {
  if (error instanceof PreflightError) return error;
  throw error;
}

function refuseBadArguments({ agentArguments }: RunOptions): void {
  const refused = refuseArguments(agentArguments);
  if (refused !== null) throw new PreflightError(refused);
}

async function requireHead(repository: Repository, { mode }: RunOptions): Promise<void> {
  const head = await readHead(repository);
  if (!head.ok) throw new PreflightError(`${repository.top}: ${head.why}`);
  if (mode === 'plan-work') requireWorkBranch(head.branch);
}

async function requireReadablePlan({ top }: Repository, { planFile, mode }: RunOptions): Promise<void> {
  const plan = await readPlan(top, planFile);
  if (plan.problem !== null && plan.hash === null) throw new PreflightError(plan.problem);
  // Without any plan an agent may work by its prompt alone; one that somebody names and that is not there is a mistake.
  if (mode === 'build' && planFile !== DEFAULT_PLAN_FILE && plan.snapshot === null)
    throw new PreflightError(`there is no ${planFile}; name the plan that there is, or make it with: ralph-tui plan`);
}

/**
 * What the engine has, for the memory limit's default; null on the host.
 * @throws PreflightError with exit code 7 when it does not answer
 */
export async function findEngine(
  sandbox: RunOptions['sandbox'],
  environment: NodeJS.ProcessEnv,
): Promise<EngineInfo | null> {
  if (sandbox === 'host') return null;
  return asking(async () => engineInfo(await openEngine(environment)));
}

async function openEngine(environment: NodeJS.ProcessEnv): Promise<Engine> {
  return createEngine(await resolveEndpoint({ environment, homeFolder: homeFolder(environment) }));
}

async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SandboxError)
      throw new PreflightError(error.message, EXIT_CODES.environment, { cause: error });
    throw error;
  }
}

/** Mounting it would hand over every key and every other project. */
function refuseHome({ top }: Repository, environment: NodeJS.ProcessEnv): void {
  if (top !== homeFolder(environment)) return;
  throw new PreflightError(`the repository ${top} is your home folder; run this in a repository of the project's own`);
}

function requireWorkBranch(branch: string | null): void {
  if (branch === null)
    throw new PreflightError('plan-work needs a branch; make one with: git checkout -b ralph/your-work');
  if (isTrunk(branch)) {
    throw new PreflightError(
      `plan-work does not run on ${branch}; make a work branch first: git checkout -b ralph/your-work`,
    );
  }
}

async function requirePrompt(repository: Repository, options: RunOptions): Promise<void> {
  try {
    await findPrompt(repository.top, options);
  } catch (error) {
    if (error instanceof PromptError) throw new PreflightError(error.message, EXIT_CODES.usage, { cause: error });
    throw error;
  }
}

async function requireLogin(options: RunOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  const login = await loadLogin(options, environment);
  if (login.present) return;
  throw new PreflightError(
    'the agent has no login: run ralph-tui login, or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN',
    EXIT_CODES.needsPerson,
  );
}

async function requireImage({ image }: RunOptions, environment: NodeJS.ProcessEnv): Promise<void> {
  const facts = await asking(async () => imageExists(await openEngine(environment), image));
  if (facts === null) {
    throw new PreflightError(
      `the sandbox image ${image} is missing; build it with: ${buildImageCommand(image)}`,
      EXIT_CODES.environment,
    );
  }
}

async function askBeforeOverwriting(
  { repository, folders, options, environment }: PreflightRequest,
  head: string | null,
): Promise<string[]> {
  const shadow = await openShadow(repository, folders.shadowGit, environment.PATH);
  const changed = await changedAgainstHead(shadow, head, options.planFile).catch(() => 'unknown' as const);
  if (changed === false) return [];
  const plan = await readPlan(repository.top, options.planFile);
  if (plan.snapshot === null) return [];
  const what = changed === 'unknown' ? 'may have' : 'has';
  return [`${options.planFile} ${what} uncommitted changes that planning will overwrite. Go on?`];
}
