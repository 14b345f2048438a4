// Vitals by the engine's stats: for engines on another machine, or in a virtual one.
import type { IncomingMessage } from 'node:http';
import type { SandboxId, Vitals } from '../../core/sandbox.ts';
import { nullIfGone } from './container-state.ts';
import { abortable, type Engine } from './engine.ts';
import { jsonLines } from './json-lines.ts';
import { type StatsFrame, vitalsOfFrame } from './stats-frame.ts';

/**
 * One connection's samples, a frame a second; ends when the container has ended, whose frames are empty.
 * @throws SandboxError `engine_away`; BrokenStream
 */
export async function* followStats(engine: Engine, id: SandboxId, signal: AbortSignal): AsyncGenerator<Vitals> {
  const stream = await nullIfGone(
    engine.call(
      'show the sandbox’s memory',
      (abortSignal) => engine.docker.getContainer(id).stats(abortable({ stream: true as const }, abortSignal)),
      { signal },
    ),
  );
  if (stream === null) return;
  const message = stream as IncomingMessage;
  try {
    for await (const frame of jsonLines(message)) {
      const vitals = vitalsOfFrame(frame as StatsFrame);
      if (vitals === null) return;
      yield vitals;
    }
  } finally {
    message.destroy();
  }
}
