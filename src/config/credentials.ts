// Which login the agent gets, and who pays for it.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './person-file.ts';

/** Variables by which Claude Code takes a login (facts of its documentation), the one that we hand on first. */
const VARIABLES = ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_AUTH_TOKEN'] as const;

type CredentialVariable = (typeof VARIABLES)[number];

export type Credential =
  /** A secret that is handed to the agent as this variable. */
  | {
      readonly source: 'environment' | 'stored';
      readonly variable: CredentialVariable;
      readonly secret: string;
    }
  /** The agent on the host finds the person's own login by itself. */
  | { readonly source: 'own_login' }
  | { readonly source: 'none' };

export interface CredentialRequest {
  readonly environment: Environment;
  /** From the login store, null without one. */
  readonly storedToken: string | null;
  readonly sandbox: 'docker' | 'host';
  /** Whether the person is logged in to their own claude; see `hasOwnLogin`. */
  readonly ownLogin: boolean;
}

/** Environment > stored token > the person's own login (host sandbox only) > none. */
export function chooseCredential(request: CredentialRequest): Credential {
  const { environment, storedToken, sandbox, ownLogin } = request;
  for (const variable of VARIABLES) {
    const secret = environment[variable] ?? '';
    if (secret !== '') return { source: 'environment', variable, secret };
  }
  if (storedToken !== null) return { source: 'stored', variable: 'CLAUDE_CODE_OAUTH_TOKEN', secret: storedToken };
  return sandbox === 'host' && ownLogin ? { source: 'own_login' } : { source: 'none' };
}

/** Only whether the file exists: its content is none of our business. */
export async function hasOwnLogin(environment: Environment): Promise<boolean> {
  const folder = environment.CLAUDE_CONFIG_DIR || (environment.HOME ? join(environment.HOME, '.claude') : '');
  if (folder === '') return false;
  return access(join(folder, '.credentials.json')).then(
    () => true,
    () => false,
  );
}

/** One line for people: which login, and whose account it goes to. */
export function whoPays(credential: Credential): string {
  switch (credential.source) {
    case 'environment':
      return PAYERS[credential.variable];
    case 'stored':
      return 'your Claude subscription pays (token kept by ralph-tui login)';
    case 'own_login':
      return 'your own claude login pays (host sandbox; its subscription or API account)';
    case 'none':
      return 'nobody: no login';
  }
}

const PAYERS: Readonly<Record<CredentialVariable, string>> = {
  ANTHROPIC_API_KEY: 'the API account pays, by tokens (ANTHROPIC_API_KEY)',
  CLAUDE_CODE_OAUTH_TOKEN: 'your Claude subscription pays (CLAUDE_CODE_OAUTH_TOKEN)',
  ANTHROPIC_AUTH_TOKEN: 'the gateway behind ANTHROPIC_BASE_URL pays (ANTHROPIC_AUTH_TOKEN)',
};

/**
 * Why a text is no token of `claude setup-token`, in one line without the text; null when it looks like one.
 * API keys have a variable of their own, and must not be handed over as a subscription's token.
 */
export function tokenProblem(text: string): string | null {
  if (text === '') return 'no token was given; write: claude setup-token, then: ralph-tui login';
  if (text.startsWith('sk-ant-api'))
    return 'that is an API key, not a token; set ANTHROPIC_API_KEY instead of storing it';
  if (!/^[\x21-\x7e]+$/.test(text)) return 'that is no token: it has spaces or more than one line';
  if (text.length < 20) return 'that is no token: it is too short';
  return null;
}
