// The real Claude Code, which scripts/test-host brings, run directly: against the stand-in API, with a made-up key.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ProgramResult, type RunningProgram, spawnProgram } from './process.ts';

export type ClaudeVersion = 'current' | 'old';

const INSTALLED = {
  current: { variable: 'RALPH_TEST_CLAUDE', version: '2.1.329' },
  old: { variable: 'RALPH_TEST_CLAUDE_OLD', version: '2.1.197' },
} as const;

/** Path of the CLI: what the environment names, else where scripts/test-host puts it; null when it is not there. */
export function realClaude(which: ClaudeVersion = 'current'): string | null {
  const { variable, version } = INSTALLED[which];
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const path = process.env[variable] ?? join(cache, 'ralph-tui-test', `claude-${version}`, 'node_modules/.bin/claude');
  return existsSync(path) ? path : null;
}

export interface ClaudeOptions {
  readonly cwd: string;
  readonly prompt: string;
  /** URL of the stand-in API. */
  readonly apiUrl: string;
  /** An isolated environment; what the CLI needs is added. */
  readonly env: Readonly<Record<string, string>>;
  /** More arguments. */
  readonly args?: readonly string[];
  readonly version?: ClaudeVersion;
  readonly timeoutMs?: number;
}

/** One session, as a loop would start it: `claude -p` with stream-json and all permissions. */
export function runClaude(options: ClaudeOptions): Promise<ProgramResult> {
  return spawnClaude(options).ended;
}

/** The same, to be looked at while it runs. */
export function spawnClaude(options: ClaudeOptions): RunningProgram {
  const claude = realClaude(options.version);
  if (claude === null) throw new Error('Claude Code is not there; scripts/test-host brings it.');
  const headless = ['-p', '--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'];
  return spawnProgram([claude, ...headless, ...(options.args ?? [])], {
    cwd: options.cwd,
    input: options.prompt,
    env: { ...options.env, ...claudeEnvironment(options.apiUrl) },
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  });
}

/** What keeps the CLI from talking to anybody but the stand-in API; IS_SANDBOX lets root skip permissions. */
export function claudeEnvironment(apiUrl: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: apiUrl,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    IS_SANDBOX: '1',
  };
}
