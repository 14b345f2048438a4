// Runs the command of --until in a sandbox of its own: the same repository, limits and login as an attempt has.
import type { Exit, SandboxId } from '../core/sandbox.ts';
import { SandboxError } from '../core/sandbox.ts';
import { formatDuration } from '../text/duration.ts';
import { sanitize } from '../text/sanitize.ts';
import { clearLeftovers } from './attempt/leftovers.ts';
import { checkSpec } from './attempt/spec.ts';
import { specRequest } from './attempt/spec-request.ts';
import type { SupervisorContext } from './context.ts';
import type { RunSandbox } from './run-sandbox.ts';

/** Its last lines go into the next prompt and into the journal. */
const TAIL_BYTES = 4 * 1024;
const TAIL_LINES = 30;

/** As timeout(1) and shells say it. */
const TIMED_OUT = 124;
const COULD_NOT_START = 126;

interface Verdict {
  readonly ok: boolean;
  readonly exitCode: number | null;
  readonly tail: string;
}

/** Ends with `check_ended`. Whoever aborts the signal ends the command, too. */
export async function runCheck(
  context: SupervisorContext,
  sandbox: RunSandbox,
  command: string,
  ended: AbortSignal,
): Promise<void> {
  const { head, planHash } = await context.facts.look();
  context.dispatch({ type: 'check_started', command });
  const verdict = await run(context, sandbox, command, ended).catch(asVerdict);
  context.dispatch({ type: 'check_ended', ...verdict, head, planHash });
}

async function run(
  context: SupervisorContext,
  sandbox: RunSandbox,
  command: string,
  ended: AbortSignal,
): Promise<Verdict> {
  const { provider, policy } = context;
  await clearLeftovers(context, new Set());
  const { iteration, attempt } = context.state();
  const request = await specRequest(context, sandbox, { iteration, attempt }, '');
  const id = await provider.start(checkSpec(request, command));
  try {
    const limit = AbortSignal.any([ended, AbortSignal.timeout(policy.checkTimeoutMs)]);
    // Together: an engine that goes away breaks both, and neither failure may be left to nobody.
    const [exit, output] = await Promise.all([untilOver(context, id, limit), collect(context, id)]);
    const text = sanitize(output, { redact: context.login.redact });
    // Whoever ends it does not want its word.
    if (ended.aborted) return { ok: false, exitCode: null, tail: text };
    return verdictOf(exit, text, limit.aborted ? policy.checkTimeoutMs : null);
  } finally {
    await provider.remove(id);
  }
}

async function untilOver({ provider }: SupervisorContext, id: SandboxId, limit: AbortSignal): Promise<Exit> {
  const kill = () => void provider.kill(id).catch(() => undefined);
  limit.addEventListener('abort', kill, { once: true });
  if (limit.aborted) kill();
  return provider.wait(id, new AbortController().signal);
}

/** The end of what it said, on both streams. */
async function collect({ provider }: SupervisorContext, id: SandboxId): Promise<Buffer> {
  let tail = Buffer.alloc(0);
  for await (const { bytes } of provider.output(id, { stdout: 0, stderr: 0 }, new AbortController().signal)) {
    tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
  }
  return tail;
}

/** @param limitMs the limit that it was ended at; null when it was not. */
function verdictOf(exit: Exit, text: string, limitMs: number | null): Verdict {
  const lines = text.trimEnd().split('\n').slice(-TAIL_LINES);
  const late = limitMs === null ? [] : [`(no end after ${formatDuration(limitMs)})`];
  const code = exit.startError === null ? exit.code : COULD_NOT_START;
  return {
    ok: code === 0 && limitMs === null,
    exitCode: limitMs === null ? code : TIMED_OUT,
    tail: [...lines, ...late, ...(exit.startError === null ? [] : [exit.startError])].join('\n'),
  };
}

/** An engine that is away says nothing of the command; whatever else keeps it from starting keeps the agent, too. */
function asVerdict(error: unknown): Verdict {
  if (!(error instanceof SandboxError)) throw error;
  return { ok: false, exitCode: error.code === 'engine_away' ? null : COULD_NOT_START, tail: error.message };
}
