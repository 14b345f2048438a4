import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/agent/log-lines.ts';
import { LogBuffer } from '../../../src/tui/store/log-buffer.ts';

const entry = (change: Partial<LogEntry>): LogEntry => ({
  at: '2026-11-21T10:00:00.000Z',
  kind: 'text',
  indent: 0,
  tag: 'text',
  text: 'x',
  isError: false,
  toolUseId: null,
  ...change,
});
const call = (id: string, name: string, text: string) => entry({ kind: 'tool', tag: name, text, toolUseId: id });
const answer = (id: string, text: string, change: Partial<LogEntry> = {}) =>
  entry({ kind: 'output', tag: '', text, toolUseId: id, ...change });
const textsOf = (buffer: LogBuffer) => buffer.rows.map(({ text }) => text);

test('an answer of one line goes behind its call, also when another call came between', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append([call('1', 'Edit', 'a.ts'), call('2', 'Read', 'b.ts')]);
  buffer.append([answer('1', '+9 -3'), answer('2', '214 lines')]);
  expect(textsOf(buffer)).toEqual(['a.ts +9 -3', 'b.ts (214 lines)']);
});

test('what a command prints, what failed and what has more lines stays below', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append([
    call('1', 'Bash', 'wc'),
    answer('1', '3 lines'),
    call('2', 'Edit', 'a'),
    answer('2', '+1 -1', { isError: true }),
  ]);
  buffer.append([call('3', 'Grep', 'x'), answer('3', 'first'), answer('3', '2 lines')]);
  expect(textsOf(buffer)).toEqual(['wc', '3 lines', 'a', '+1 -1', 'x', 'first', '2 lines']);
});

test('ids go up behind, down in front, and stay', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append([entry({ text: 'c' }), entry({ text: 'd' })]);
  buffer.prepend([entry({ text: 'a' }), entry({ text: 'b' })]);
  expect(buffer.rows.map(({ id, text }) => `${id}${text}`)).toEqual(['-2a', '-1b', '0c', '1d']);
  buffer.dropBefore(0);
  buffer.append([entry({ text: 'e' })]);
  expect(buffer.rows.map(({ id }) => id)).toEqual([0, 1, 2]);
});

test('texts are safe, short and on one line; times are those of the zone', () => {
  const buffer = new LogBuffer('Europe/Berlin');
  buffer.append([entry({ tag: '\x1b[31mtool', text: `\x1b]0;x\x07a\nb${'y'.repeat(9_000)}`, indent: 99, at: null })]);
  buffer.append([entry({ kind: 'result', text: 'success · 2 turns' })]);
  const [first, second] = buffer.rows;
  expect(first?.tag).toBe('tool');
  expect(first?.text).toMatch(/^a by+$/);
  expect(first?.text.length).toBeLessThan(4_100);
  expect(first?.indent).toBe(8);
  expect(first?.time).toBe('--:--:--');
  expect(second).toMatchObject({ time: '11:00:00', text: 'success, 2 turns' });
});
