// Keys while a line is typed into: what to search, or which lines to show.
import { searchLog } from './log-keys.ts';
import { onTop, searchPage } from './page-keys.ts';
import type { Prompt, UiState } from './ui-state.ts';
import { only, type UpdateContext, type Updated } from './updated.ts';

export const LONGEST_TEXT = 200;

export function promptKey(ui: UiState, prompt: Prompt, key: string, context: UpdateContext): Updated {
  const typing = (text: string) => only({ ...ui, prompt: { ...prompt, text } });
  switch (key) {
    case 'escape':
    case 'ctrl+c':
      return only({ ...ui, prompt: null });
    case 'enter':
      return typed({ ...ui, prompt: null }, prompt, context);
    case 'backspace':
    case 'delete':
      return typing([...prompt.text].slice(0, -1).join(''));
    case 'ctrl+u':
      return typing('');
  }
  const character = key === 'space' ? ' ' : key;
  // Names of other keys are longer than what they type.
  if ([...character].length !== 1 || prompt.text.length > LONGEST_TEXT) return only(ui);
  return typing(prompt.text + character);
}

function typed(ui: UiState, { kind, text }: Prompt, context: UpdateContext): Updated {
  if (kind === 'filter') return only({ ...ui, log: { ...ui.log, filter: text, anchor: 'end' } });
  const page = ui.pages.at(-1);
  if (page !== undefined) {
    const searched = { ...page, search: text, match: null };
    return text === '' ? only(onTop(ui, searched)) : searchPage(ui, searched, 1, context);
  }
  const next: UiState = { ...ui, log: { ...ui.log, search: text, match: null } };
  return text === '' ? only(next) : searchLog(next, -1, context);
}
