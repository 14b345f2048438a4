// Clears away what earlier sandboxes of the run left, before a new one starts.
import type { SandboxId } from '../../core/sandbox.ts';
import type { SupervisorContext } from '../context.ts';

/** An earlier attempt whose end nobody saw may still run: two agents in one repository destroy each other's work. */
export async function clearLeftovers(context: SupervisorContext, removing: ReadonlySet<SandboxId>): Promise<void> {
  const { provider, namespace, run } = context;
  for (const { id, name, state } of await provider.find({ namespace, run })) {
    if (removing.has(id)) continue;
    if (state === 'running' || state === 'paused') {
      context.say(`${name} is still there; it is killed before the next attempt starts`);
      await provider.kill(id);
    }
    await provider.remove(id);
  }
}
