// Keys while a page is open: they move in it, search it, open what belongs to it, and close it.
import { sameAttempt } from '../../core/attempt-ref.ts';
import { type ActionId, bindingFor } from '../keymap/bindings.ts';
import { lineStep } from './line-step.ts';
import { type Page, scrolledPage, searchedPage } from './pages.ts';
import type { UiState } from './ui-state.ts';
import {
  answer,
  askToQuit,
  atEnd,
  focused,
  only,
  openPage,
  readDiff,
  say,
  showAttempt,
  type UpdateContext,
  type Updated,
} from './updated.ts';

export function pageKey(ui: UiState, page: Page, key: string, context: UpdateContext): Updated {
  const binding = bindingFor(key);
  if (binding === null) return only(ui);
  if (key === 'ctrl+c') return only(askToQuit(ui));
  if (binding.onPage(page.content) === null) return answer(ui, 'close this first: q');
  const size = context.pageSize(page);
  const lines = lineStep(binding.id, size.rows);
  return lines === null ? act(ui, page, binding.id, context) : only(onTop(ui, scrolledPage(page, lines, size)));
}

function act(ui: UiState, page: Page, id: ActionId, context: UpdateContext): Updated {
  switch (id) {
    case 'back':
    case 'quit':
      return only(closed(ui));
    case 'help':
      return only(page.content.kind === 'help' ? closed(ui) : openPage(ui, { kind: 'help' }));
    case 'search':
      return only({ ...ui, prompt: { kind: 'search', text: '' } });
    case 'next_match':
      return searchPage(ui, page, 1, context);
    case 'previous_match':
      return searchPage(ui, page, -1, context);
    case 'wrap':
      return only({ ...ui, log: { ...ui.log, wrap: !ui.log.wrap } });
    case 'copy': {
      const text = context.visibleText(page);
      return { ui, effects: [{ type: 'copy', text, what: `${text.split('\n').length} lines` }] };
    }
    case 'open':
      return openLog(ui, page);
    case 'diff':
      return diffOf(ui, page);
    case 'raw_log':
      return openProgram(ui, page);
    case 'earlier_attempt':
      return neighbour(ui, page, -1, context);
    case 'later_attempt':
      return neighbour(ui, page, 1, context);
    default:
      return only(ui);
  }
}

/** Also for what has just been typed. */
export function searchPage(ui: UiState, page: Page, direction: 1 | -1, { pageSize }: UpdateContext): Updated {
  if (page.search === '') return answer(ui, 'nothing is searched yet: / searches');
  const found = searchedPage(page, direction, pageSize(page));
  if (found !== null) return only(onTop(ui, found));
  const where = direction === 1 ? 'below' : 'above';
  return only(say(onTop(ui, page), `no ${page.match === null ? '' : 'further '}${page.search} ${where}`, 'plain'));
}

/** The state with another page in the place of the one on top. */
export function onTop(ui: UiState, page: Page): UiState {
  return { ...ui, pages: [...ui.pages.slice(0, -1), page] };
}

function closed(ui: UiState): UiState {
  return { ...ui, pages: ui.pages.slice(0, -1) };
}

function openLog(ui: UiState, { content }: Page): Updated {
  if (content.kind !== 'receipt') return only(ui);
  return showAttempt(atEnd(focused({ ...ui, pages: [] }, 'log')), content.attempt);
}

/** Of a receipt; a diff is read again. */
function diffOf(ui: UiState, { content }: Page): Updated {
  switch (content.kind) {
    case 'receipt':
      return readDiff(ui, { kind: 'attempt', attempt: content.attempt });
    case 'diff':
      return readDiff(ui, content.request);
    case 'help':
      return only(ui);
  }
}

function openProgram(ui: UiState, { content }: Page): Updated {
  switch (content.kind) {
    case 'receipt':
      return { ui, effects: [{ type: 'open_program', what: { kind: 'raw_log', attempt: content.attempt } }] };
    case 'diff':
      return { ui, effects: [{ type: 'open_program', what: { kind: 'diff', request: content.request } }] };
    case 'help':
      return only(ui);
  }
}

/** Of a receipt the attempt before or behind it, of a diff the file. */
function neighbour(ui: UiState, page: Page, step: 1 | -1, context: UpdateContext): Updated {
  const { content } = page;
  if (content.kind === 'receipt') {
    const { receipts } = context.model.state;
    const at = receipts.findIndex((receipt) => sameAttempt(receipt, content.attempt));
    const next = receipts[at + step];
    if (next === undefined) return answer(ui, step === 1 ? 'this is the newest receipt' : 'this is the first receipt');
    const { iteration, attempt } = next;
    return only(onTop(ui, { ...page, content: { ...content, attempt: { iteration, attempt } }, offset: 0 }));
  }
  const size = context.pageSize(page);
  const isFile = (text: string | undefined) => text?.startsWith('diff --git ') === true;
  for (let at = page.offset + step; at >= 0 && at < size.lines.length; at += step)
    if (isFile(size.lines[at])) return only(onTop(ui, scrolledPage(page, at - page.offset, size)));
  return answer(ui, step === 1 ? 'this is the last file' : 'this is the first file');
}
