// The receipt of one attempt: everything that is known of it, a fact a line.
import { type AttemptRef, attemptName, sameAttempt } from '../../../core/attempt-ref.ts';
import { OUTCOME_WORDS } from '../../../report/outcome-words.ts';
import { receiptFacts } from '../../../report/receipt-facts.ts';
import { type Line, line, span, type Tone } from '../../parts/line.ts';
import { wrapLine } from '../../parts/wrap.ts';
import { OUTCOME_TONES } from '../outcome-tones.ts';
import type { PageInput, PageLines } from './page.ts';

const LABEL_CELLS = 10;

export function receiptPage(attempt: AttemptRef, { model, columns, timeZone }: PageInput): PageLines {
  const title = `receipt of iteration ${attemptName(attempt)}`;
  const entry = model.history.entries.find((one) => one.kind === 'attempt' && sameAttempt(one.receipt, attempt));
  if (entry?.kind !== 'attempt') return { title, note: '', lines: [line('  not written yet', 'dim')] };
  const { receipt } = entry;
  const lines = receiptFacts(receipt, { now: model.now, timeZone }).flatMap(({ label, values }) =>
    values.flatMap((value, index): Line[] =>
      wrapLine(
        [span(`  ${(index === 0 ? label : '').padEnd(LABEL_CELLS)}  `, 'dim')],
        line(value, toneOf(label, index, OUTCOME_TONES[OUTCOME_WORDS[receipt.outcome.kind].tone])),
        columns,
      ),
    ),
  );
  return { title, note: '', lines };
}

function toneOf(label: string, index: number, outcomeTone: Tone): Tone {
  if (label === 'outcome' && index === 0) return outcomeTone;
  return label === 'warnings' ? 'waits' : 'plain';
}
