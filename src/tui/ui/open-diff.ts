// A diff that has been read becomes a page; one that was read again takes the place of what it was.
import type { PageContent } from './pages.ts';
import type { UiState } from './ui-state.ts';
import { openPage } from './updated.ts';

export function openDiff(ui: UiState, content: Extract<PageContent, { kind: 'diff' }>): UiState {
  const top = ui.pages.at(-1);
  if (top?.content.kind !== 'diff' || top.content.request !== content.request) return openPage(ui, content);
  // Where somebody read stays; what a search stood on may be another line now.
  return { ...ui, message: null, pages: [...ui.pages.slice(0, -1), { ...top, content, match: null }] };
}
