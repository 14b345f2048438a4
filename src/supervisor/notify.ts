// Tells a person by the means that they chose: a command of theirs, the desktop, or a web hook. The loop never waits for it.
import { execa } from 'execa';

export interface Notice {
  readonly what: 'needs_you' | 'finished';
  readonly repository: string;
  readonly run: string;
  readonly iteration: number;
  readonly message: string;
  /** The command that helps, or that follows; null where none does. */
  readonly help: string | null;
  readonly at: string;
}

const DEADLINE_MS = 30_000;

/**
 * `desktop` (notify-send), `ntfy:URL`, `slack:URL`, or a shell command that gets the notice as JSON on standard input.
 * @returns what went wrong, in one line without the target, which may be a secret; null when it was told
 */
export async function notify(target: string, notice: Notice): Promise<string | null> {
  try {
    if (target === 'desktop')
      await execa('notify-send', ['--app-name=ralph-tui', title(notice), body(notice)], { timeout: DEADLINE_MS });
    else if (target.startsWith('ntfy:'))
      await post(target.slice('ntfy:'.length), body(notice), { Title: asciiTitle(notice), Priority: priority(notice) });
    else if (target.startsWith('slack:'))
      await post(target.slice('slack:'.length), slackText(notice), { 'Content-Type': 'application/json' });
    else
      await execa('sh', ['-c', target], {
        input: `${JSON.stringify(notice)}\n`,
        timeout: DEADLINE_MS,
        cleanup: false,
        stdout: 'ignore',
        stderr: 'ignore',
      });
    return null;
  } catch (error) {
    return `the notification (${kindOf(target)}) failed: ${reasonOf(error)}`;
  }
}

/** What may be shown of a target. */
export function kindOf(target: string): string {
  if (target === 'desktop') return 'desktop';
  return /^(ntfy|slack):/.exec(target)?.[1] ?? 'command';
}

function title({ what, repository }: Notice): string {
  const name = repository.split('/').at(-1) ?? repository;
  return what === 'needs_you' ? `${name}: ralph-tui needs you` : `${name}: the run has ended`;
}

/** Headers are Latin-1 at most (RFC 9110, 5.5). */
function asciiTitle(notice: Notice): string {
  return title(notice).replace(/[^\x20-\x7e]/g, '?');
}

function body({ message, help }: Notice): string {
  return help === null ? message : `${message}\n${help}`;
}

function priority({ what }: Notice): string {
  return what === 'needs_you' ? 'high' : 'default';
}

function slackText(notice: Notice): string {
  return JSON.stringify({ text: `*${title(notice)}*\n${body(notice)}` });
}

async function post(url: string, text: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body: text, headers, signal: AbortSignal.timeout(DEADLINE_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason';
  if ('exitCode' in error && typeof error.exitCode === 'number') return `exit ${error.exitCode}`;
  if ('timedOut' in error && error.timedOut === true) return 'no end after 30 s';
  if ('code' in error && error.code === 'ENOENT') return 'its program is not installed';
  return error.name === 'TimeoutError'
    ? 'no answer within 30 s'
    : error.message.startsWith('HTTP')
      ? error.message
      : 'it cannot be reached';
}
