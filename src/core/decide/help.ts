// What helps at a pause that needs somebody.
import type { PauseReason } from '../events.ts';

/** @param remedy what a person has to do before the run goes on */
export function thenResume(remedy: string): Pick<PauseReason, 'help' | 'remedy'> {
  return { help: `${remedy}, then: ralph-tui resume`, remedy };
}

/** What helps where the run ends with the pause: `resume` has nothing to go on with. */
export function helpAtEnd({ help, remedy, headlessExit }: PauseReason): string | null {
  return headlessExit === null ? help : (remedy ?? null);
}
