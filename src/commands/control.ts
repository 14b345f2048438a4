// `ralph-tui pause|stop|kill|restart`: a person's word to the running loop, and the loop's answer.
import { ControlError } from '../control/control-error.ts';
import type { AttemptRef } from '../core/attempt-ref.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import type { RunCommand } from '../core/run-command.ts';
import { safeLine } from '../text/sanitize.ts';
import { stateOf } from '../viewer/find-run.ts';
import { type CommandContext, say } from './line/context.ts';
import { findPlace } from './place.ts';
import { reachSupervisor, tellSupervisor } from './reach.ts';

export async function pauseCommand(context: CommandContext): Promise<number> {
  return tell(context, () => ({ name: 'pause' }));
}

export interface StopOptions {
  readonly when: 'now' | 'after_iteration' | 'attempt';
}

export async function stopCommand(context: CommandContext, { when }: StopOptions): Promise<number> {
  return tell(context, (attempt) => ({ name: 'stop', when, attempt: when === 'attempt' ? attempt : null }));
}

export async function killCommand(context: CommandContext): Promise<number> {
  return tell(context, (attempt) => ({ name: 'kill', attempt }));
}

export async function restartCommand(context: CommandContext): Promise<number> {
  return tell(context, (attempt) => ({ name: 'restart', attempt }));
}

/**
 * Says the command and prints the answer.
 * @param make gets the attempt that runs now, so that a command that comes late never hits the next one
 * @throws ControlError when no run is live
 */
export async function tell(context: CommandContext, make: (attempt: AttemptRef | null) => RunCommand): Promise<number> {
  const place = await findPlace(context);
  const holder = await reachSupervisor(context, place);
  if (holder === null) {
    throw new ControlError('no_socket', 'no run is live in this repository; start one with: ralph-tui build');
  }
  const current = (await stateOf(place.folders, holder.run))?.current ?? null;
  const attempt = current === null ? null : { iteration: current.iteration, attempt: current.attempt };
  const { ok, message } = await tellSupervisor(holder, make(attempt));
  await say(ok ? context.stdout : context.stderr, safeLine(message));
  return ok ? EXIT_CODES.finished : EXIT_CODES.usage;
}
