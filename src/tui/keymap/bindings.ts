// The one table of keys: what is pressed, what it is called, when it does nothing and why. Handler, footer, help and
// README are made from it; a key that is not in here does nothing.
import { refusal } from '../../core/commands.ts';
import type { RunCommand } from '../../core/run-command.ts';
import type { Model } from '../store/model.ts';
import type { UiState } from '../ui/ui-state.ts';

export interface Situation {
  readonly model: Model;
  readonly ui: UiState;
}

export type KeyGroup = 'run' | 'screen' | 'move' | 'log';

export interface Binding {
  readonly id: ActionId;
  /** Names as key-names.ts gives them; the first is the one that is shown. */
  readonly keys: readonly string[];
  /** For help and README. */
  readonly label: string;
  /** For the footer, short; null where it is not shown there now. */
  readonly short: (situation: Situation) => string | null;
  readonly group: KeyGroup;
  /** Why it can do nothing now, in one line; null when it can. */
  readonly disabledReason: (situation: Situation) => string | null;
  /** Something is lost by it: a dialog names what, and asks. */
  readonly danger: boolean;
}

export type ActionId =
  | 'pause'
  | 'stop'
  | 'kill'
  | 'restart'
  | 'try_now'
  | 'more'
  | 'fewer'
  | 'edit'
  | 'undo'
  | 'diff'
  | 'raw_log'
  | 'help'
  | 'quit'
  | 'next_panel'
  | 'previous_panel'
  | 'panel'
  | 'zoom'
  | 'open'
  | 'back'
  | 'redraw'
  | 'suspend'
  | 'copy'
  | 'down'
  | 'up'
  | 'page_down'
  | 'page_up'
  | 'top'
  | 'bottom'
  | 'search'
  | 'next_match'
  | 'previous_match'
  | 'filter'
  | 'follow'
  | 'wrap'
  | 'times'
  | 'earlier_attempt'
  | 'later_attempt';

const always = () => null;
const unnamed = () => null;

/** What the core would answer, before anybody asks it. */
function refused(situation: Situation, command: RunCommand): string | null {
  return refusal(situation.model.state, command);
}

export function isPausedOrPausing({ state }: Model): boolean {
  return state.phase.name === 'paused' || state.pauseAsked || state.stopAfterAsked;
}

function whenRunning(word: string): Binding['short'] {
  return ({ model }) => (model.state.current === null ? null : word);
}

function inLog(word: string): Binding['short'] {
  return ({ ui }) => (ui.focus === 'log' ? word : null);
}

function needsSearch({ ui }: Situation): string | null {
  return ui.log.search === '' ? 'nothing is searched yet: / searches' : null;
}

function needsAttempt({ model }: Situation): string | null {
  return model.shown === null ? 'nothing has run yet' : null;
}

function opensSomething(ui: UiState): ui is UiState & { readonly focus: 'iterations' | 'commits' } {
  return ui.focus === 'iterations' || ui.focus === 'commits';
}

function needsMax(change: number): Binding['disabledReason'] {
  return (situation) => {
    const { maxIterations } = situation.model.state.options;
    if (maxIterations === null) return 'this run has no maximum';
    return refused(situation, { name: 'set_max', max: Math.max(1, maxIterations + change) });
  };
}

/** In the order of footer and help. */
export const BINDINGS: readonly Binding[] = [
  {
    id: 'pause',
    keys: ['p'],
    label: 'pause after this iteration; go on',
    short: ({ model }) => (model.state.phase.name === 'finished' ? null : isPausedOrPausing(model) ? 'go on' : 'pause'),
    group: 'run',
    disabledReason: (situation) =>
      refused(situation, isPausedOrPausing(situation.model) ? { name: 'resume', next: false } : { name: 'pause' }),
    danger: false,
  },
  {
    id: 'try_now',
    keys: ['c'],
    label: 'try now: end a wait',
    short: ({ model }) => (model.state.phase.name === 'waiting' ? 'try now' : null),
    group: 'run',
    disabledReason: ({ model }) => (model.state.phase.name === 'waiting' ? null : 'the run waits for nothing'),
    danger: false,
  },
  {
    id: 'stop',
    keys: ['x'],
    label: 'stop the attempt (10 s to end), then pause',
    short: whenRunning('stop'),
    group: 'run',
    disabledReason: (situation) => refused(situation, { name: 'stop', when: 'attempt', attempt: null }),
    danger: true,
  },
  {
    id: 'kill',
    keys: ['X'],
    label: 'kill the attempt now, then pause',
    short: whenRunning('kill'),
    group: 'run',
    disabledReason: (situation) => refused(situation, { name: 'kill', attempt: null }),
    danger: true,
  },
  {
    id: 'restart',
    keys: ['r'],
    label: 'the same iteration again, with a fresh context',
    short: ({ model }) => (model.state.phase.name === 'finished' ? null : 'restart'),
    group: 'run',
    disabledReason: (situation) => refused(situation, { name: 'restart', attempt: null }),
    danger: true,
  },
  {
    id: 'more',
    keys: ['+', '='],
    label: 'one iteration more at most',
    short: unnamed,
    group: 'run',
    disabledReason: needsMax(1),
    danger: false,
  },
  {
    id: 'fewer',
    keys: ['-'],
    label: 'one iteration fewer at most',
    short: unnamed,
    group: 'run',
    disabledReason: needsMax(-1),
    danger: false,
  },
  {
    id: 'edit',
    keys: ['e'],
    label: 'edit prompt, plan or AGENTS.md in $EDITOR',
    short: () => 'edit',
    group: 'run',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'undo',
    keys: ['u'],
    label: 'undo: back to before the iteration under the cursor, or the last one',
    short: unnamed,
    group: 'run',
    disabledReason: ({ model }) =>
      model.state.current !== null
        ? 'not while an attempt runs: x stops it'
        : model.state.receipts.length === 0
          ? 'nothing has run yet'
          : null,
    danger: true,
  },
  {
    id: 'diff',
    keys: ['d'],
    label: 'the work of the attempt on the screen, as a diff in $PAGER',
    short: ({ model }) => (model.shown === null ? null : 'diff'),
    group: 'screen',
    disabledReason: needsAttempt,
    danger: false,
  },
  {
    id: 'raw_log',
    keys: ['v'],
    label: "the agent's own output in $PAGER",
    short: unnamed,
    group: 'log',
    disabledReason: needsAttempt,
    danger: false,
  },
  {
    id: 'search',
    keys: ['/'],
    label: 'search the log',
    short: inLog('search'),
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'next_match',
    keys: ['n'],
    label: 'next match further up',
    short: ({ ui }) => (ui.log.search === '' ? null : 'next'),
    group: 'log',
    disabledReason: needsSearch,
    danger: false,
  },
  {
    id: 'previous_match',
    keys: ['N'],
    label: 'next match further down',
    short: unnamed,
    group: 'log',
    disabledReason: needsSearch,
    danger: false,
  },
  {
    id: 'filter',
    keys: ['&'],
    label: 'show only lines with a word (!word: without it)',
    short: ({ ui }) => (ui.log.filter === '' ? null : 'filter'),
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'follow',
    keys: ['f'],
    label: 'follow the end of the newest log',
    short: ({ ui }) => (ui.log.anchor === 'end' && ui.opened === null ? null : 'follow'),
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'wrap',
    keys: ['w'],
    label: 'wrap long lines',
    short: unnamed,
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  { id: 'times', keys: ['t'], label: 'times', short: unnamed, group: 'log', disabledReason: always, danger: false },
  {
    id: 'earlier_attempt',
    keys: ['['],
    label: 'log of the attempt before',
    short: unnamed,
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'later_attempt',
    keys: [']'],
    label: 'log of the attempt behind',
    short: unnamed,
    group: 'log',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'down',
    keys: ['j', 'down'],
    label: 'down',
    short: unnamed,
    group: 'move',
    disabledReason: always,
    danger: false,
  },
  { id: 'up', keys: ['k', 'up'], label: 'up', short: unnamed, group: 'move', disabledReason: always, danger: false },
  {
    id: 'page_down',
    keys: ['pagedown', 'ctrl+d', 'space'],
    label: 'a page down',
    short: unnamed,
    group: 'move',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'page_up',
    keys: ['pageup', 'ctrl+u'],
    label: 'a page up',
    short: unnamed,
    group: 'move',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'top',
    keys: ['g', 'home'],
    label: 'to the beginning',
    short: unnamed,
    group: 'move',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'bottom',
    keys: ['G', 'end'],
    label: 'to the end',
    short: unnamed,
    group: 'move',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'next_panel',
    keys: ['tab'],
    label: 'next panel',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'previous_panel',
    keys: ['shift+tab'],
    label: 'panel before',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'panel',
    keys: ['1', '2', '3', '4', '5'],
    label: 'go to the panel with that number',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'open',
    keys: ['enter'],
    label: "open: an iteration's log, a commit's diff",
    short: ({ ui }) => (opensSomething(ui) && ui.cursors[ui.focus] !== null ? 'open' : null),
    group: 'screen',
    disabledReason: ({ ui }) => (opensSomething(ui) ? null : 'nothing to open here; 2 goes to the iterations'),
    danger: false,
  },
  {
    id: 'zoom',
    keys: ['z'],
    label: 'zoom the panel, and back',
    short: ({ ui }) => (ui.isZoomed ? 'unzoom' : 'zoom'),
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'back',
    keys: ['escape', 'h'],
    label: 'back: close, unzoom, newest log',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'copy',
    keys: ['y'],
    label: 'copy what the panel shows (log), or the row under the cursor',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'redraw',
    keys: ['ctrl+l'],
    label: 'draw the screen again',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'suspend',
    keys: ['ctrl+z'],
    label: 'suspend the viewer; the run goes on',
    short: unnamed,
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'help',
    keys: ['?'],
    label: 'these keys',
    short: () => 'help',
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
  {
    id: 'quit',
    keys: ['q', 'ctrl+c'],
    label: 'quit the viewer; asks what becomes of the run (^C twice: leaves it running)',
    short: () => 'quit',
    group: 'screen',
    disabledReason: always,
    danger: false,
  },
];

const BY_KEY: ReadonlyMap<string, Binding> = new Map(
  BINDINGS.flatMap((binding) => binding.keys.map((key) => [key, binding] as const)),
);

export function bindingFor(key: string): Binding | null {
  return BY_KEY.get(key) ?? null;
}

export const KEY_GROUPS: readonly (readonly [KeyGroup, string])[] = [
  ['run', 'The run'],
  ['screen', 'The screen'],
  ['move', 'Moving'],
  ['log', 'The log'],
];
