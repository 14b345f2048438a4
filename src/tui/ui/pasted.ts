// Text that comes from the clipboard: it is typed where a line is typed into, and anywhere else it is no keys, since
// each of its letters would do something to the run.
import { safeLine } from '../../text/sanitize.ts';
import { LONGEST_TEXT } from './prompt-keys.ts';
import type { UiState } from './ui-state.ts';
import { only, say, type Updated } from './updated.ts';

export const PASTED = 'what was pasted is no key: nothing was done';

export function pasted(ui: UiState, text: string): Updated {
  if (ui.prompt === null) return only(say(ui, PASTED, 'plain'));
  const line = `${ui.prompt.text}${safeLine(text.trim())}`;
  return only({ ...ui, prompt: { ...ui.prompt, text: [...line].slice(0, LONGEST_TEXT).join('') } });
}
