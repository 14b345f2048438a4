// `ralph-tui resume`: goes on with a paused or waiting run, also after its supervisor died or lacked the login.
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT_CODES } from '../core/exit-code.ts';
import type { RunState } from '../core/state/run-state.ts';
import { type LockRecord, lockHolder } from '../journal/lock.ts';
import { loadLogin } from '../supervisor/agent-login.ts';
import { stateOf } from '../viewer/find-run.ts';
import { tell } from './control.ts';
import { type CommandContext, type Place, say } from './line/context.ts';
import { findPlace } from './place.ts';
import { reachSupervisor } from './reach.ts';

const POLL_MS = 20;

export async function resumeCommand(context: CommandContext, { next }: { readonly next: boolean }): Promise<number> {
  const place = await findPlace(context);
  const holder = await lockHolder(place.folders.lock);
  if (holder !== null) {
    await handLoginOver(context, place, holder);
  } else {
    const recovered = await reachSupervisor(context, place);
    const state = recovered === null ? null : await stateOf(place.folders, recovered.run);
    // That its supervisor is back was all that this run needed.
    if (state !== null && !next && goesOnByItself(state)) {
      await say(context.stdout, `goes on with iteration ${state.iteration}`);
      return EXIT_CODES.finished;
    }
  }
  return tell(context, () => ({ name: 'resume', next }));
}

function goesOnByItself({ phase, pauseAsked, stopAfterAsked }: RunState): boolean {
  return phase.name !== 'paused' && phase.name !== 'waiting' && !pauseAsked && !stopAfterAsked;
}

/**
 * A process cannot be given an environment that it was started without: where a run is paused for want of its login
 * and this shell has it, another supervisor takes the place of the one that is there. Nothing runs then, and what a
 * supervisor knows is on disk.
 */
async function handLoginOver(context: CommandContext, place: Place, holder: LockRecord): Promise<void> {
  const state = await stateOf(place.folders, holder.run);
  if (state?.phase.name !== 'paused' || state.phase.reason.kind !== 'no_secrets') return;
  const login = await loadLogin(state.options, context.environment).catch(() => null);
  if (login?.present !== true) return;
  process.kill(holder.owner.pid, 'SIGKILL');
  while ((await lockHolder(place.folders.lock))?.nonce === holder.nonce) {
    await sleep(POLL_MS, undefined, { signal: context.signal });
  }
  await context.recoverRun(context, { ...place, run: holder.run });
}
