// Makes sure that AGENTS.md reaches the agent whatever its version, and says what is wrong with it.
import { findPlaceholders } from './placeholders.ts';

export interface AgentsMdRequest {
  readonly prompt: string;
  /** Null where the repository has none. */
  readonly agentsMd: string | null;
  readonly claudeMd: string | null;
  /** `2.1.329`; null when nobody knows yet. */
  readonly agentVersion: string | null;
}

export interface PreparedPrompt {
  readonly prompt: string;
  /** Whether a line that reads AGENTS.md in was added. */
  readonly appended: boolean;
  /** One line each. */
  readonly warnings: readonly string[];
}

/** The guide that people follow: it is read in every iteration (facts/claude-code.md 10 for the loading). */
const LINE_LIMIT = 60;

/** The first version that was seen to load it by itself; 2.1.197 does not, between them nobody looked. */
const LOADS_BY_ITSELF: readonly [number, number, number] = [2, 1, 329];

/** The agent reads a file in where its name follows white space and an @. */
const MENTION = /(?:^|\s)@(?:\.\/)?AGENTS\.md\b/;

export function preparePrompt(request: AgentsMdRequest): PreparedPrompt {
  const appended = wouldBeMissing(request);
  return {
    prompt: appended ? `${request.prompt.trimEnd()}\n\n@AGENTS.md\n` : request.prompt,
    appended,
    warnings: [...lengthWarning(request.agentsMd), ...placeholderWarnings(request)],
  };
}

/** In doubt it is added: read twice costs a few tokens, not read at all costs the iteration. */
function wouldBeMissing({ prompt, agentsMd, claudeMd, agentVersion }: AgentsMdRequest): boolean {
  if (agentsMd === null || MENTION.test(prompt)) return false;
  if (claudeMd === null) return !loadsByItself(agentVersion);
  // Often the one is a link to the other. In code blocks a mention reads nothing in.
  return claudeMd.trim() !== agentsMd.trim() && !MENTION.test(withoutCode(claudeMd));
}

function loadsByItself(version: string | null): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version ?? '');
  if (match === null) return false;
  const parts = match.slice(1).map(Number);
  const different = LOADS_BY_ITSELF.findIndex((part, index) => part !== parts[index]);
  return different === -1 || (parts[different] ?? 0) > (LOADS_BY_ITSELF[different] ?? 0);
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))/gm, '').replace(/`[^`\n]*`/g, '');
}

function lengthWarning(agentsMd: string | null): string[] {
  const lines = agentsMd?.trimEnd().split('\n').length ?? 0;
  if (lines <= LINE_LIMIT) return [];
  return [`AGENTS.md has ${lines} lines: above ${LINE_LIMIT} it eats context in every iteration`];
}

function placeholderWarnings({ prompt, agentsMd }: AgentsMdRequest): string[] {
  return [
    { name: 'the prompt', text: prompt },
    { name: 'AGENTS.md', text: agentsMd ?? '' },
  ].flatMap(({ name, text }) => {
    const found = findPlaceholders(text);
    return found.length === 0 ? [] : [`${name} has placeholders that nobody filled in: ${found.join(', ')}`];
  });
}
