// What each dialog asks, what can be answered, and what every answer leads to. The first answer is the harmless one.
import { assertNever } from '../../core/assert-never.ts';
import { attemptName } from '../../core/attempt-ref.ts';
import { formatCost } from '../../report/spend.ts';
import { formatDuration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import type { Model } from '../store/model.ts';
import type { EditableFile, UiEffect } from './effects.ts';
import type { Dialog } from './ui-state.ts';

export interface DialogOption {
  /** Chooses at once. Never the key that opened the dialog: pressing it twice agrees to nothing. */
  readonly key: string;
  readonly label: string;
  readonly effects: readonly UiEffect[];
}

export interface DialogText {
  readonly title: string;
  /** What is lost, or what the question is about. */
  readonly body: readonly string[];
  readonly options: readonly DialogOption[];
}

export function dialogText(dialog: Dialog, model: Model): DialogText {
  switch (dialog.kind) {
    case 'quit':
      return quitText(model);
    case 'quit_demo':
      return QUIT_DEMO_TEXT;
    case 'stop':
    case 'kill':
    case 'restart':
      return lossText(dialog, model);
    case 'undo':
      return undoText(dialog.lines);
    case 'edit':
      return editText(model);
    case 'after_stop':
      return afterStopText(model);
    default:
      return assertNever(dialog);
  }
}

function quitText(model: Model): DialogText {
  const isRunning = model.state.current !== null;
  const quit: UiEffect = { type: 'quit' };
  return {
    title: 'Quit the viewer',
    body: ['What becomes of the run?', ...(isRunning ? [`Stopping now loses ${loss(model)}.`] : [])],
    options: [
      { key: 'l', label: 'leave it running', effects: [quit] },
      ...(isRunning
        ? [
            {
              key: 'a',
              label: 'end it after this iteration',
              effects: [send({ name: 'stop', when: 'after_iteration', attempt: null }, true)],
            },
          ]
        : []),
      { key: 's', label: 'stop it now', effects: [send({ name: 'stop', when: 'now', attempt: null }, true)] },
      { key: 'n', label: 'stay here', effects: [] },
    ],
  };
}

function lossText({ kind, attempt }: Extract<Dialog, { attempt: unknown }>, model: Model): DialogText {
  const acts = {
    stop: {
      title: 'Stop',
      yes: 'stop it, then ask how to go on',
      effect: send({ name: 'stop', when: 'attempt', attempt }),
    },
    kill: { title: 'Kill', yes: 'kill it, then ask how to go on', effect: send({ name: 'kill', attempt }) },
    restart: {
      title: 'Restart',
      yes: 'stop it and begin again with a fresh context',
      effect: send({ name: 'restart', attempt }),
    },
  } as const;
  const { title, yes, effect } = acts[kind];
  return {
    title: `${title} iteration ${attemptName(attempt)}?`,
    body: [`${loss(model)}.`, 'What is committed stays, and so do the files in the work tree.'],
    options: [
      { key: 'n', label: 'no, let it run', effects: [] },
      { key: 'y', label: yes, effects: [effect] },
    ],
  };
}

function afterStopText(model: Model): DialogText {
  const { iteration } = model.state;
  return {
    title: `Iteration ${iteration} was stopped`,
    body: ['How does the run go on?'],
    options: [
      { key: 'n', label: 'stay paused for now', effects: [] },
      { key: 'r', label: `the same iteration ${iteration} again`, effects: [send({ name: 'restart', attempt: null })] },
      { key: 't', label: `the next iteration, ${iteration + 1}`, effects: [send({ name: 'resume', next: true })] },
    ],
  };
}

function undoText(lines: readonly string[]): DialogText {
  return {
    title: 'Undo',
    body: [...lines, 'All of it is kept; its receipt says where.'],
    options: [
      { key: 'n', label: 'no, leave it as it is', effects: [] },
      { key: 'y', label: 'undo it', effects: [{ type: 'undo' }] },
    ],
  };
}

const QUIT_DEMO_TEXT: DialogText = {
  title: 'Quit the demo',
  body: ['Its run ends, and its scratch repository goes.'],
  options: [
    { key: 'y', label: 'end the demo', effects: [{ type: 'quit' }] },
    { key: 'n', label: 'stay here', effects: [] },
  ],
};

function editText({ state }: Model): DialogText {
  const reader = state.phase.name === 'finished' ? 'run' : 'iteration';
  return {
    title: 'Edit',
    body: [`The next ${reader} reads it as you leave it.`],
    options: [
      { key: 'p', label: 'the prompt', effects: [edit('prompt')] },
      { key: 'l', label: 'the plan', effects: [edit('plan')] },
      { key: 'a', label: 'AGENTS.md', effects: [edit('agents')] },
      { key: 'n', label: 'nothing', effects: [] },
    ],
  };
}

function edit(file: EditableFile): UiEffect {
  return { type: 'open_program', what: { kind: 'edit', file } };
}

/** `11m14 of work, ≈$0.84, 3 uncommitted files` */
export function loss({ report, state, uncommitted }: Model): string {
  const before = state.receipts.reduce((sum, receipt) => sum + receipt.costUsd, 0);
  const costUsd = report.costUsd - before;
  const files = Array.isArray(uncommitted) ? uncommitted.length : report.filesChanged;
  const parts = [
    report.attemptElapsedMs === null ? null : `${formatDuration(report.attemptElapsedMs)} of work`,
    costUsd > 0 ? formatCost({ costUsd, costBasis: 'estimated' }) : null,
    files > 0 ? plural(files, 'uncommitted file') : 'nothing uncommitted',
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function send(command: Extract<UiEffect, { type: 'send' }>['command'], thenQuit = false): UiEffect {
  return { type: 'send', command, thenQuit };
}
