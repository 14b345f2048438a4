// Looks at a running attempt again and again, and tells when it has to be ended.
import { toolLimitsIn } from '../../agent/digest/activity.ts';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { SupervisorContext } from '../context.ts';
import { LifeWatch } from './life.ts';
import type { AttemptRecorder } from './recorder.ts';

/** Often enough for a limit of seconds, and nothing next to the agent's own work. */
const LOOK_EVERY_MS = 1_000;

/** Dispatches `attempt_overdue`, once. @returns the timer, to be cleared when the attempt is not followed any more */
export function watchLife(
  { state, policy, dispatch, login }: Pick<SupervisorContext, 'state' | 'policy' | 'dispatch' | 'login'>,
  ref: AttemptRef,
  recorder: AttemptRecorder,
): NodeJS.Timeout {
  const toolLimits = toolLimitsIn({ ...login.current.person, ...login.current.extra });
  const watch = new LifeWatch(state().options, policy, toolLimits);
  return setInterval(() => {
    const { current } = state();
    if (current === null || current.overdue !== null || current.stopAsked !== null || current.exit !== null) return;
    const startedMs = Date.parse(current.startedAt ?? current.startingAt);
    const lastOutputMs = Date.parse(recorder.lastOutputAt ?? current.startedAt ?? current.startingAt);
    const { stdout, stderr } = recorder.offsets;
    const signs = { digest: recorder.digest, startedMs, lastOutputMs, outputBytes: stdout + stderr };
    const overdue = watch.look(signs, Date.now());
    if (overdue !== null) dispatch({ type: 'attempt_overdue', ...ref, ...overdue });
  }, LOOK_EVERY_MS);
}
