// What is on a page, whichever it is.
import { assertNever } from '../../../core/assert-never.ts';
import type { PageContent } from '../../ui/pages.ts';
import { diffPage } from './diff-page.ts';
import { helpPage } from './help-page.ts';
import type { PageInput, PageLines } from './page.ts';
import { receiptPage } from './receipt-page.ts';

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
