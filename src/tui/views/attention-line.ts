// The line above the footer: the answer to the last key, and what wants attention. Absent when there is nothing.
import { attemptName } from '../../core/attempt-ref.ts';
import { OUTCOME_WORDS } from '../../report/outcome-words.ts';
import { fitParts, type Part } from '../parts/fit-parts.ts';
import type { Line } from '../parts/line.ts';
import type { Model } from '../store/model.ts';
import type { UiState } from '../ui/ui-state.ts';

/** Null when nothing does. */
export function attentionLine(model: Model, ui: UiState, columns: number): Line | null {
  const parts = [...message(ui), ...troubles(model)];
  return parts.length === 0 ? null : fitParts(parts, columns, '   ');
}

function message({ message: said }: UiState): Part[] {
  if (said === null) return [];
  return [{ forms: [said.text], tone: said.tone === 'bad' ? 'bad' : 'strong', rank: 0 }];
}

/** What went wrong lately: in the last attempt, and in this iteration. */
function troubles({ history, state }: Model): Part[] {
  const parts: Part[] = [];
  for (const { message: text, iteration } of history.warnings.slice(-3)) {
    if (iteration >= history.iteration - 1) parts.push({ forms: [`! ${text}`], tone: 'bad', rank: 2 + parts.length });
  }
  const last = history.entries.findLast((entry) => entry.kind === 'attempt');
  if (last === undefined || last.kind !== 'attempt') return parts;
  const { receipt } = last;
  const { tone, word } = OUTCOME_WORDS[receipt.outcome.kind];
  if (state.phase.name !== 'paused' && (tone === 'bad' || tone === 'needs_you')) {
    const text = `! iter ${attemptName(receipt)} ${word}: ${receipt.outcome.message}`;
    parts.push({ forms: [text, `! iter ${attemptName(receipt)} ${word}`], tone: 'bad', rank: 1 });
  }
  for (const warning of receipt.warnings.slice(-2)) {
    parts.push({ forms: [`i iter ${attemptName(receipt)} ${warning}`], tone: 'dim', rank: 6 + parts.length });
  }
  return parts;
}
