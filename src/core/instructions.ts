// The files that tell the agent what to do, and who changed one of them: a person, or the agent itself.

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
