// Keys of the agent log.
import { type Binding, binding, type Situation } from './binding.ts';

function inLog(word: string): Binding['short'] {
  return ({ ui }) => (ui.focus === 'log' ? word : null);
}

function needsSearch({ ui }: Situation): string | null {
  return ui.log.search === '' ? 'nothing is searched yet: / searches' : null;
}

export function needsAttempt({ model }: Situation): string | null {
  return model.shown === null ? 'nothing has run yet' : null;
}

export const LOG_KEYS = [
  binding({ id: 'raw_log', keys: ['v'], label: "the agent's own output in $PAGER", disabledReason: needsAttempt }),
  binding({ id: 'search', keys: ['/'], label: 'search the log', short: inLog('search') }),
  binding({
    id: 'next_match',
    keys: ['n'],
    label: 'next match further up',
    short: ({ ui }) => (ui.log.search === '' ? null : 'next'),
    disabledReason: needsSearch,
  }),
  binding({ id: 'previous_match', keys: ['N'], label: 'next match further down', disabledReason: needsSearch }),
  binding({
    id: 'filter',
    keys: ['&'],
    label: 'show only lines with a word (!word: without it)',
    short: ({ ui }) => (ui.log.filter === '' ? null : 'filter'),
  }),
  binding({
    id: 'follow',
    keys: ['f'],
    label: 'follow the end of the newest log',
    short: ({ ui }) => (ui.log.anchor === 'end' && ui.opened === null ? null : 'follow'),
  }),
  binding({ id: 'wrap', keys: ['w'], label: 'wrap long lines' }),
  binding({ id: 'times', keys: ['t'], label: 'times' }),
  binding({ id: 'earlier_attempt', keys: ['['], label: 'log of the attempt before' }),
  binding({ id: 'later_attempt', keys: [']'], label: 'log of the attempt behind' }),
] as const;
