// What each way to end is called on a screen: a glyph, a word and a tone, so that colour is never all there is.
import type { OutcomeKind } from '../core/outcome.ts';
import type { Receipt } from '../core/receipt.ts';

export interface OutcomeWords {
  /** One cell. */
  readonly glyph: string;
  /** At most 11 cells. */
  readonly word: string;
  /** How bad it is, for whoever has colours. */
  readonly tone: 'good' | 'neutral' | 'waits' | 'bad' | 'needs_you';
}

export const OUTCOME_WORDS: Readonly<Record<OutcomeKind, OutcomeWords>> = {
  completed: { glyph: '✓', word: 'completed', tone: 'good' },
  usage_limit: { glyph: '⏸', word: 'limit', tone: 'waits' },
  transient: { glyph: '↻', word: 'API trouble', tone: 'waits' },
  auth: { glyph: '?', word: 'login', tone: 'needs_you' },
  billing: { glyph: '?', word: 'billing', tone: 'needs_you' },
  config: { glyph: '?', word: 'no start', tone: 'needs_you' },
  turn_limit: { glyph: '✗', word: 'turn limit', tone: 'bad' },
  budget: { glyph: '✗', word: 'budget', tone: 'bad' },
  context: { glyph: '✗', word: 'context', tone: 'bad' },
  refused: { glyph: '✗', word: 'refused', tone: 'bad' },
  stopped: { glyph: '■', word: 'stopped', tone: 'neutral' },
  interrupted: { glyph: '■', word: 'interrupted', tone: 'bad' },
  oom: { glyph: '!', word: 'oom', tone: 'bad' },
  killed: { glyph: '!', word: 'killed', tone: 'bad' },
  infra: { glyph: '↻', word: 'engine away', tone: 'waits' },
  hung: { glyph: '✗', word: 'hung', tone: 'bad' },
  timeout: { glyph: '✗', word: 'timeout', tone: 'bad' },
  flood: { glyph: '✗', word: 'flood', tone: 'bad' },
  crashed: { glyph: '✗', word: 'crashed', tone: 'bad' },
};

const UNDONE: OutcomeWords = { glyph: '↶', word: 'undone', tone: 'neutral' };

/** In a list, that an attempt was undone counts more than how it ended. */
export function listedWords({ outcome, undone }: Receipt): OutcomeWords {
  return undone === undefined ? OUTCOME_WORDS[outcome.kind] : UNDONE;
}
