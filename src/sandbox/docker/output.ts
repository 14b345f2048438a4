// A container's output from given byte offsets to its end, as the engine's log has it. By `logs` with follow, never by `attach`:
// an attached reader that stops reading stops the agent. The engine's log is read from its start each time and
// what is kept already is skipped; `since` would repeat or lose parts of long lines (facts/sandbox.md 4.2).
// A log that is followed may end in good order without its last lines (tried: Docker 20.10, output within the first
// 100 ms), so only a log that was opened after the container's end counts as read to the end.
// That log is JSON: bytes that are no UTF-8 come back as U+FFFD, and so does a character that the engine cut in two at
// a multiple of 16 KiB of a long line (tried). The driver "local" is no way out: it loses the newline of such lines.
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Offsets, OutputChunk, SandboxId } from '../../core/sandbox.ts';
import { inspectContainer, isRunning, nullIfGone } from './container-state.ts';
import { type Engine, isEngineAway, statusOf } from './engine.ts';
import { LogDemux } from './log-demux.ts';
import { Outage, type OutagePolicy } from './outage.ts';

/** The log closes some milliseconds before the container counts as ended. */
const END_SETTLES_MS = 250;
const END_POLL_MS = 10;

/**
 * Both streams until the container has ended and all is read, or is gone. Ends quietly when aborted.
 * A connection that ends while the container runs is opened again.
 * @throws SandboxError `engine_away` when the engine stays away; begin again at the offsets that were reached
 */
export async function* followOutput(
  engine: Engine,
  id: SandboxId,
  from: Offsets,
  signal: AbortSignal,
  policy: OutagePolicy,
): AsyncGenerator<OutputChunk> {
  const offsets = { ...from };
  const outage = new Outage(policy);
  // Also ends the connection when the reader just stops reading.
  const closed = new AbortController();
  const both = AbortSignal.any([signal, closed.signal]);
  try {
    for (;;) {
      try {
        const endedBefore = !isRunning(await inspectContainer(engine, id, { signal: both }));
        const stream = await nullIfGone(openLog(engine, id, both));
        if (stream === null) return;
        const demux = new LogDemux(offsets);
        for await (const bytes of stream) {
          for (const chunk of demux.push(bytes)) {
            offsets[chunk.stream] += chunk.bytes.length;
            outage.over();
            yield chunk;
          }
        }
        if (endedBefore && stream.complete && !demux.isCut) return;
        // The engine's disk may be full: that is no outage, and not the end.
        if (!(await endsNow(engine, id, both))) await outage.retryLater(both);
      } catch (error) {
        if (signal.aborted) return;
        // An answer of the engine that is no outage (but a removal under way) will not get better.
        if (statusOf(error) !== null && statusOf(error) !== 409 && statusOf(error) !== 500) throw error;
        await outage.pause(error, both);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    closed.abort();
  }
}

async function openLog(engine: Engine, id: SandboxId, signal: AbortSignal): Promise<IncomingMessage> {
  const options = { follow: true, stdout: true, stderr: true } as const;
  const stream = await engine.call(
    'open the sandbox’s output',
    (abortSignal) => engine.docker.getContainer(id).logs({ ...options, abortSignal }),
    { signal },
  );
  const message = stream as IncomingMessage;
  // A remote engine that vanishes without a word would leave a stream that never ends.
  message.socket.setKeepAlive(true, 15_000);
  return message;
}

/** Whether the container ends about now, as it should when its log has ended. */
async function endsNow(engine: Engine, id: SandboxId, signal: AbortSignal): Promise<boolean> {
  const until = performance.now() + END_SETTLES_MS;
  for (;;) {
    if (!isRunning(await inspectContainer(engine, id, { signal }))) return true;
    if (performance.now() > until) return false;
    await sleep(END_POLL_MS, undefined, { signal });
  }
}

/** The last bytes of standard error of an ended container, for what its start left there; empty when unknown. */
export async function stderrTail(engine: Engine, id: SandboxId, signal: AbortSignal): Promise<string> {
  try {
    const log = await engine.call(
      'show the end of the output',
      (abortSignal) => engine.docker.getContainer(id).logs({ follow: false, stderr: true, tail: 3, abortSignal }),
      { signal },
    );
    const chunks = new LogDemux({ stdout: 0, stderr: 0 }).push(log);
    return Buffer.concat(chunks.map((chunk) => chunk.bytes)).toString();
  } catch (error) {
    if (signal.aborted || isEngineAway(error)) throw error;
    return '';
  }
}
