import { describe, expect, test } from 'vitest';
import { followModel } from '../../../src/tui/ui/follow-model.ts';
import { missingLog } from '../../../src/tui/ui/log-keys.ts';
import { askUndo } from '../../../src/tui/ui/press-key.ts';
import { FIRST_UI } from '../../../src/tui/ui/ui-state.ts';
import { Story } from '../../core/story.ts';
import { logRows, modelOf, shownLog } from '../model.ts';
import { press } from './press.ts';

const REF = { iteration: 1, attempt: 1 };
const RUNNING = new Story({ options: { maxIterations: 3 } }).starts().state;
const STOPPED = new Story().tell({
  type: 'paused',
  reason: { kind: 'after_stop', message: 'stopped by you', help: null, headlessExit: null },
}).state;

const send = (command: object, thenQuit = false) => ({ type: 'send', command, thenQuit });

describe('other programs', () => {
  const opens = (what: object) => ({ type: 'open_program', what });

  test.each([
    [['e', 'p'], [opens({ kind: 'edit', file: 'prompt' })]],
    [['e', 'l'], [opens({ kind: 'edit', file: 'plan' })]],
    [['e', 'a'], [opens({ kind: 'edit', file: 'agents' })]],
    [['e', 'escape'], []],
    [['d'], []],
    [['3', 'enter'], []],
  ])('%j without anything on the screen', (keys, effects) => {
    expect(press(modelOf(RUNNING), keys).effects).toEqual(effects);
  });

  test('v opens the raw log of the shown attempt, d reads its diff', () => {
    const model = modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(1)) });
    const attempt = model.shown?.ref;
    expect(press(model, ['v']).effects).toEqual([opens({ kind: 'raw_log', attempt })]);
    expect(press(model, ['d'])).toMatchObject({
      effects: [{ type: 'read_diff', request: { kind: 'attempt', attempt } }],
      ui: { message: { text: 'reading the diff' } },
    });
  });
});

describe('undo', () => {
  const idle = new Story({ options: { step: true } }).attempt('completed').state;

  test('looks first, and asks with what it found', () => {
    const pressed = press(modelOf(idle), ['u']);
    expect(pressed.effects).toEqual([{ type: 'plan_undo', iteration: null }]);
    const asked = askUndo(pressed.ui, modelOf(idle), ['1 commit goes']);
    expect(press(modelOf(idle), ['enter'], asked).effects).toEqual([]);
    expect(press(modelOf(idle), ['y'], asked).effects).toEqual([{ type: 'undo' }]);
  });

  test('is not for a run whose attempt is under way, nor one that began while it looked', () => {
    expect(press(modelOf(RUNNING), ['u']).ui.message?.text).toBe('not while an attempt runs: x stops it');
    expect(askUndo(FIRST_UI, modelOf(RUNNING), ['1 commit goes']).dialog).toBeNull();
  });
});

describe('what is lost is asked for', () => {
  test.each([
    ['x', ['y'], [send({ name: 'stop', when: 'attempt', attempt: REF })]],
    ['x', ['enter'], []],
    ['x', ['x', 'x'], []],
    ['x', ['n'], []],
    ['x', ['escape'], []],
    ['x', ['j', 'enter'], [send({ name: 'stop', when: 'attempt', attempt: REF })]],
    ['X', ['y'], [send({ name: 'kill', attempt: REF })]],
    ['r', ['y'], [send({ name: 'restart', attempt: REF })]],
    ['q', ['enter'], [{ type: 'quit' }]],
    ['q', ['q'], []],
    ['q', ['a'], [send({ name: 'stop', when: 'after_iteration', attempt: null }, true)]],
    ['q', ['s'], [send({ name: 'stop', when: 'now', attempt: null }, true)]],
    ['ctrl+c', ['ctrl+c'], [{ type: 'quit' }]],
  ])('%s then %j', (key, answer, effects) => {
    const asked = press(modelOf(RUNNING), [key]);
    expect(asked.effects).toEqual([]);
    expect(asked.ui.dialog).not.toBeNull();
    expect(press(modelOf(RUNNING), answer, asked.ui).effects).toEqual(effects);
  });

  test('a question about an attempt that has ended goes away, and its command is never sent', () => {
    const { ui } = press(modelOf(RUNNING), ['X']);
    const later = modelOf(new Story().starts().exits().seals('completed').starts().state);
    const followed = followModel(ui, modelOf(RUNNING), later);
    expect(followed.dialog).toBeNull();
    expect(followed.message?.text).toBe('iteration 1 has ended by itself');
  });
});

describe('too small a terminal to see anything', () => {
  const small = (keys: readonly string[], from = FIRST_UI) => press(modelOf(RUNNING), keys, from, { isTooSmall: true });

  test.each([[['X', 'y']], [['x', 'j', 'enter']], [['p']], [['+']], [['/', 'a', 'enter']], [['?']], [['escape']]])(
    '%j does nothing',
    (keys) => expect(small(keys)).toEqual({ ui: FIRST_UI, effects: [] }),
  );

  test('a question that was asked before is not answered', () => {
    const asked = press(modelOf(RUNNING), ['X']).ui;
    expect(small(['y', 'j', 'enter'], asked)).toEqual({ ui: asked, effects: [] });
  });

  test.each([
    ['q', 'quit'],
    ['ctrl+c', 'quit'],
    ['ctrl+z', 'suspend'],
    ['ctrl+l', 'redraw'],
  ])('%s needs nothing seen: %s', (key, type) => {
    expect(small([key]).effects).toEqual([{ type }]);
  });
});

test.each([
  ['a question', ['X']],
  ['a line that is typed into', ['/', 'a']],
  ['a page', ['?']],
])('^Z and ^L are the terminal’s, also over %s', (_, keys) => {
  const open = press(modelOf(RUNNING), keys).ui;
  expect(press(modelOf(RUNNING), ['ctrl+z', 'ctrl+l'], open)).toEqual({
    ui: open,
    effects: [{ type: 'suspend' }, { type: 'redraw' }],
  });
});

test('a demo ends with its viewer, and says so', () => {
  const demo = { ...FIRST_UI, endsRun: true };
  const asked = press(modelOf(RUNNING), ['q'], demo);
  expect(asked.ui.dialog?.kind).toBe('quit_demo');
  expect(press(modelOf(RUNNING), ['enter'], asked.ui).effects).toEqual([{ type: 'quit' }]);
  expect(press(modelOf(RUNNING), ['n'], asked.ui).effects).toEqual([]);
  expect(press(modelOf(RUNNING), ['ctrl+c', 'ctrl+c'], demo).effects).toEqual([{ type: 'quit' }]);
});

test('after a stop the choice opens once, and p opens it again', () => {
  const stopped = modelOf(STOPPED);
  const asked = followModel(FIRST_UI, modelOf(RUNNING), stopped);
  expect(asked.dialog?.kind).toBe('after_stop');
  const { ui: stayed } = press(stopped, ['escape'], asked);
  expect(followModel(stayed, stopped, stopped).dialog).toBeNull();
  expect(press(stopped, ['p', 'r'], stayed).effects).toEqual([send({ name: 'restart', attempt: null })]);
  expect(press(stopped, ['p', 't'], stayed).effects).toEqual([send({ name: 'resume', next: true })]);
  expect(press(stopped, ['p', 'enter'], stayed).effects).toEqual([]);
});

test('p pauses, and goes on where a pause is asked or there', () => {
  expect(press(modelOf(RUNNING), ['p']).effects).toEqual([{ type: 'send', command: { name: 'pause' } }]);
  const asked = new Story().starts().tell({ type: 'command_received', command: { name: 'pause' } }).state;
  expect(press(modelOf(asked), ['p']).effects).toEqual([{ type: 'send', command: { name: 'resume', next: false } }]);
});

test('P plans again, and takes it back', () => {
  const send = (mode: string) => [{ type: 'send', command: { name: 'set_mode', mode } }];
  expect(press(modelOf(RUNNING), ['P']).effects).toEqual(send('plan'));
  const asked = new Story().starts().tell({ type: 'command_received', command: { name: 'set_mode', mode: 'plan' } });
  expect(press(modelOf(asked.state), ['P']).effects).toEqual(send('build'));
});

test('the maximum moves by one, and not below what was reached', () => {
  expect(press(modelOf(RUNNING), ['+', '-']).effects).toEqual([
    { type: 'send', command: { name: 'set_max', max: 4 } },
    { type: 'send', command: { name: 'set_max', max: 2 } },
  ]);
  const endless = press(modelOf(new Story().starts().state), ['+']);
  expect(endless).toMatchObject({ effects: [], ui: { message: { text: 'this run has no maximum' } } });
});

test('a key that can do nothing says why, until the next one', () => {
  const { ui } = press(modelOf(RUNNING), ['c']);
  expect(ui.message?.text).toBe('the run waits for nothing');
  expect(press(modelOf(RUNNING), ['t'], ui).ui.message).toBeNull();
});

test('panels by number, Tab and zoom', () => {
  const model = modelOf(RUNNING);
  expect(press(model, ['1']).ui.focus).toBe('plan');
  expect(press(model, ['tab', 'tab']).ui.focus).toBe('iterations');
  expect(press(model, ['shift+tab']).ui.focus).toBe('vitals');
  expect(press(model, ['z']).ui.isZoomed).toBe(true);
  expect(press(model, ['z', 'escape']).ui.isZoomed).toBe(false);
});

test('typing a search: keys are text until Enter, and Escape takes it back', () => {
  const rows = [...logRows(30), { ...logRows(1, 30)[0], text: 'find q' } as never, ...logRows(30, 31)];
  const model = modelOf(RUNNING, { shown: shownLog(RUNNING, rows) });
  const typing = press(model, ['/', 'f', 'x', 'backspace', 'i', 'n', 'd', 'space', 'q']);
  expect(typing.ui.prompt).toEqual({ kind: 'search', text: 'find q' });
  expect(typing.effects).toEqual([]);
  const found = press(model, ['enter'], typing.ui).ui;
  expect(found.log).toMatchObject({ search: 'find q', match: 30 });
  expect(press(model, ['escape'], typing.ui).ui.log.search).toBe('');
  expect(press(model, ['escape'], found).ui.log.search).toBe('');
});

test('g and G go to the beginning and the end of all of the log', () => {
  const model = modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(200), { hasOlder: true }) });
  const { ui, effects } = press(model, ['g']);
  expect(effects).toEqual([{ type: 'log_beginning' }]);
  expect(ui.log.anchor).toBe(0);
  expect(press(model, ['G'], ui).ui.log.anchor).toBe('end');
  const whole = modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(200)) });
  expect(press(whole, ['g']).effects).toEqual([]);
});

test.each([
  ['at the end', {}, 'end', null],
  ['near the first row', { hasOlder: true }, 15, 'older'],
  ['far from the first row', { hasOlder: true }, 150, null],
  ['near the last row', { hasNewer: true }, 185, 'newer'],
  ['at an end that is not the end', { hasNewer: true }, 'end', 'end'],
  ['while something is loaded', { hasOlder: true, isLoading: true }, 15, null],
] as const)('what of the log has to be read %s', (_, change, anchor, missing) => {
  const model = modelOf(RUNNING, { shown: shownLog(RUNNING, logRows(200), change) });
  const ui = { ...FIRST_UI, log: { ...FIRST_UI.log, anchor } };
  expect(missingLog(ui, model, { logRows: 10, focusRows: 10 })).toBe(missing);
});

test('a search goes on in the file where it finds nothing in memory', () => {
  const rows = logRows(30);
  const search = { type: 'search_log', direction: -1, search: 'zz', filter: '' };
  const more = modelOf(RUNNING, { shown: shownLog(RUNNING, rows, { hasOlder: true }) });
  const searching = press(more, ['/', 'z', 'z', 'enter']);
  expect(searching).toMatchObject({ effects: [search], ui: { message: { text: 'searching zz' } } });
  expect(press(more, ['N'], searching.ui)).toMatchObject({
    effects: [],
    ui: { message: { text: 'nothing in the folded log has zz: Enter unfolds, n searches again' } },
  });
  const whole = modelOf(RUNNING, { shown: shownLog(RUNNING, rows) });
  const nowhere = press(whole, ['/', 'z', 'z', 'enter']).ui;
  expect(nowhere.message?.text).toContain('nothing in the folded log has zz');
  expect(press(whole, ['enter', 'n'], nowhere).ui.message?.text).toBe('nothing in the log has zz');
  const last = press(whole, ['/', 'l', 'i', 'n', 'e', 'space', '2', '9', 'enter', 'n']);
  expect(last.ui.message?.text).toBe('no further line 29 above in the folded log');
});

test('a first search that finds nothing above looks below', () => {
  const rows = logRows(100);
  const whole = modelOf(RUNNING, { shown: shownLog(RUNNING, rows) });
  const top = press(whole, ['g']).ui;
  expect(press(whole, ['/', 'l', 'i', 'n', 'e', 'space', '7', '7', 'enter'], top).ui.log.match).toBe(77);
  const more = modelOf(RUNNING, { shown: shownLog(RUNNING, rows, { hasNewer: true }) });
  expect(press(more, ['/', 'z', 'enter'], top).effects).toMatchObject([{ type: 'search_log', direction: 1 }]);
});

test('Enter shows the answers in the log in full, and folds them again', () => {
  const model = modelOf(RUNNING);
  const { ui, effects } = press(model, ['enter']);
  expect(effects).toEqual([{ type: 'unfold', unfolded: true }]);
  expect(press(model, ['enter'], ui).effects).toEqual([{ type: 'unfold', unfolded: false }]);
});

test('copies what the panel shows, or the commit under the cursor', () => {
  const history = {
    ...modelOf(RUNNING).history,
    commits: [
      { sha: 'a'.repeat(40), subject: 'first', at: '2026-11-21T10:00:00.000Z', iteration: 1 },
      { sha: 'b'.repeat(40), subject: 'second', at: '2026-11-21T10:00:00.000Z', iteration: 1 },
    ],
  };
  const model = modelOf(RUNNING, { history });
  expect(press(model, ['y']).effects).toMatchObject([{ type: 'copy', text: 'text of log' }]);
  expect(press(model, ['3', 'j', 'j', 'y']).effects).toMatchObject([{ type: 'copy', text: 'a'.repeat(40) }]);
});
