// A place to run whole loops in: a real repository, state folders of its own, sandboxes that are scripted.
import { readFile } from 'node:fs/promises';
import { sendCommand } from '../../src/control/client.ts';
import type { Response } from '../../src/control/protocol.ts';
import type { Event } from '../../src/core/events.ts';
import type { RunOptions } from '../../src/core/options.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/core/policy.ts';
import type { RunCommand } from '../../src/core/run-command.ts';
import { replay } from '../../src/core/state/apply.ts';
import type { RunState } from '../../src/core/state/run-state.ts';
import {
  type AttemptFiles,
  attemptFiles,
  type RepositoryFolders,
  repositoryFolders,
  repositoryKey,
  runFiles,
  stateRoot,
} from '../../src/journal/folders.ts';
import { lockHolder } from '../../src/journal/lock.ts';
import { readJournal } from '../../src/journal/read.ts';
import { type SupervisePorts, type Supervision, supervise } from '../../src/supervisor/supervise.ts';
import { locateRepository, type Repository } from '../../src/workspace/locate.ts';
import { OPTIONS } from '../core/story.ts';
import { isolatedEnvironment } from '../harness/environment.ts';
import { makeRepository, type RepositoryOptions, type Repository as ScratchRepository } from '../harness/repository.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';
import { FakeProvider, type Script } from './fake-provider.ts';
import { planWorker } from './scripts.ts';

export const RUN = '20261121-100000-abc';
export const NAMESPACE = 'test';

/** Waits of hours and seconds become moments. */
export const QUICK: Policy = {
  ...DEFAULT_POLICY,
  stopGraceMs: 50,
  afterOomMs: 10,
  afterResetMs: 10,
  unknownResetMs: [10],
  transientBackoffMs: [10],
  engineRetryMs: 10,
  engineAwayMs: 100,
  lastOutputMs: 1_000,
  spaceRetryMs: 10,
};

export interface World {
  readonly folder: string;
  readonly scratch: ScratchRepository;
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
  readonly environment: Record<string, string>;
  readonly provider: FakeProvider;
  /** Lines of loop-main.log, of all supervisors. */
  readonly lines: string[];
}

export interface WorldOptions extends RepositoryOptions {
  readonly script?: Script;
  /** A temporary folder of the caller's; the test's own where nothing is said. */
  readonly folder?: string;
}

/** Inside a test; gone with it. Without a script the agent ticks a task and commits. */
export async function makeWorld({ script, folder: given, ...options }: WorldOptions = {}): Promise<World> {
  const folder = given ?? (await temporaryFolder());
  const scratch = await makeRepository(folder, { plan: ['one', 'two', 'three'], ...options });
  const repository = await locateRepository(scratch.path);
  const environment = await isolatedEnvironment(folder);
  const folders = repositoryFolders(stateRoot(environment, folder), repositoryKey(repository.top));
  const provider = new FakeProvider(script ?? planWorker(scratch));
  return { folder, scratch, repository, folders, environment, provider, lines: [] };
}

export interface Start {
  readonly options?: Partial<RunOptions>;
  readonly headless?: boolean;
  readonly notify?: string;
  readonly policy?: Partial<Policy>;
  readonly onEvent?: SupervisePorts['onEvent'];
  readonly environment?: Record<string, string | undefined>;
}

export function beginRun(world: World, start: Start = {}): Promise<Supervision> {
  const options = { ...OPTIONS, ...start.options };
  return superviseIn(
    world,
    { options, typed: [], versions: {}, headless: start.headless ?? false, notify: start.notify ?? null },
    start,
  );
}

/** A supervisor that takes the run up where the journal ends. */
export function takeUpRun(world: World, start: Start = {}): Promise<Supervision> {
  return superviseIn(world, null, start);
}

function superviseIn(
  world: World,
  begin: Parameters<typeof supervise>[0]['begin'],
  { policy, onEvent, environment }: Start,
): Promise<Supervision> {
  const { repository, folders, provider, lines } = world;
  return supervise(
    {
      repository,
      folders,
      namespace: NAMESPACE,
      run: RUN,
      begin,
      environment: { ...world.environment, ...environment },
      policy: { ...QUICK, ...policy },
      onLine: (line) => lines.push(line),
    },
    { openSandbox: async () => ({ provider, engine: null }), ...(onEvent && { onEvent }) },
  );
}

export async function eventsOf({ folders }: World): Promise<Event[]> {
  return [...(await readJournal<Event>(runFiles(folders, RUN).journal)).events];
}

export async function typesOf(world: World): Promise<string[]> {
  return (await eventsOf(world)).map(({ type }) => type);
}

export async function stateIn(world: World): Promise<RunState> {
  return replay(await eventsOf(world));
}

/** Waits until the journal tells of such a state. */
export async function untilState(world: World, what: string, holds: (state: RunState) => boolean): Promise<RunState> {
  return waitFor(async () => [await stateIn(world)].find(holds), {
    what,
    intervalMs: 10,
    detail: () => world.lines.join('\n'),
  });
}

/** Whether the sandbox of that attempt is there, and its end is not known yet. */
export function isRunning(iteration: number, attempt: number): (state: RunState) => boolean {
  return ({ current }) =>
    current?.iteration === iteration &&
    current.attempt === attempt &&
    current.sandboxId !== null &&
    current.exit === null;
}

/** Says a command as another shell would. */
export async function command({ folders }: World, asked: RunCommand): Promise<Response> {
  const holder = await lockHolder(folders.lock);
  return sendCommand(holder?.socketPath ?? '', asked);
}

/** The files of an attempt of the run. */
export function filesOf({ folders }: World, iteration: number, attempt: number): AttemptFiles {
  return attemptFiles(runFiles(folders, RUN).folder, { iteration, attempt });
}

export async function untilText(path: string, text: string): Promise<void> {
  await waitFor(async () => (await readFile(path, 'utf8')) === text, {
    what: `the whole text in ${path}`,
    intervalMs: 10,
  });
}

/** Waits for a line of loop-main.log that holds this. */
export async function untilLine({ lines }: World, part: string): Promise<void> {
  await waitFor(() => lines.some((line) => line.includes(part)), { what: `a line with "${part}"`, intervalMs: 10 });
}

/** How the attempts ended, in order. */
export async function outcomesIn(world: World): Promise<string[]> {
  return (await stateIn(world)).receipts.map(({ outcome }) => outcome.kind);
}
