// What is known of the instruction files, so that a change is seen.
import type { InstructionFile, Instructions } from '../instructions.ts';
import type { Survey } from '../survey.ts';
import type { RunState } from './run-state.ts';

/** After a command of --until: it may write what it likes, and is neither a person nor the agent. */
export const UNKNOWN_INSTRUCTIONS: Instructions = { plan: null, prompt: null, agents: null };

const MISSING = 'missing';

export function instructionsIn({ planHash, promptHash, agentsHash }: Survey): Instructions {
  return { plan: planHash ?? MISSING, prompt: promptHash, agents: agentsHash ?? MISSING };
}

/**
 * What is known of them after an event with a survey. While an attempt runs, only what a person says to have edited is
 * looked at: what the agent writes is looked at when it has ended.
 */
export function knownInstructions(state: RunState, survey: Survey): Instructions {
  const seen = instructionsIn(survey);
  if (state.current === null) return seen;
  const edited = (file: InstructionFile) => (state.edited.includes(file) ? seen[file] : state.instructions[file]);
  return { plan: edited('plan'), prompt: edited('prompt'), agents: edited('agents') };
}
