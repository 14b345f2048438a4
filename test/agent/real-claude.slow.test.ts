// The command line and environment that we build, and what we make of the answer, with the real CLI.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimsDone } from '../../src/agent/digest/claim.ts';
import { spendTotals } from '../../src/agent/digest/spend.ts';
import { judge } from '../../src/agent/outcome/outcome.ts';
import { preparePrompt } from '../../src/agent/start/agents-md.ts';
import { agentCommand } from '../../src/agent/start/command.ts';
import { agentEnvironment } from '../../src/agent/start/environment.ts';
import { digestOf } from '../../src/agent/stream/stream-reader.ts';
import { isolatedEnvironment, MADE_UP_API_KEY } from '../harness/environment.ts';
import type { Step } from '../harness/messages-api/scenario.ts';
import { startMessagesApi } from '../harness/messages-api/server.ts';
import { runProgram } from '../harness/process.ts';
import { realClaude } from '../harness/real-claude.ts';
import { makeRepository } from '../harness/repository.ts';
import { requires } from '../harness/requires.ts';
import { temporaryFolder } from '../harness/temporary.ts';
import { CLEAN_EXIT } from './transcripts.ts';

const AGENTS_MD = 'Always answer in rhymes.\n';
const VERSIONS = [
  { which: 'current', version: '2.1.329' },
  { which: 'old', version: '2.1.197' },
] as const;

interface Session {
  readonly steps: readonly Step[];
  readonly files?: Readonly<Record<string, string>>;
  /** What the prompt is prepared for. */
  readonly knownVersion?: string | null;
  readonly extraArguments?: readonly string[];
}

async function runSession(which: 'current' | 'old', session: Session) {
  const folder = await temporaryFolder();
  const files = session.files ?? {};
  const repository = await makeRepository(folder, { files });
  const person = await isolatedEnvironment(folder);
  await using api = await startMessagesApi({ scenario: { steps: session.steps } });
  const { environment, secrets } = agentEnvironment({
    sandbox: 'docker',
    person: { ...person, ANTHROPIC_BASE_URL: api.url },
    credential: { variable: 'ANTHROPIC_API_KEY', secret: MADE_UP_API_KEY },
    extra: {},
    uid: process.getuid?.() ?? 0,
    configDir: join(folder, 'config'),
    shellPrefix: await writeWrapper(folder),
  });
  const command = agentCommand({
    program: [realClaude(which) ?? 'claude'],
    model: 'sonnet',
    sessionId: randomUUID(),
    maxTurns: 5,
    extraArguments: session.extraArguments ?? [],
  });
  const { prompt } = preparePrompt({
    prompt: 'Work on the next task.\n',
    agentsMd: files['AGENTS.md'] ?? null,
    claudeMd: files['CLAUDE.md'] ?? null,
    agentVersion: session.knownVersion ?? null,
  });
  const env = { ...person, ...environment, ...secrets };
  const ended = await runProgram(command.argv, { cwd: repository.path, env, input: prompt });
  const digest = digestOf(new TextEncoder().encode(ended.stdout), command.sessionId);
  const exit = { ...CLEAN_EXIT, code: ended.exitCode };
  const outcome = judge({ digest, exit, stderrTail: ended.stderr, ourAction: null, startFailed: null });
  const wrapped = await readFile(join(folder, 'wrapped'), 'utf8').catch(() => '');
  return { digest, outcome, command, wrapped, requests: api.requests };
}

async function writeWrapper(folder: string): Promise<string> {
  const path = join(folder, 'wrapper');
  await writeFile(path, `#!/bin/sh\necho "$*" >>${join(folder, 'wrapped')}\nexec /bin/sh -c "$*"\n`, { mode: 0o755 });
  return path;
}

requires('claude', 'claude-old')('the real CLI', () => {
  describe.each(VERSIONS)('$version', ({ which, version }) => {
    test('works with our command line and environment, in the session that we chose', async () => {
      const steps = [
        { tools: [{ name: 'Bash', input: { command: 'echo hello', description: 'Greet' } }] },
        { text: 'All tasks are done.\n\n/done' },
      ];
      const { digest, outcome, command, wrapped } = await runSession(which, { steps });
      expect(outcome).toMatchObject({ kind: 'completed' });
      expect(digest).toMatchObject({
        sessionId: command.sessionId,
        agentVersion: version,
        foreignLines: 0,
        skippedLines: 0,
        toolCalls: 1,
        lastTool: { name: 'Bash', summary: 'echo hello', isError: false },
        results: 1,
      });
      expect(wrapped).toContain('echo hello');
      expect(claimsDone(digest)).toBe(true);
      expect(spendTotals(digest.spend)).toMatchObject({ costBasis: 'reported' });
    });

    test.each<[string, string | null, Record<string, string>]>([
      ['version known', version, { 'AGENTS.md': AGENTS_MD }],
      ['version unknown', null, { 'AGENTS.md': AGENTS_MD }],
      ['beside a CLAUDE.md', version, { 'AGENTS.md': AGENTS_MD, 'CLAUDE.md': 'Be brief.\n' }],
      ['read in by CLAUDE.md', version, { 'AGENTS.md': AGENTS_MD, 'CLAUDE.md': 'Be brief.\n@AGENTS.md\n' }],
    ])('gets AGENTS.md with its first request: %s', async (_name, knownVersion, files) => {
      const { requests } = await runSession(which, { steps: [{ text: 'Yes.' }], files, knownVersion });
      expect(JSON.stringify(requests[0])).toContain('Always answer in rhymes.');
    });

    test('refuses a flag: configuration, with its reason', async () => {
      const { outcome } = await runSession(which, { steps: [], extraArguments: ['--no-such-flag'] });
      expect(outcome).toMatchObject({ kind: 'config' });
      expect(outcome.message).toContain("unknown option '--no-such-flag'");
    });

    test('does not know the model: configuration', async () => {
      const error = { status: 404, type: 'not_found_error', message: 'model: nonesuch' };
      const { outcome } = await runSession(which, { steps: [{ error, repeat: 'forever' }] });
      expect(outcome).toMatchObject({ kind: 'config' });
      expect(outcome.message).toContain('selected model');
    });
  });
});
