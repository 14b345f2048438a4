// Pages: what has the screen to itself while it is open, such as a receipt or a diff. They lie on each other, and each
// is closed by itself. A page is lines to scroll and to search; what the lines are is the views' business.
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { DiffRequest } from './effects.ts';

export type PageContent =
  | { readonly kind: 'help' }
  | { readonly kind: 'receipt'; readonly attempt: AttemptRef }
  /** `lines` are safe to show, as git words them. */
  | {
      readonly kind: 'diff';
      readonly request: DiffRequest;
      readonly title: string;
      readonly lines: readonly string[];
      /** When it was read (milliseconds since 1970), where that may be otherwise now; null where nothing changes it. */
      readonly readAt: number | null;
    };

export interface Page {
  readonly content: PageContent;
  /** First line on the screen. */
  readonly offset: number;
  /** Empty for none; case does not count. */
  readonly search: string;
  /** The line that the search stands on. */
  readonly match: number | null;
}

/** What is known of a page as it is drawn now. */
export interface PageSize {
  /** All of its lines as text. */
  readonly lines: readonly string[];
  /** How many of them are on the screen. */
  readonly rows: number;
}

export function newPage(content: PageContent): Page {
  return { content, offset: 0, search: '', match: null };
}

/** `count` lines further down (negative: up), never beyond the end. */
export function scrolledPage(page: Page, count: number, size: PageSize): Page {
  return { ...page, offset: bounded(page.offset + count, size) };
}

/** With the next line that has the words, from the line of the last match or the first on the screen; null without one. */
export function searchedPage(page: Page, direction: 1 | -1, size: PageSize): Page | null {
  const words = page.search.toLowerCase();
  const { lines, rows } = size;
  for (
    let at = page.match === null ? page.offset : page.match + direction;
    at >= 0 && at < lines.length;
    at += direction
  )
    if (lines[at]?.toLowerCase().includes(words) === true)
      return { ...page, match: at, offset: bounded(at - Math.floor(rows / 3), size) };
  return null;
}

function bounded(offset: number, { lines, rows }: PageSize): number {
  return Math.max(0, Math.min(lines.length - rows, offset));
}
