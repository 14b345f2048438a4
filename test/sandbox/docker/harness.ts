// A real Docker engine for the tests of this folder: the image that scripts/test-host made, and labels of their own.
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttemptSpec, type SandboxId, type SandboxProvider, sandboxName } from '../../../src/core/sandbox.ts';
import { resolveEndpoint } from '../../../src/sandbox/docker/endpoint.ts';
import { createEngine, type Engine } from '../../../src/sandbox/docker/engine.ts';
import { createDockerProvider } from '../../../src/sandbox/docker/provider.ts';
import type { SandboxHarness } from '../conformance.ts';

export const TEST_IMAGE = process.env.RALPH_TEST_IMAGE ?? 'ralph-tui/test-sandbox';

export const NEVER = new AbortController().signal;

/** As root, sandboxes run as somebody else: the usual case. */
export function testUser(): { uid: number; gid: number } {
  const [uid, gid] = [process.getuid?.() ?? 1000, process.getgid?.() ?? 1000];
  return uid === 0 ? { uid: 1000, gid: 1000 } : { uid, gid };
}

export async function testEngine(): Promise<Engine> {
  return createEngine(await resolveEndpoint({ environment: process.env, homeFolder: homedir() }));
}

export const BASE: SandboxHarness['base'] = {
  environment: {},
  user: testUser(),
  limits: { memoryBytes: 512 * 1024 * 1024, cpus: 2, pids: 200 },
  network: { kind: 'none' },
  image: TEST_IMAGE,
  volumes: [],
};

export async function dockerHarness(): Promise<SandboxHarness> {
  const engine = await testEngine();
  return {
    provider: createDockerProvider(engine),
    reopen: () => createDockerProvider(createEngine(engine.endpoint)),
    base: BASE,
    // The engine's json-file log keeps JSON strings.
    textOnly: true,
    close: async () => {},
  };
}

/** One test file's sandboxes: started in a folder of their own, and gone at the end. */
export interface Laboratory {
  readonly engine: Engine;
  readonly provider: SandboxProvider;
  readonly folder: string;
  readonly namespace: string;
  spec(changes: Partial<AttemptSpec>): AttemptSpec;
  start(changes: Partial<AttemptSpec>): Promise<SandboxId>;
  close(): Promise<void>;
}

export async function openLaboratory(): Promise<Laboratory> {
  const engine = await testEngine();
  const provider = createDockerProvider(engine);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ralph-tui-docker-')));
  if (process.getuid?.() === 0) await chown(folder, BASE.user.uid, BASE.user.gid);
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const run = `t${randomBytes(4).toString('hex')}`;
  let iteration = 0;
  const spec = (changes: Partial<AttemptSpec>): AttemptSpec => {
    iteration += 1;
    return {
      ...BASE,
      name: sandboxName(run, iteration, 1),
      labels: { namespace, repository: 'laboratory', run, iteration, attempt: 1 },
      workdir: folder,
      argv: ['sleep', '300'],
      stdinPath: null,
      secrets: {},
      mounts: [{ source: folder, target: folder, readonly: false }],
      ...changes,
    };
  };
  return {
    engine,
    provider,
    folder,
    namespace,
    spec,
    start: (changes) => provider.start(spec(changes)),
    async close() {
      for (const { id } of await provider.find({ namespace })) await provider.remove(id);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
