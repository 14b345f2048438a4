// Keys of the start screen: what can be chosen, why something cannot, and what a key leads to. Pure.
import { plural } from '../../text/plural.ts';
import type { StartFacts } from './start-facts.ts';

export type StartChoice = 'build' | 'plan' | 'view' | 'quit';

export interface StartKey {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly label: string;
  /** For the help: what comes of it. */
  readonly does: string;
  readonly choice: StartChoice | 'help';
  /** Why it cannot be chosen, null when it can. */
  readonly disabled: string | null;
}

/** What a person has made of the screen. */
export interface StartView {
  /** The answer to the last key; null for none. */
  readonly said: string | null;
  /** The keys are explained in the place of how things stand. */
  readonly isHelp: boolean;
}

export const FIRST_VIEW: StartView = { said: null, isHelp: false };

const VIEW: StartKey = {
  keys: ['v'],
  shown: 'v',
  label: 'view last run',
  does: 'its receipts, its diffs and the log of its agent; nothing starts',
  choice: 'view',
  disabled: null,
};

/** What can be chosen, in the order of the footer. */
export function startKeys(facts: StartFacts): StartKey[] {
  const { refusals, lastRun, maxIterations, planFile } = facts;
  const disabled = refusals[0] ?? null;
  const upTo = maxIterations === null ? '' : ` (${plural(maxIterations, 'iteration')} at most)`;
  return [
    {
      keys: ['enter', 'b'],
      shown: 'Enter',
      label: `build${upTo}`,
      does: 'one open task of the plan after the other, an iteration each',
      choice: 'build',
      disabled,
    },
    {
      keys: ['P'],
      shown: 'P',
      label: 'plan',
      does: `writes ${planFile}, until it stays as it is`,
      choice: 'plan',
      disabled,
    },
    // That no run can be viewed stands above already.
    ...(lastRun === null ? [] : [VIEW]),
    { keys: ['?'], shown: '?', label: 'help', does: 'these keys', choice: 'help', disabled: null },
    {
      keys: ['q', 'escape', 'ctrl+c'],
      shown: 'q',
      label: 'quit',
      does: 'nothing starts',
      choice: 'quit',
      disabled: null,
    },
  ];
}

/** What has been chosen, or how the screen is now. */
export function pressStartKey(facts: StartFacts, view: StartView, name: string): StartChoice | StartView {
  // Whoever has read the help leaves it with whatever key, and nothing starts by that.
  if (view.isHelp) return name === 'ctrl+c' ? 'quit' : FIRST_VIEW;
  const key = startKeys(facts).find(({ keys }) => keys.includes(name));
  if (key === undefined) return view;
  if (key.choice === 'help') return { said: null, isHelp: true };
  return key.disabled === null ? key.choice : { ...view, said: `${key.label}: ${key.disabled}` };
}
