// The entries of an attempt's log, and what they are made with.
import { plural } from '../../text/plural.ts';
import type { AgentDigest } from '../digest/digest.ts';
import { oneLine } from '../stream/narrow.ts';
import { type FoldLimits, fold } from './fold-text.ts';

export type LogKind = 'text' | 'thinking' | 'tool' | 'output' | 'result' | 'retry' | 'compact' | 'system';

/** One line. Lines that go on with the entry before have an empty tag. */
export interface LogEntry {
  /** ISO 8601, null where nobody knows. */
  readonly at: string | null;
  readonly kind: LogKind;
  /** 0 for the main conversation, 1 for a subagent of it, and so on. */
  readonly indent: number;
  /** `text`, `think`, the tool's name, `result`, `retry`, `compact`, `system`. */
  readonly tag: string;
  readonly text: string;
  readonly isError: boolean;
  /** The call that a `tool` line begins and that `output` lines answer. */
  readonly toolUseId: string | null;
}

/** What lines need to know of the stream before them; any digest does, an empty one gives plainer lines. */
export type LogContext = Pick<
  AgentDigest,
  'runningTools' | 'subagents' | 'workdir' | 'spend' | 'results' | 'backgroundTasks' | 'model' | 'lastAt'
>;

/** An entry without what all entries of a message have in common. */
export type Draft = Pick<LogEntry, 'kind' | 'text'> & Partial<LogEntry>;

export const ONE_LINE_LIMIT = 400;

export function lines(kind: LogKind, tag: string, text: string, limits: FoldLimits, isError: boolean): Draft[] {
  const { head, omitted, tail } = fold(text, limits);
  const shown = omitted === 0 ? [...head, ...tail] : [...head, `… ${plural(omitted, 'more line')}`, ...tail];
  return shown.map((line, index) => ({ kind, tag: index === 0 ? tag : '', text: line, isError }));
}

export function system(parts: readonly (string | null)[]): Draft {
  return { kind: 'system', tag: 'system', text: oneLine(joinParts(parts), ONE_LINE_LIMIT) };
}

export function joinParts(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}
