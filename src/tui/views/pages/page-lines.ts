// What is on a page: a title, what stands beside it, and all of its lines.
import { assertNever } from '../../../core/assert-never.ts';
import type { Situation } from '../../keymap/binding.ts';
import type { Line } from '../../parts/line.ts';
import type { PageContent } from '../../ui/pages.ts';
import { diffPage } from './diff-page.ts';
import { helpPage } from './help-page.ts';
import { receiptPage } from './receipt-page.ts';

export interface PageLines {
  readonly title: string;
  /** Empty for nothing. */
  readonly note: string;
  readonly lines: readonly Line[];
}

export interface PageInput extends Situation {
  readonly columns: number;
  /** IANA name; this machine's without one. */
  readonly timeZone: string | undefined;
}

export function pageLines(content: PageContent, input: PageInput): PageLines {
  switch (content.kind) {
    case 'help':
      return helpPage(input);
    case 'receipt':
      return receiptPage(content.attempt, input);
    case 'diff':
      return diffPage(content, input);
    default:
      return assertNever(content);
  }
}
