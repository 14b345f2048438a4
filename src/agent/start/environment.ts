// The environment of one attempt's agent, and what of it is secret (facts/claude-code.md 5).

/** Each alone is a login; the agent takes the first of them that is set, so that it must get one only. */
export const CREDENTIAL_VARIABLES = ['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'] as const;

export type Variables = Readonly<Record<string, string | undefined>>;

export interface AgentEnvironmentRequest {
  readonly sandbox: 'docker' | 'host';
  /** Of whoever started the loop. */
  readonly person: Variables;
  /** The login that was chosen; null for the person's own one on the host. */
  readonly credential: { readonly variable: (typeof CREDENTIAL_VARIABLES)[number]; readonly secret: string } | null;
  /** What `--env` and `--env-file` hand over. */
  readonly extra: Readonly<Record<string, string>>;
  /** User inside the sandbox. */
  readonly uid: number;
  /** Folder (inside) for the agent's configuration and session files; only in a container. */
  readonly configDir: string | null;
  /** Program (inside) that runs every shell command of the agent; null for none. */
  readonly shellPrefix: string | null;
}

export interface AgentEnvironment {
  /** May stand in logs and in `docker inspect`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Must never be written down. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Handed on from the person's environment into a container; everything else of it stays outside. */
const PASSED_ON: readonly string[] = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'API_TIMEOUT_MS',
  'CLAUDE_CODE_MAX_RETRIES',
  'CLAUDE_STREAM_IDLE_TIMEOUT_MS',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'CLAUDE_CODE_SUBAGENT_MODEL',
  'CLAUDE_CODE_EFFORT_LEVEL',
  'MAX_THINKING_TOKENS',
  'DISABLE_AUTO_COMPACT',
  'BASH_DEFAULT_TIMEOUT_MS',
  'BASH_MAX_TIMEOUT_MS',
  'BASH_MAX_OUTPUT_LENGTH',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
];

/**
 * Never reach the agent, wherever they come from. The watchdog makes it sleep in its container until
 * a usage limit ends (facts/claude-code.md 4); the others tell it that it runs inside another one.
 */
const NEVER: ReadonlySet<string> = new Set([
  'CLAUDE_CODE_RETRY_WATCHDOG',
  'CLAUDECODE',
  'CLAUDE_CODE_ENTRYPOINT',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_SSE_PORT',
]);

/** For a process on the host, which inherits `hostEnvironment`, this comes on top of it; a container gets nothing else. */
export function agentEnvironment(request: AgentEnvironmentRequest): AgentEnvironment {
  const environment: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  if (request.sandbox === 'docker') {
    for (const name of PASSED_ON) {
      const value = request.person[name];
      if (value) (isSecret(name, value) ? secrets : environment)[name] = value;
    }
  }
  if (request.credential !== null) secrets[request.credential.variable] = request.credential.secret;
  for (const [name, value] of Object.entries(request.extra)) {
    if (NEVER.has(name)) continue;
    delete environment[name];
    secrets[name] = value;
  }
  const ours = ownVariables(request);
  for (const name of Object.keys(ours)) delete secrets[name];
  return { environment: { ...environment, ...ours }, secrets };
}

/**
 * What the agent on the host inherits: all that the person's own shell has, so that their tools work,
 * but for what must never reach an agent, and logins, of which only the chosen one may be set.
 */
export function hostEnvironment(person: Variables): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(person)) {
    const isLogin = (CREDENTIAL_VARIABLES as readonly string[]).includes(name);
    if (value !== undefined && !isLogin && !NEVER.has(name)) inherited[name] = value;
  }
  return inherited;
}

function ownVariables(request: AgentEnvironmentRequest): Record<string, string> {
  return {
    // Reset times of usage limits are printed in this zone.
    TZ: 'UTC',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Lets root skip permissions; for others it would only change how often 529 is retried (facts 4).
    ...(request.uid === 0 && { IS_SANDBOX: '1' }),
    // On the host it would lose the person's login (facts 10).
    ...(request.configDir !== null && request.sandbox === 'docker' && { CLAUDE_CONFIG_DIR: request.configDir }),
    ...(request.shellPrefix !== null && { CLAUDE_CODE_SHELL_PREFIX: request.shellPrefix }),
    ...(needsProxyException(request) && { NO_PROXY: '127.0.0.1,localhost' }),
  };
}

/** With a proxy set, the agent would ask the proxy even for a gateway on this machine (facts 10). */
function needsProxyException({ person, extra }: AgentEnvironmentRequest): boolean {
  const seen = { ...person, ...extra };
  const proxy = seen.HTTPS_PROXY || seen.HTTP_PROXY || seen.https_proxy || seen.http_proxy;
  const exception = seen.NO_PROXY || seen.no_proxy;
  const isLocal = /^http:\/\/(?:127\.0\.0\.1|localhost)(?::|\/|$)/.test(seen.ANTHROPIC_BASE_URL ?? '');
  return Boolean(proxy) && !exception && isLocal;
}

/** Headers may hold tokens, addresses a password. */
function isSecret(name: string, value: string): boolean {
  return name === 'ANTHROPIC_CUSTOM_HEADERS' || /^[a-z][a-z0-9+.-]*:\/\/[^/\s]*@/i.test(value);
}
