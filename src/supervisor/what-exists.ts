// Looks what sandboxes really exist, before a supervisor takes anything up.
import type { SupervisorStarted } from '../core/events.ts';
import type { RunState } from '../core/state/run-state.ts';
import type { SupervisorContext } from './context.ts';
import type { RunSandbox } from './run-sandbox.ts';
import { SuperviseError } from './supervise-error.ts';
import type { SuperviseRequest } from './supervise-request.ts';

/** Sandboxes that another run left here count as a lock: two agents in one repository destroy each other's work. */
export async function refuseForeignSandboxes(
  sandbox: RunSandbox,
  { namespace, folders, run }: SuperviseRequest,
): Promise<void> {
  const { provider } = sandbox;
  const found = await provider.find({ namespace, repository: folders.key });
  const foreign = found.filter(({ labels }) => labels.run !== run);
  const live = foreign.find(({ state }) => state === 'running' || state === 'paused');
  if (live !== undefined) {
    throw new SuperviseError(
      'sandbox_is_live',
      `${live.name} of run ${live.labels.run} is still running here; ${howToEnd(provider.kind, live.name)}`,
    );
  }
  // What a supervisor had no time to remove before it died; in nobody's way, so that a failure does not matter.
  await Promise.allSettled(foreign.map(({ id }) => provider.remove(id)));
}

function howToEnd(kind: 'docker' | 'host', name: string): string {
  return kind === 'docker'
    ? `end it with: docker rm -f ${name}`
    : `end the processes that have RALPH_ATTEMPT=${name} in their environment`;
}

/** What the sandbox of the journal's running attempt is doing; null when there is none. */
export async function findCurrent(
  { provider, namespace, run }: SupervisorContext,
  state: RunState,
): Promise<SupervisorStarted['found']> {
  const name = state.current?.sandboxName;
  if (name === undefined) return null;
  const found = (await provider.find({ namespace, run })).find((sandbox) => sandbox.name === name);
  return found === undefined ? null : { id: found.id, state: found.state };
}
