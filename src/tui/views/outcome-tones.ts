// How the ends of attempts look.
import type { OutcomeWords } from '../../report/outcome-words.ts';
import type { Tone } from '../parts/line.ts';

export const OUTCOME_TONES: Readonly<Record<OutcomeWords['tone'], Tone>> = {
  good: 'good',
  neutral: 'plain',
  waits: 'waits',
  bad: 'bad',
  needs_you: 'needs_you',
};
