// The demo's agent, run as the loop runs it: session after session until its plan is done.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../../src/agent/stream/stream-reader.ts';
import { PROJECT_FILES, TASKS } from '../../src/demo/scratch-project.ts';
import { makeScratchRepository } from '../../src/demo/scratch-repository.ts';
import { writeShellPrefix } from '../../src/sandbox/shell-prefix.ts';
import type { ProgramOptions } from '../harness/process.ts';
import { runProgram, spawnProgram } from '../harness/process.ts';
import { NODE, PROJECT_ROOT } from '../harness/project.ts';
import { commitsOf, planOf } from '../harness/repository.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { waitFor } from '../harness/wait-for.ts';

interface Line {
  readonly type: string;
  readonly subtype?: string;
  readonly session_id: string;
  readonly uuid: string;
  readonly parent_tool_use_id?: string | null;
  readonly message?: {
    readonly id?: string;
    readonly content: readonly Block[];
    readonly usage?: Record<string, unknown>;
  };
  readonly [field: string]: unknown;
}

interface Block {
  readonly type: string;
  readonly name?: string;
  readonly id?: string;
  readonly tool_use_id?: string;
  readonly is_error?: boolean;
  readonly text?: string;
  readonly content?: unknown;
}

const AGENT = [NODE, join(PROJECT_ROOT, 'src/demo/scripted-agent.ts')];
const FLAGS = [
  '-p',
  '--output-format',
  'stream-json',
  '--verbose',
  '--dangerously-skip-permissions',
  '--model',
  'opus',
];

function commandLine(session: number): string[] {
  return [...AGENT, ...FLAGS, '--session-id', sessionId(session)];
}

function sessionId(session: number): string {
  return `00000000-0000-4000-8000-00000000000${session}`;
}

/** No HOME with a git identity, nothing of the person’s: what the scratch repository brings must do. */
async function prepare(pace: number) {
  const folder = await temporaryFolder();
  const path = await makeScratchRepository(folder);
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, RALPH_DEMO_PACE: String(pace), LANG: 'C.UTF-8' };
  const options: ProgramOptions = { cwd: path, env: environment, input: 'Do the next task of the plan.' };
  return { folder, path, options };
}

function parse(stdout: string): Line[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const blocksOf = (lines: readonly Line[], type: string) =>
  lines.flatMap((line) => line.message?.content ?? []).filter((block) => block.type === type);

test('does every task of its plan: files, ticks, commits, and says when all is done', { timeout: 60_000 }, async () => {
  const { folder, path, options } = await prepare(0);
  await mkdir(join(folder, 'exchange'));
  const prefix = await writeShellPrefix(join(folder, 'exchange'), null);
  const env = { ...options.env, CLAUDE_CODE_SHELL_PREFIX: prefix };
  const tasks = Object.values(TASKS);
  const sessions: Line[][] = [];
  for (const [index, task] of tasks.entries()) {
    const { exitCode, stdout, stderr } = await runProgram(commandLine(index), { ...options, env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    sessions.push(parse(stdout));
    const digest = digestOf(Buffer.from(stdout), sessionId(index));
    expect(digest).toMatchObject({ skippedLines: 0, foreignLines: 0, runningTools: [], results: 1 });
    expect(digest.subagents).toMatchObject({ open: [], finished: task === TASKS.overview ? 1 : 0 });
    const plan = await planOf(path);
    expect([plan.done, plan.open]).toEqual([tasks.slice(0, index + 1), tasks.slice(index + 1)]);
    expect(sessions.at(-1)?.at(-1)).toMatchObject({ type: 'result', subtype: 'success', is_error: false });
    expect(String(sessions.at(-1)?.at(-1)?.result).startsWith(`Done: ${task}`)).toBe(true);
  }

  const subjects = (await commitsOf(path)).map((commit) => commit.subject);
  expect(subjects).toEqual(['A ledger for coffee', ...tasks.map((task) => task.replaceAll('`', ''))]);
  expect((await commitsOf(path)).slice(1).every((commit) => commit.files.includes('IMPLEMENTATION_PLAN.md'))).toBe(
    true,
  );
  for (const [name, content] of Object.entries(PROJECT_FILES)) {
    if (/AGENTS|package|march|test/.test(name)) continue;
    expect(await readFile(join(path, name), 'utf8'), name).not.toBe(content);
  }
  const tests = await runProgram(['node', '--test', '--test-reporter=spec'], { ...options, input: '' });
  expect(tests).toMatchObject({ exitCode: 0 });
  expect(tests.stdout).toMatch(/pass 5/);

  for (const [index, lines] of sessions.entries()) expectWellFormed(lines, index);
  const claims = sessions.map((lines) => String(lines.at(-1)?.result).includes('<promise>COMPLETE</promise>'));
  expect(claims).toEqual([false, false, false, false, false, true]);

  // What makes the sessions differ from each other.
  const failures = sessions.map(
    (lines) => blocksOf(lines, 'tool_result').filter((block) => block.is_error === true).length,
  );
  expect(failures).toEqual([0, 1, 0, 0, 0, 0]);
  const subagentLines = sessions.map(
    (lines) => lines.filter((line) => typeof line.parent_tool_use_id === 'string').length,
  );
  expect(subagentLines.map((count) => count > 0)).toEqual([false, false, true, false, false, false]);
  expect(JSON.stringify(sessions[3])).toContain('│ Edsger │ € 2.40 │');
  expect(JSON.stringify(sessions[4])).toContain('month 12 of 12:  60 records');
  expect(await readdir(join(folder, 'exchange', 'live'))).not.toEqual([]);

  const after = parse((await runProgram(commandLine(9), { ...options, env })).stdout);
  expect(after.at(-1)).toMatchObject({
    is_error: false,
    result: expect.stringMatching(/^<promise>COMPLETE<\/promise>$/m),
  });
  expect((await commitsOf(path)).length).toBe(7);
});

/** What a reader of the real one's stream relies on. */
function expectWellFormed(lines: readonly Line[], session: number): void {
  expect(lines[0]).toMatchObject({ type: 'system', subtype: 'init', model: 'claude-opus-5-5', apiKeySource: 'none' });
  expect(new Set(lines.map((line) => line.session_id))).toEqual(new Set([sessionId(session)]));
  expect(new Set(lines.map((line) => line.uuid)).size).toBe(lines.length);
  const used = blocksOf(lines, 'tool_use').map((block) => block.id);
  expect(
    blocksOf(lines, 'tool_result')
      .map((block) => block.tool_use_id)
      .toSorted(),
  ).toEqual(used.toSorted());
  for (const line of lines) if (line.type === 'assistant') expect(line.message?.content.length).toBe(1);
  const result = lines.at(-1);
  const usage = Object.values(result?.modelUsage as Record<string, { costUSD: number }>);
  expect(usage.map((model) => model.costUSD)).toEqual([result?.total_cost_usd]);
  expect(result?.total_cost_usd).toBeGreaterThan(0.001);
}

test('a task that it has no story for is noted down, ticked and committed', async () => {
  const { path, options } = await prepare(0);
  await writeFile(join(path, 'IMPLEMENTATION_PLAN.md'), "- [x] Old\n- [ ] It's `new`\n");
  const { exitCode } = await runProgram(commandLine(1), options);
  expect(exitCode).toBe(0);
  expect(await readFile(join(path, 'NOTES.md'), 'utf8')).toBe("- It's `new`\n");
  expect(await readFile(join(path, 'IMPLEMENTATION_PLAN.md'), 'utf8')).toBe("- [x] Old\n- [x] It's `new`\n");
  expect((await commitsOf(path)).at(-1)?.subject).toBe("It's new");
});

test('without a plan there is nothing to do', async () => {
  const { path, options } = await prepare(0);
  await rm(join(path, 'IMPLEMENTATION_PLAN.md'));
  const { exitCode, stdout } = await runProgram(commandLine(1), options);
  expect(exitCode).toBe(0);
  expect(parse(stdout).at(-1)?.result).toMatch(/no IMPLEMENTATION_PLAN.md/);
});

test.each([
  ['an empty prompt', commandLine(1), '\n', /prompt/],
  ['another format', [...AGENT, '-p', '--output-format', 'text'], 'Work.', /stream-json/],
])('%s ends with 1 and a word about it', async (_, argv, input, message) => {
  const { options } = await prepare(0);
  const end = await runProgram(argv, { ...options, input });
  expect(end).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(message) });
});

test('SIGTERM in the middle of a command ends it, too, with 143 and without a result', {
  timeout: 30_000,
}, async () => {
  const { path, options } = await prepare(0);
  // The story's own command must hang: its test file waits for ever.
  await writeFile(join(path, 'IMPLEMENTATION_PLAN.md'), `- [ ] ${TASKS.total}\n`);
  await writeFile(
    join(path, 'test/hang.test.js'),
    "require('node:fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);",
  );
  await writeFile(join(path, 'package.json'), '{}');
  const agent = spawnProgram(commandLine(1), options);
  const pid = await waitFor(async () => Number(await readFile(join(path, 'pid'), 'utf8')), {
    what: 'the hanging test',
  });
  agent.kill('SIGTERM');
  const end = await agent.ended;
  expect(end).toMatchObject({ exitCode: 143 });
  expect(parse(end.stdout).some((line) => line.type === 'result')).toBe(false);
  await waitFor(() => !existsSync(`/proc/${pid}`), { what: 'the command to end' });
});
