// Who changed an instruction file: a person, or the agent itself.
import type { Event } from '../events.ts';
import { INSTRUCTION_FILES, type InstructionChange, type InstructionFile } from '../instructions.ts';
import type { RunState } from '../state/run-state.ts';

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
