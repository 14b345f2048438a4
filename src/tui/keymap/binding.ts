// What a key is: how it is pressed, what it is called, when it does nothing and why.
import { refusal } from '../../core/decide/refusal.ts';
import type { RunCommand } from '../../core/run-command.ts';
import type { Model } from '../store/model.ts';
import type { PageContent } from '../ui/pages.ts';
import type { UiState } from '../ui/ui-state.ts';

export interface Situation {
  readonly model: Model;
  readonly ui: UiState;
}

/** Why something can do nothing now, in one line; null when it can. */
export type DisabledReason = (situation: Situation) => string | null;

export interface Binding<Id extends string = string> {
  readonly id: Id;
  /** Names as key-names.ts gives them; the first is the one that is shown. */
  readonly keys: readonly string[];
  /** For help and README. */
  readonly label: string;
  /** For the footer; null where it is not shown there now. */
  readonly short: (situation: Situation) => string | null;
  readonly disabledReason: DisabledReason;
  /** The word for the footer of a page on which it works, empty where it has none there; null where it does nothing. */
  readonly onPage: (page: PageContent) => string | null;
  /** Something is lost by it: a dialog names what, and asks. */
  readonly danger: boolean;
}

type Fields<Id extends string> = Pick<Binding<Id>, 'id' | 'keys' | 'label'> & Partial<Binding<Id>>;

/** A key that can always be pressed, loses nothing, and stands in no footer, unless the fields say otherwise. */
export function binding<const Id extends string>(fields: Fields<Id>): Binding<Id> {
  return { short: () => null, disabledReason: () => null, onPage: () => null, danger: false, ...fields };
}

/** What the core would answer, before anybody asks it. */
export function refused(situation: Situation, command: RunCommand): string | null {
  return refusal(situation.model.state, command);
}

/** On these pages, with that word in their footers. */
export function onPages(words: Partial<Record<PageContent['kind'], string>>): Binding['onPage'] {
  return ({ kind }) => words[kind] ?? null;
}

/** On whatever page, with that word in its footer; empty for none. */
export function onEveryPage(word = ''): Binding['onPage'] {
  return () => word;
}
