// Lets appended lines gather: an agent that writes fifty lines a second is read nine times a second, not fifty.
import { setTimeout as sleep } from 'node:timers/promises';

const GATHER_MS = 110;
/** More than that at once is a log that is being caught up with: no time to lose. */
const CATCHING_UP_BYTES = 64 * 1024;

/** To be awaited between two chunks of a tail. */
export async function breathe(chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  if (chunk.length >= CATCHING_UP_BYTES) return;
  await sleep(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined);
}
