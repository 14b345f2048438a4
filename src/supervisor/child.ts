// The supervisor as a process of its own: started detached, told what to do over IPC, and alone from then on.
import { chdir } from 'node:process';
import { EXIT_CODES } from '../core/exit-code.ts';
import { SandboxError } from '../core/sandbox.ts';
import { isNoSpace } from '../journal/no-space.ts';
import { messageOf } from '../system/system-error.ts';
import { policyFrom } from './policy.ts';
import { supervise } from './supervise.ts';
import type { SuperviseRequest } from './supervise-request.ts';

/** What the launcher sends. */
export type ChildRequest = Omit<SuperviseRequest, 'environment' | 'policy' | 'onLine'>;

/** What it gets back, once. */
export type ChildReply =
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly line: string; readonly code: number };

/** Waits for the request, runs the loop, and resolves with the run's exit code. */
export async function superviseAsChild(): Promise<number> {
  // A terminal that closes, or ^C in it, is the launcher's business.
  process.on('SIGHUP', () => undefined);
  process.on('SIGINT', () => undefined);
  process.title = 'ralph-tui supervisor';
  const request = await firstMessage();
  // The folder that it was started in may be wanted away, or be on a disk to be unmounted.
  chdir('/');
  try {
    const supervision = await supervise({
      ...request,
      environment: process.env,
      policy: policyFrom(process.env),
      onLine: null,
    });
    reply({ type: 'ready' });
    return await supervision.ended;
  } catch (error) {
    const line = messageOf(error);
    const code = exitCodeFor(error);
    console.error(error);
    reply({ type: 'refused', line, code });
    return code;
  }
}

function exitCodeFor(error: unknown): number {
  if (error instanceof SandboxError || isNoSpace(error)) return EXIT_CODES.environment;
  return error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : EXIT_CODES.internalError;
}

function firstMessage(): Promise<ChildRequest> {
  return new Promise((resolve, reject) => {
    process.once('message', (message) => resolve(message as ChildRequest));
    process.once('disconnect', () => reject(new Error('the launcher went away before it said what to supervise')));
  });
}

function reply(message: ChildReply): void {
  if (!process.connected) return;
  process.send?.(message, () => process.connected && process.disconnect());
}
