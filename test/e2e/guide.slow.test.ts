// The commands of the loop guide that people have in their fingers: they give sensible answers on our files.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planWorker } from '../harness/messages-api/plan-worker.ts';
import { requires } from '../harness/requires.ts';
import { IN_DOCKER, OWN_USER, Scene } from './scene.ts';

const TASKS = ['Write the parser', 'Write the printer', 'Join them'];

const TEXTS = `jq -r 'select(.type == "assistant") | .message.content[]? | select(.type == "text") | .text'`;
const COMMANDS = `jq -r 'select(.type == "assistant") | .message.content[]? | select(.type == "tool_use") | select(.name == "Bash") | .input.command'`;
const REMAINING = String.raw`grep -cE '^\s*-\s*\[ \]' IMPLEMENTATION_PLAN.md`;
const COMPLETED = String.raw`grep -cE '^\s*-\s*\[x\]' IMPLEMENTATION_PLAN.md`;

requires('docker', 'image')("the loop guide's commands", () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open({
      // People type git commands in what is theirs.
      repository: { plan: TASKS, owner: OWN_USER },
      scenario: (gate) => ({ runs: [planWorker(), planWorker({ untilFile: gate('two') }), planWorker()] }),
      policy: { reportEveryMs: 500 },
    });
    await scene.run('build', ...IN_DOCKER);
    await scene.atGate(2);
  }, 90_000);

  afterAll(() => scene?.[Symbol.asyncDispose]());

  it('while the loop runs: processes and containers', async () => {
    const container = `sandbox-loop-${(await scene.status()).run}-2-1`;
    expect(await scene.shell('ps aux | grep "claude -p" | grep -v grep')).toMatch(
      /claude -p --output-format stream-json/,
    );
    expect(await scene.shell('docker ps --filter "name=sandbox-loop"')).toContain(container);
    // The guide's own `docker stats --filter` is no option of docker's; what it means is this.
    const format = '{{.Name}}: MEM={{.MemUsage}} CPU={{.CPUPerc}} PIDs={{.PIDs}}';
    const ids = '$(docker ps -q --filter "name=sandbox-loop")';
    const stats = await scene.shell(`docker stats ${ids} --no-stream --format "${format}"`);
    expect(stats).toMatch(new RegExp(`^${container}: MEM=[\\d.]+MiB / 1GiB CPU=[\\d.]+% PIDs=[1-9]\\d*$`, 'm'));
  });

  it('while the loop runs: progress, and what the agent said last', async () => {
    expect(await scene.shell('git log --oneline -5')).toMatch(/^[0-9a-f]{7} Write the parser\n[0-9a-f]{7} Start$/);
    expect([await scene.shell(REMAINING), await scene.shell(COMPLETED)]).toEqual(['2', '1']);
    const recent = await scene.shell(
      `cat .loop-logs/iteration-*.log.raw 2>/dev/null | ${TEXTS} 2>/dev/null | tail -20`,
    );
    expect(recent.split('\n').slice(-3)).toEqual([
      'I look at the plan.',
      'I work on: Write the printer',
      'This waits.',
    ]);
    expect(await scene.shell(`${COMMANDS} .loop-logs/iteration-2.log.raw | tail -1`)).toMatch(/until test -e/);
    expect(await scene.shell('stat .loop-logs/iteration-*.log.raw | grep Modify')).toMatch(/^Modify: .+\nModify: .+$/);
  });

  it('while the loop runs: the loop log reports memory, CPU and tasks', async () => {
    const report = /iteration 2: MEM=\S+ of 1G CPU=\d+% PIDs=\d+ · Tasks remaining: 2 · Tasks completed: 1/;
    expect(
      await scene.shell(
        'until grep -q "MEM=" .loop-logs/loop-main.log; do sleep 0.1; done; cat .loop-logs/loop-main.log',
      ),
    ).toMatch(report);
  });

  it('when the loop has ended', async () => {
    await scene.openGate('two');
    const { run } = await scene.finished();
    expect(await scene.shell('docker ps --all --filter "name=sandbox-loop" --format "{{.Names}}"')).not.toContain(run);
    expect([await scene.shell(REMAINING), await scene.shell(COMPLETED)]).toEqual(['0', '3']);
    for (const [index, task] of TASKS.entries()) {
      const texts = await scene.shell(`${TEXTS} .loop-logs/iteration-${index + 1}.log.raw | tail -30`);
      expect(texts.split('\n').at(-1)).toBe(`Done: ${task}`);
    }
    expect(await scene.shell(`ls -la .loop-logs/iteration-*.log.raw | awk '{print $5, $9}' | sort -n`)).toMatch(
      /^(\d+ \.loop-logs\/iteration-[123]\.log\.raw\n?){3}$/,
    );
    expect(await scene.shell('grep -c "OOM-killed" .loop-logs/loop-main.log')).toBe('0');
    expect(await scene.shell('tail -5 .loop-logs/loop-main.log')).toMatch(
      /finished \(done\): all 3 tasks of the plan are done/,
    );
    expect(await scene.shell('grep "/done" .loop-logs/iteration-*.log')).toBe('');
  });
});
