// What is done to the sandbox of an attempt: followed, stopped, ended, cleared away.
import type { AttemptRef } from '../attempt-ref.ts';
import type { Effect } from '../effects.ts';
import type { Policy } from '../policy.ts';
import type { CurrentAttempt, RunState } from '../state/run-state.ts';

export function follow(current: CurrentAttempt | null, policy: Policy): Effect[] {
  if (current === null || current.sandboxId === null) return [];
  return [...followSandbox(current), ...stopEffects(current, current.sandboxId, policy.stopGraceMs)];
}

export function followSandbox(current: CurrentAttempt | null): Effect[] {
  if (current === null || current.sandboxId === null || current.exit !== null) return [];
  return [{ type: 'follow', ref: refOf(current), sandboxId: current.sandboxId }];
}

export function endSandbox(current: CurrentAttempt | null): Effect[] {
  if (current === null || current.sandboxId === null || current.exit !== null) return [];
  return [{ type: 'kill', sandboxId: current.sandboxId }];
}

export function removeLeft({ leftSandbox }: RunState): Effect[] {
  return leftSandbox === null ? [] : [{ type: 'remove', ref: refOf(leftSandbox), sandboxId: leftSandbox.sandboxId }];
}

export function refOf({ iteration, attempt }: AttemptRef): AttemptRef {
  return { iteration, attempt };
}

export function stopEffects(current: CurrentAttempt, sandboxId: string, graceMs: number): Effect[] {
  if (current.stopAsked === null) return [];
  return [current.stopAsked.kind === 'kill' ? { type: 'kill', sandboxId } : { type: 'stop', sandboxId, graceMs }];
}

export function stopCurrent(state: RunState, policy: Policy): Effect[] {
  const { current } = state;
  return current === null || current.sandboxId === null
    ? []
    : stopEffects(current, current.sandboxId, policy.stopGraceMs);
}
