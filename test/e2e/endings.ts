// How the attempts of a run ended, and what its journal says, in short.
import type { Event, EventType } from '../../src/core/events.ts';
import type { Scene } from './scene.ts';

/** `1.2 stopped` for the second attempt of iteration 1. */
export async function endings(scene: Scene): Promise<string[]> {
  const { receipts } = await scene.receipts();
  return receipts.map(({ iteration, attempt, outcome }) => `${iteration}.${attempt} ${outcome.kind}`);
}

/** The facts of one type in the newest run's journal, oldest first. */
export async function facts<Type extends EventType>(
  scene: Scene,
  type: Type,
): Promise<Extract<Event, { type: Type }>[]> {
  const lines = (await scene.log('events.ndjson')).split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as Event);
  return events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
}
