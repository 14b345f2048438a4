// Takes keys out of text. Sits in the same door as sanitize, so that no screen, log or report can forget it.
// Every pattern runs in linear time: repeats are bounded, or a look-behind lets only one match start per run.

export const REDACTED = '[redacted]';

/** A text with its keys replaced by `[redacted]`. */
export type Redactor = (text: string) => string;

/** Shorter values would tear holes into ordinary words. */
const SHORTEST_SECRET = 8;

const RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Private key blocks (PEM, RFC 7468; OpenPGP): up to their end line, or as far as it looks like a key without one.
  [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----BEGIN)[\s\S]){0,20000}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\n){0,8}[A-Za-z0-9+/=]{20,8192}){0,400})/g,
    REDACTED,
  ],
  // Anthropic: API keys, OAuth access and refresh tokens, admin keys.
  [/sk-ant-[A-Za-z0-9_-]{8,8192}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{20,8192}/g, REDACTED],
  [/(?<![A-Za-z0-9_-])sk-[A-Za-z0-9]{32,8192}/g, REDACTED],
  // AWS: key ids; secrets where their name stands before them.
  [/(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g, REDACTED],
  [
    /(secret_?access_?key["'\\]{0,2}\s{0,4}[:=]\s{0,4}["'\\]{0,2})[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])/gi,
    `$1${REDACTED}`,
  ],
  // GitHub, GitLab, npm, Slack, Google, Stripe, Daytona.
  [/gh[pousr]_[A-Za-z0-9]{36,8192}/g, REDACTED],
  [/github_pat_[A-Za-z0-9_]{22,8192}/g, REDACTED],
  [/glpat-[A-Za-z0-9_-]{20,8192}/g, REDACTED],
  [/npm_[A-Za-z0-9]{36,8192}/g, REDACTED],
  [/xox[abeprs]-[A-Za-z0-9-]{10,8192}/g, REDACTED],
  [/AIza[A-Za-z0-9_-]{35,8192}/g, REDACTED],
  [/[rs]k_live_[A-Za-z0-9]{16,8192}/g, REDACTED],
  [/dtn_[A-Za-z0-9]{32,8192}/g, REDACTED],
  // JSON web tokens (RFC 7519).
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,8192}/g, REDACTED],
  // HTTP headers, also as curl arguments and JSON fields.
  [
    /((?:proxy-)?authorization["'\\]{0,2}\s{0,4}[:=]\s{0,4}["'\\]{0,2}(?:bearer|basic|token)\s{1,4})[^\s"'\\,;]{1,8192}/gi,
    `$1${REDACTED}`,
  ],
  [/((?:x-api-key|private-token)["'\\]{0,2}\s{0,4}[:=]\s{0,4}["'\\]{0,2})[^\s"'\\,;]{8,8192}/gi, `$1${REDACTED}`],
  [/((?<![A-Za-z0-9])bearer\s{1,4})[A-Za-z0-9._~+/-]{20,8192}={0,2}/gi, `$1${REDACTED}`],
  // Passwords in addresses: scheme://user:password@host.
  [/(:\/\/[^\s:/@"']{0,100}:)[^\s/@"']{1,400}(?=@)/g, `$1${REDACTED}`],
  // Assignments as `env` prints them: ANY_API_KEY=…
  [
    /(?<![A-Z0-9_])([A-Z0-9_]{0,60}(?:API_KEY|ACCESS_KEY|AUTH_TOKEN|OAUTH_TOKEN|_TOKEN|SECRET|PASSWORD|PASSWD)=)["']?[^\s"'\\;&|$]{8,8192}/g,
    `$1${REDACTED}`,
  ],
];

/** Takes out what is known to be a key by its form. */
export const redactKeys: Redactor = (text) => {
  let result = text;
  for (const [pattern, replacement] of RULES) result = result.replace(pattern, replacement);
  return result;
};

/**
 * A redactor that knows the given values, too: as they are, and as JSON and URLs spell them. Values shorter than eight
 * characters are left out. The values stay in this process.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    const trimmed = secret.trim();
    if (trimmed.length < SHORTEST_SECRET) continue;
    spellings.add(trimmed);
    spellings.add(JSON.stringify(trimmed).slice(1, -1));
    spellings.add(encodeURIComponent(trimmed.toWellFormed()));
    // A key file shows up line by line.
    for (const line of trimmed.split(/\r?\n/)) if (line.trim().length >= 16) spellings.add(line.trim());
  }
  // A secret that is part of another must not leave the rest of the longer one behind.
  const longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  return (text) => {
    let result = text;
    for (const spelling of longestFirst) result = result.replaceAll(spelling, REDACTED);
    return redactKeys(result);
  };
}
