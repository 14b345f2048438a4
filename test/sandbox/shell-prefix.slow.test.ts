// The wrapper around the agent's shell commands, called by the real CLI: the agent must not notice it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newestLiveFile, writeShellPrefix } from '../../src/sandbox/shell-prefix.ts';
import { isolatedEnvironment } from '../harness/environment.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { startMessagesApi } from '../harness/messages-api/server.ts';
import type { ClaudeVersion } from '../harness/real-claude.ts';
import { runClaude } from '../harness/real-claude.ts';
import { makeRepository } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

const COMMANDS = [
  'echo out; echo err >&2; echo "quoted \'$HOME\'" | wc -l; exit 3',
  'tail -f /dev/null & echo started',
  'printf "é✓"; mkdir -p src && cd src && pwd | tail -c 4; cd ..',
  'if then',
  'kill -TERM $$',
];

function bash(command: string): Step {
  return { tools: [{ name: 'Bash', input: { command, description: 'A command' } }] };
}

interface Content {
  readonly type: string;
  readonly content: string;
  readonly is_error?: boolean;
}

/** What the agent got back from its tools. */
function toolResults(stdout: string): Content[] {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; message: { content: Content[] } });
  const contents = lines.filter((line) => line.type === 'user').flatMap((line) => line.message.content);
  return contents.filter((content) => content.type === 'tool_result');
}

async function prepare(version: ClaudeVersion, steps: readonly Step[]) {
  const folder = await temporaryFolder();
  const env = await isolatedEnvironment(folder);
  const { path: cwd } = await makeRepository(folder);
  const agent = join(folder, 'agent');
  await mkdir(agent);
  const prefix = await writeShellPrefix(agent, null);
  const run = async (extra: Record<string, string>, args: readonly string[] = []) => {
    await using api = await startMessagesApi({ scenario: { steps: [...steps, { text: 'Done.' }] } });
    const end = await runClaude({ cwd, prompt: 'Work.', apiUrl: api.url, env: { ...env, ...extra }, version, args });
    expect(end).toMatchObject({ exitCode: 0 });
    return end.stdout;
  };
  return { cwd, prefix, live: join(agent, 'live'), run };
}

for (const [needs, version] of [
  ['claude', 'current'],
  ['claude-old', 'old'],
] as const) {
  requires(needs)(`the wrapper under the ${version} CLI`, () => {
    test('gives the agent the same results as without it', async () => {
      const { run, prefix, live } = await prepare(version, COMMANDS.map(bash));
      const plain = toolResults(await run({}));
      const wrapped = toolResults(await run({ CLAUDE_CODE_SHELL_PREFIX: prefix }));
      expect(plain.map((result) => result.is_error)).toEqual([true, false, false, true, true]);
      const withoutPaths = (text: string) => text.replace(/rt-\w+/g, '');
      expect(wrapped.map((result) => withoutPaths(result.content))).toEqual(
        plain.map((result) => withoutPaths(result.content)),
      );
      const ended = await waitFor(
        async () => {
          const names = await readdir(live);
          const stems = names
            .filter((name) => name.endsWith('.out'))
            .sort()
            .map((name) => name.slice(0, -'.out'.length));
          const codes = stems.map((stem) => names.find((name) => name.startsWith(`${stem}.exit-`))?.replace(/.*-/, ''));
          return codes.every((code) => code !== undefined) && codes;
        },
        { what: 'every command to be marked as ended' },
      );
      expect(ended.slice(0, 3)).toEqual(['3', '0', '0']);
      expect(ended.length).toBe(COMMANDS.length);
    });

    test('shows a command’s output while it runs', async () => {
      const { cwd, run, prefix, live } = await prepare(version, [
        bash('echo early; until [ -e go ]; do sleep 0.1; done; echo late'),
      ]);
      const running = run({ CLAUDE_CODE_SHELL_PREFIX: prefix });
      const file = await waitFor(
        async () => {
          const newest = newestLiveFile(await readdir(live));
          return newest !== null && (await readFile(join(live, newest.name), 'utf8')) === 'early\n' && newest;
        },
        { what: 'the first line in the live folder', timeoutMs: 60_000 },
      );
      expect(file.state).toBe('running');
      await writeFile(join(cwd, 'go'), '');
      expect(toolResults(await running)).toMatchObject([{ content: 'early\nlate' }]);
      const copied = async () => (await readFile(join(live, file.name), 'utf8')) === 'early\nlate\n';
      await waitFor(copied, { what: 'the last line in the live folder' });
    });

    test('offers the command to the memory killer, and leaves hooks alone', async () => {
      const { cwd, run, prefix } = await prepare(version, [bash('cat /proc/self/oom_score_adj')]);
      const command = `echo '{"hookSpecificOutput":{"hookEventName":"PostToolUse","additionalContext":"seen"}}'; touch hook-ran`;
      const hooks = { PostToolUse: [{ matcher: '*', hooks: [{ type: 'command', command }] }] };
      const stdout = await run({ CLAUDE_CODE_SHELL_PREFIX: prefix }, ['--settings', JSON.stringify({ hooks })]);
      expect(toolResults(stdout)).toMatchObject([{ content: '1000' }]);
      expect(await readdir(cwd)).toContain('hook-ran');
    });
  });
}
