// What reaches the agent: the mode's prompt, the work of plan-work, the repository's own prompt, and AGENTS.md.
import { expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { planWriter } from '../harness/messages-api/plan-writer.ts';
import { realClaude } from '../harness/real-claude.ts';
import { commitsOf, planOf } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, OWN_USER, openScene, type Scene } from './scene.ts';

/** What was typed once holds for what follows. */
const TYPED = IN_DOCKER.join(' ');
const TASKS = ['Draw the form', 'Check the password'];

requires('docker', 'image')('planning', () => {
  it('ends when an iteration leaves the plan as it is, and names the next command', async () => {
    const scene = await openScene({ repository: { plan: undefined }, scenario: () => planWriter({ tasks: TASKS }) });
    const { exitCode, stdout } = await scene.type(['plan', '--headless', ...IN_DOCKER]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`next: ralph-tui build ${TYPED}\n`);
    expect(await scene.status()).toMatchObject({
      mode: 'plan',
      exitReason: 'done',
      iteration: 2,
      tasks: { remaining: 2, completed: 0 },
      nextCommand: `ralph-tui build ${TYPED}`,
    });
    expect(await planOf(scene.repository.path)).toMatchObject({ open: TASKS });
    expect((await commitsOf(scene.repository.path)).map(({ subject }) => subject)).toEqual(['Start', 'Plan the work']);
    expect(scene.api.requests[0]?.opening).toContain('one iteration of a planning loop');
  });

  it('plans one piece of work on its branch', async () => {
    const scene = await openScene({ repository: { branch: 'login' }, scenario: () => planWriter({ tasks: TASKS }) });
    const work = 'a login page, $1 & "quoted"';
    const { exitCode } = await scene.type(['plan-work', work, '--headless', ...IN_DOCKER]);
    expect(exitCode).toBe(0);
    const prompt = scene.api.requests[0]?.opening ?? '';
    expect(prompt).toContain(`The work: "${work}"`);
    expect(prompt).not.toContain('WORK_SCOPE');
    expect(await scene.status()).toMatchObject({
      mode: 'plan-work',
      work,
      maxIterations: 5,
      exitReason: 'done',
      nextCommand: `ralph-tui build 20 ${TYPED}`,
    });
    expect(await scene.log('loop-main.log')).toContain(`Work:   ${work}`);
  });
});

requires('docker', 'image')("a repository's own prompt", () => {
  it('wins over ours', async () => {
    const files = { 'PROMPT_build.md': 'Our house rules: do the plan.\n', 'PROMPT.md': 'For everything else.\n' };
    const scene = await openScene({ repository: { plan: ['Only task'], files } });
    expect((await scene.type(['build', '--headless', ...IN_DOCKER])).exitCode).toBe(0);
    expect(scene.api.requests[0]?.opening).toContain('Our house rules: do the plan.');
    expect(await scene.log('loop-main.log')).toContain('Prompt: PROMPT_build.md');
  });
});

const RULE = 'Run make check before every commit.';
const CLAUDE_RULE = 'Answer in few words.';

/** How often the first request of the first session holds the text. */
function countInFirstRequest(scene: Scene, text: string): number {
  const first = scene.api.requests.find(({ session, turn }) => session === 1 && turn === 1);
  return (first?.opening ?? '').split(text).length - 1;
}

const FILES = [
  { name: 'alone', files: { 'AGENTS.md': `${RULE}\n` }, claudeRules: 0 },
  { name: 'beside CLAUDE.md', files: { 'AGENTS.md': `${RULE}\n`, 'CLAUDE.md': `${CLAUDE_RULE}\n` }, claudeRules: 1 },
  {
    name: 'imported by CLAUDE.md',
    files: { 'AGENTS.md': `${RULE}\n`, 'CLAUDE.md': `@AGENTS.md\n${CLAUDE_RULE}\n` },
    claudeRules: 1,
  },
] as const;

requires('docker', 'image')('AGENTS.md and the current CLI', () => {
  it.each(FILES)('$name, is read once', async ({ files, claudeRules }) => {
    const scene = await openScene({ repository: { plan: ['Only task'], files }, scenario: () => planWorker() });
    expect((await scene.type(['build', '--headless', ...IN_DOCKER])).exitCode).toBe(0);
    expect(countInFirstRequest(scene, RULE)).toBe(1);
    expect(countInFirstRequest(scene, CLAUDE_RULE)).toBe(claudeRules);
  });
});

requires('docker', 'claude-old')('AGENTS.md and an older CLI, on the host', () => {
  it.each(FILES)('$name, is read once', async ({ files, claudeRules }) => {
    const repository = {
      plan: ['Only task'],
      files,
      owner: OWN_USER,
    };
    const scene = await openScene({ repository });
    const agent = ['--sandbox', 'host', '--agent', realClaude('old') ?? ''];
    const { exitCode, stdout, stderr } = await scene.type(['build', '--headless', ...agent]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect((await scene.receipts()).receipts).toMatchObject([{ agentVersion: '2.1.197' }]);
    expect(countInFirstRequest(scene, RULE)).toBe(1);
    expect(countInFirstRequest(scene, CLAUDE_RULE)).toBe(claudeRules);
  });
});
