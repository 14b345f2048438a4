// The files that tell the agent what to do, and who changed one of them: a person, or the agent itself.
import type { Event } from './events.ts';
import type { RunState } from './state/run-state.ts';
import type { Survey } from './survey.ts';

export const INSTRUCTION_FILES = ['prompt', 'plan', 'agents'] as const;

/** `agents` is AGENTS.md. */
export type InstructionFile = (typeof INSTRUCTION_FILES)[number];

/** What stands in each, as a hash or a word for what is no file; null when nobody knows. */
export type Instructions = Readonly<Record<InstructionFile, string | null>>;

export type Author = 'person' | 'agent' | 'unknown';

export interface InstructionChange {
  readonly file: InstructionFile;
  readonly by: Author;
}

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

/** What has changed between two states, and who did it. */
export function instructionChanges(before: RunState, after: RunState, event: Event): InstructionChange[] {
  const changed = INSTRUCTION_FILES.filter((file) => {
    const [was, is] = [before.instructions[file], after.instructions[file]];
    return was !== null && is !== null && was !== is;
  });
  if (event.type !== 'attempt_sealed') return changed.map((file) => ({ file, by: 'person' }));
  const written = event.receipt.traits.filesChanged;
  const paths: Record<InstructionFile, string> = {
    plan: after.options.planFile,
    prompt: after.promptSource,
    agents: 'AGENTS.md',
  };
  // That the plan moves is what an iteration is for.
  return changed
    .filter((file) => file !== 'plan')
    .map((file) => ({ file, by: written.includes(paths[file]) ? 'agent' : 'unknown' }));
}
