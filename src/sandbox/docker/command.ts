// What is really started in the container: the command itself, or a line of shell before it that opens the
// file for standard input and takes secrets in. `exec` everywhere: the process list shows the command.
import { type AttemptSpec, SandboxError, SECRETS_MISSING } from '../../core/sandbox.ts';
import { quoteForShell } from '../../text/shell-word.ts';

/** Starts every message that the lines of shell below write. */
const MARK = 'ralph-tui: cannot start';

const ARRIVED = 'RALPH_TUI_SECRETS_ARRIVED';

/** The last line of the secrets proves that none was lost on the way. */
const TAKE_SECRETS =
  `eval "$(cat)"; [ "\${${ARRIVED}:-}" = yes ] || { echo '${MARK}: ${SECRETS_MISSING}' >&2; exit 126; }; ` +
  `unset ${ARRIVED}; `;

const CHECK_INPUT = `[ -r "$0" ] || { echo '${MARK}: the input cannot be read:' "$0" >&2; exit 126; }; `;

/**
 * The argument list for the container. Without input and secrets it is the attempt's own.
 * In the shell's text `$0` is the path of the input and `$@` the command.
 */
export function wrapCommand({
  argv,
  stdinPath,
  secrets,
}: Pick<AttemptSpec, 'argv' | 'stdinPath' | 'secrets'>): string[] {
  if (argv.length === 0) return [];
  const takeSecrets = Object.keys(secrets).length > 0 ? TAKE_SECRETS : '';
  if (stdinPath !== null) return ['sh', '-c', `${takeSecrets}${CHECK_INPUT}exec "$@" <"$0"`, stdinPath, ...argv];
  if (takeSecrets !== '') return ['sh', '-c', `${takeSecrets}exec "$@" </dev/null`, 'sh', ...argv];
  return [...argv];
}

/**
 * Text for the container's standard input that `wrapCommand` evaluates. So secrets stand neither in
 * `docker inspect` nor in config.v2.json on the engine's disk (facts/sandbox.md 2.2); what runs inside sees them.
 * @throws SandboxError `start_failed` for a name that is none, or a value with a NUL in it
 */
export function secretsInput(secrets: Readonly<Record<string, string>>): string {
  const lines = Object.entries(secrets).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes('\0')) {
      throw new SandboxError('start_failed', `the secret "${name}" cannot be an environment variable`);
    }
    return `export ${name}=${quoteForShell(value)}\n`;
  });
  return `${lines.join('')}${ARRIVED}=yes\n`;
}

/**
 * Why a command with exit code 126 or 127 never ran, from what it left on standard error: the words of the lines
 * above, of the shell's `exec`, or of Docker's init. Null if the command itself ended with that code.
 */
export function startErrorIn(stderrTail: string): string | null {
  const line = stderrTail.trimEnd().split('\n').at(-1) ?? '';
  return new RegExp(`^${MARK}|^\\[FATAL tini|: exec: `).test(line) ? line : null;
}
