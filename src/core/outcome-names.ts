// What people call each way to end, where a sentence has room for it: “3 attempts in a row: out of memory”.
// The short words for columns stand beside their glyphs in report/outcome-words.ts.
import type { OutcomeKind } from './outcome.ts';

export const OUTCOME_NAMES: Readonly<Record<OutcomeKind, string>> = {
  completed: 'completed',
  usage_limit: 'usage limit',
  transient: 'trouble with the API',
  auth: 'no login',
  billing: 'billing',
  config: 'could not start',
  turn_limit: 'turn limit',
  budget: 'over its budget',
  context: 'context full',
  refused: 'refused',
  stopped: 'stopped',
  interrupted: 'interrupted',
  oom: 'out of memory',
  killed: 'killed',
  infra: 'engine away',
  hung: 'hung',
  timeout: 'over its time',
  flood: 'flood of output',
  crashed: 'crashed',
};
