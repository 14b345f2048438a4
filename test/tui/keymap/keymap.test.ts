import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { BINDINGS, bindingFor } from '../../../src/tui/keymap/bindings.ts';
import { keyNames, shownKey } from '../../../src/tui/keymap/key-names.ts';
import { keysMarkdown } from '../../../src/tui/keymap/keys-markdown.ts';
import { FIRST_UI } from '../../../src/tui/ui/ui-state.ts';
import { Story } from '../../core/story.ts';
import { modelOf } from '../model.ts';

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test('no key means two things, and every action has one', () => {
  const keys = BINDINGS.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(BINDINGS.map(({ id }) => id)).size).toBe(BINDINGS.length);
  expect(BINDINGS.every((binding) => binding.keys.length > 0)).toBe(true);
});

test('k is up and never kills; what Escape does has a second key', () => {
  expect(bindingFor('k')?.id).toBe('up');
  expect(bindingFor('escape')?.keys).toHaveLength(2);
});

test.each([
  ['jj', {}, ['j', 'j']],
  ['G', { shift: true }, ['G']],
  ['l', { ctrl: true }, ['ctrl+l']],
  ['', { tab: true, shift: true }, ['shift+tab']],
  ['', { pageUp: true }, ['pageup']],
  ['a b\r', {}, ['a', 'space', 'b', 'enter']],
  ['x', { meta: true }, []],
  ['漢', {}, ['漢']],
])('%j with %j is %j', (input, flags, names) => {
  expect(keyNames(input, { ...NO_KEY, ...flags })).toEqual(names);
});

test.each([
  ['ctrl+l', '^L'],
  ['pageup', 'PgUp'],
  ['X', 'X'],
])('%s is shown as %s', (name, shown) => {
  expect(shownKey(name)).toBe(shown);
});

test('the README table has every binding', () => {
  const markdown = keysMarkdown();
  for (const { keys, label } of BINDINGS) {
    expect(markdown).toContain(`\`${shownKey(keys[0] ?? '')}\``);
    expect(markdown).toContain(label);
  }
});

const RUNNING = new Story({ options: { maxIterations: 3 } }).starts();
const PAUSED = new Story().tell({
  type: 'paused',
  reason: { kind: 'asked', message: 'asked', help: null, headlessExit: null },
});
const WAITING = new Story().attempt('transient');
const FINISHED = new Story().tell({ type: 'finished', reason: 'done', message: 'all done', nextCommand: null });

test.each([
  ['running', RUNNING, ['try_now'], ['pause', 'stop', 'kill', 'restart', 'more', 'fewer']],
  ['paused', PAUSED, ['stop', 'kill', 'try_now', 'more', 'fewer'], ['pause', 'restart']],
  ['waiting', WAITING, ['stop', 'kill'], ['pause', 'try_now', 'restart']],
  ['finished', FINISHED, ['pause', 'stop', 'kill', 'restart', 'try_now', 'more'], ['quit', 'help', 'zoom']],
] as const)('what can be done with a run that is %s', (_, story, disabled, enabled) => {
  const situation = { model: modelOf(story.state), ui: FIRST_UI };
  const reasonOf = (id: string) => BINDINGS.find((binding) => binding.id === id)?.disabledReason(situation);
  for (const id of disabled) expect(reasonOf(id), id).toEqual(expect.any(String));
  for (const id of enabled) expect(reasonOf(id), id).toBeNull();
});
