// Everything secret that the agent gets: its login, and what --env and --env-file hand over.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Variables } from '../agent/start/environment.ts';
import { ConfigError } from '../config/config-error.ts';
import { type Credential, chooseCredential, hasOwnLogin, whoPays } from '../config/credentials.ts';
import { parseEnvironmentFile } from '../config/environment-file.ts';
import { readToken, tokenPath } from '../config/login-store.ts';
import type { RunOptions } from '../core/options.ts';

export interface AgentLogin {
  readonly credential: Credential;
  /** Of whoever started this process. */
  readonly person: Variables;
  readonly extra: Readonly<Record<string, string>>;
  /** One line for people. */
  readonly whoPays: string;
  /** Whether the agent has what it needs to begin. */
  readonly present: boolean;
  /** What was asked for and cannot be had, and what to do; null when everything is there. */
  readonly missing: string | null;
}

export type LoginOptions = Pick<RunOptions, 'sandbox' | 'environmentNames' | 'environmentFile' | 'agentCommand'>;

/** Variables by which Claude Code finds an account at a cloud provider; no login of ours is needed then. */
const CLOUD_SWITCHES = ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_FOUNDRY'] as const;

/** @throws ConfigError when the token or the file cannot be read, or a named variable is not set. */
export async function loadLogin(options: LoginOptions, person: NodeJS.ProcessEnv): Promise<AgentLogin> {
  const extra = {
    ...(await variablesOfFile(options.environmentFile)),
    ...namedVariables(options.environmentNames, person),
  };
  const credential = chooseCredential({
    environment: { ...person, ...extra },
    storedToken: await readToken(tokenPath(person)),
    sandbox: options.sandbox,
    ownLogin: await hasOwnLogin(person),
  });
  const cloud = CLOUD_SWITCHES.find((name) => extra[name] || (options.sandbox === 'host' && person[name]));
  if (!isClaude(options.agentCommand)) {
    return {
      credential,
      person,
      extra,
      whoPays: `${basename(options.agentCommand[0] ?? '')} brings its own login, if it needs one`,
      present: true,
      missing: null,
    };
  }
  if (cloud !== undefined)
    return { credential, person, extra, whoPays: `your cloud account pays (${cloud})`, present: true, missing: null };
  const present = credential.source !== 'none';
  return { credential, person, extra, whoPays: whoPays(credential), present, missing: null };
}

/** Tells accounts of this machine apart: usage limits belong to them. */
export function accountOf({ credential, person }: AgentLogin): string {
  return 'secret' in credential ? credential.secret : `${credential.source} ${person.HOME ?? ''}`;
}

/** Values that must never appear in a log, whatever they look like. */
export function secretValues({ credential, extra }: AgentLogin): string[] {
  return [...('secret' in credential ? [credential.secret] : []), ...Object.values(extra)];
}

async function variablesOfFile(path: string | null): Promise<Record<string, string>> {
  if (path === null) return {};
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`--env-file: ${path} cannot be read; give a file of KEY=VALUE lines`, { cause });
  });
  return parseEnvironmentFile(text, path);
}

function namedVariables(names: readonly string[], person: NodeJS.ProcessEnv): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of names) {
    const value = person[name];
    if (value === undefined) throw new ConfigError(`--env ${name}: this variable is not set; export it first`);
    values[name] = value;
  }
  return values;
}

/** Another program (the demo's, a test's) has logins of its own, or needs none. */
function isClaude(command: readonly string[]): boolean {
  return /(^|\/)claude$/.test(command[0] ?? '');
}
