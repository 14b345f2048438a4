// The scripted agent's other half is the real CLI: what it says must be what the CLI does.
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { isolatedEnvironment } from '../environment.ts';
import { removeContainersOf } from '../leftovers.ts';
import { type ClaudeVersion, runClaude } from '../real-claude.ts';
import { commitsOf, makeRepository, planOf } from '../repository.ts';
import { requires, TEST_IMAGE } from '../requires.ts';
import { makeTemporaryFolder, temporaryFolder } from '../temporary.ts';
import { dockerBridgeAddress } from './bridge-address.ts';
import { COMPLETE, planWorker } from './plan-worker.ts';
import { startMessagesApi } from './server.ts';

interface ResultLine {
  readonly type: string;
  readonly is_error: boolean;
  readonly result: string;
}

function lastResult(stdout: string): ResultLine | undefined {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ResultLine);
  return lines.findLast((line) => line.type === 'result');
}

async function threeTasks(version: ClaudeVersion): Promise<void> {
  const folder = await temporaryFolder();
  const env = await isolatedEnvironment(folder);
  const plan = ['Write the parser', 'It\'s "quoted" & has a / in it', 'Take a second'];
  const files = { 'AGENTS.md': 'Run make before you commit.\n' };
  const { path } = await makeRepository(folder, { plan, files });
  await using api = await startMessagesApi({
    scenario: { runs: [planWorker(), planWorker(), planWorker({ seconds: 1 })] },
  });
  const session = () => runClaude({ cwd: path, prompt: 'Work on the plan.', apiUrl: api.url, env, version });

  for (const task of plan) {
    const { exitCode, stdout } = await session();
    expect(lastResult(stdout)).toMatchObject({ is_error: false, result: `Done: ${task}` });
    expect(exitCode).toBe(0);
  }
  expect(await planOf(path)).toMatchObject({ open: [], done: plan });
  expect((await commitsOf(path)).map((commit) => commit.subject)).toEqual(['Start', ...plan]);

  const { stdout } = await session();
  expect(lastResult(stdout)?.result).toContain(COMPLETE);
  expect(api.requests.map((request) => request.session)).toEqual([
    ...[1, 1, 1, 1, 1],
    ...[2, 2, 2, 2, 2],
    ...[3, 3, 3, 3, 3, 3],
    ...[4, 4],
  ]);
  expect(api.requests[0]).toMatchObject({ cwd: path, firstPrompt: 'Work on the plan.', auth: 'api-key' });
  // Only newer versions load AGENTS.md by themselves.
  expect(api.requests[0]?.opening.includes('Run make')).toBe(version === 'current');
  expect(api.failures).toEqual([]);
}

requires('claude')('planWorker and Claude Code', () => {
  it('do three tasks in three sessions', () => threeTasks('current'), 60_000);
});

requires('claude-old')('planWorker and an older Claude Code', () => {
  it('do three tasks in three sessions', () => threeTasks('old'), 60_000);
});

requires('docker', 'image')('planWorker and Claude Code in a container', () => {
  // Nothing of the program is in here: this is what its own sandbox is held against.
  async function runInContainer(victim: 'tool' | 'agent') {
    const folder = await makeTemporaryFolder();
    onTestFinished(async () => {
      await removeContainersOf(folder.path);
      await folder[Symbol.asyncDispose]();
    });
    const { path } = await makeRepository(folder.path, { plan: ['Eat'], owner: { uid: 1000, gid: 1000 } });
    await using api = await startMessagesApi({
      host: await dockerBridgeAddress(),
      scenario: planWorker({ hog: { victim, bytes: 2 * 1024 ** 3 } }),
    });
    const environment = {
      HOME: '/tmp',
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'made-up',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      GIT_AUTHOR_NAME: 'Agent',
      GIT_AUTHOR_EMAIL: 'agent@example.invalid',
      GIT_COMMITTER_NAME: 'Agent',
      GIT_COMMITTER_EMAIL: 'agent@example.invalid',
    };
    const name = `rt-harness-${victim}-${process.pid}`;
    const claude = ['claude', '-p', '--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'];
    const { exitCode, stdout } = await execa(
      'docker',
      [
        ...['run', '--interactive', '--name', name, '--init', '--user', '1000:1000', '--cap-drop', 'ALL'],
        ...['--security-opt', 'no-new-privileges', '--memory', '512m', '--memory-swap', '512m'],
        ...['--volume', `${path}:${path}`, '--workdir', path],
        ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
        ...[TEST_IMAGE, ...claude],
      ],
      { input: 'Work on the plan.', reject: false, timeout: 60_000 },
    );
    const { stdout: oomKilled } = await execa('docker', ['inspect', '--format', '{{.State.OOMKilled}}', name]);
    return { exitCode, stdout, oomKilled, plan: await planOf(path) };
  }

  it('carries on when a tool is killed for its memory', async () => {
    const { exitCode, stdout, plan } = await runInContainer('tool');
    expect(exitCode).toBe(0);
    expect(lastResult(stdout)?.result).toBe('Done: Eat');
    expect(plan.done).toEqual(['Eat']);
  }, 60_000);

  it('ends with 137 when the agent itself is killed', async () => {
    const { exitCode, stdout, oomKilled, plan } = await runInContainer('agent');
    expect(exitCode).toBe(137);
    expect(oomKilled).toBe('true');
    expect(lastResult(stdout)).toBeUndefined();
    expect(plan.open).toEqual(['Eat']);
  }, 60_000);
});
