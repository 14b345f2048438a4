// What people call the files that tell the agent what to do, and a change of one.
import type { Author, InstructionChange, InstructionFile } from '../core/instructions.ts';

export const INSTRUCTION_WORDS: Readonly<Record<InstructionFile, string>> = {
  prompt: 'the prompt',
  plan: 'the plan',
  agents: 'AGENTS.md',
};

const BY: Readonly<Record<Author, string>> = {
  person: 'by you',
  agent: 'by the agent',
  unknown: 'while the attempt ran',
};

/** `the prompt was changed by you` */
export function changeWords({ file, by }: InstructionChange): string {
  return `${INSTRUCTION_WORDS[file]} was changed ${BY[by]}`;
}
