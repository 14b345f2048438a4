// Keys of the agent log.
import { type Binding, binding, onEveryPage, onPages, type Situation } from './binding.ts';

function inLog(word: string): Binding['short'] {
  return ({ ui }) => (ui.focus === 'log' ? word : null);
}

function needsSearch({ ui }: Situation): string | null {
  return ui.log.search === '' ? 'nothing is searched yet: / searches' : null;
}

export const LOG_KEYS = [
  binding({
    id: 'search',
    keys: ['/'],
    label: 'search the log, or the page that is open',
    short: inLog('search'),
    onPage: onEveryPage('search'),
  }),
  binding({
    id: 'next_match',
    keys: ['n'],
    label: 'next match: in the log further up, on a page further down',
    short: ({ ui }) => (ui.log.search === '' ? null : 'next'),
    disabledReason: needsSearch,
    onPage: onEveryPage(),
  }),
  binding({
    id: 'previous_match',
    keys: ['N'],
    label: 'the match before it',
    disabledReason: needsSearch,
    onPage: onEveryPage(),
  }),
  binding({
    id: 'filter',
    keys: ['&'],
    label: 'show only lines with a word (!word: without it)',
    short: ({ ui }) => (ui.log.filter === '' ? null : 'filter'),
  }),
  binding({
    id: 'follow',
    keys: ['f'],
    label: 'follow the end of the newest log; what was scrolled, searched or filtered stays until then',
    short: ({ model, ui }) =>
      ui.log.anchor === 'end' && (ui.opened === null || model.shown?.isRunning === true) ? null : 'follow',
  }),
  binding({
    id: 'wrap',
    keys: ['w'],
    label: 'wrap long lines',
    onPage: onPages({ diff: 'wrap' }),
  }),
  binding({ id: 'times', keys: ['t'], label: 'times' }),
  binding({
    id: 'earlier_attempt',
    keys: ['['],
    label: 'the attempt before; on a diff, the file before',
    onPage: onPages({ receipt: '', diff: '' }),
  }),
  binding({
    id: 'later_attempt',
    keys: [']'],
    label: 'the attempt behind; on a diff, the next file',
    onPage: onPages({ receipt: 'next', diff: 'next file' }),
  }),
] as const;
