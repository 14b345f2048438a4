import { expect, test } from 'vitest';
import { PASTED, pasted } from '../../../src/tui/ui/pasted.ts';
import { FIRST_UI, type UiState } from '../../../src/tui/ui/ui-state.ts';

const SEARCHING: UiState = { ...FIRST_UI, prompt: { kind: 'search', text: 'a ' } };

test('is no key', () => {
  const { ui, effects } = pasted(FIRST_UI, 'X\ny');
  expect(effects).toEqual([]);
  expect(ui).toMatchObject({ prompt: null, dialog: null, message: { text: PASTED } });
});

test.each([
  ['word', 'a word'],
  ['two\nlines\n', 'a two lines'],
  ['\x1b[31mred\x1b[0m', 'a red'],
])('%j behind what is typed', (text, line) => {
  expect(pasted(SEARCHING, text).ui.prompt?.text).toBe(line);
});

test('a whole file is cut', () => {
  expect(pasted(SEARCHING, 'x'.repeat(100_000)).ui.prompt?.text).toHaveLength(200);
});
