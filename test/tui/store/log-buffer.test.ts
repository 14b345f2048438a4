import { expect, test } from 'vitest';
import type { LogEntry } from '../../../src/agent/log/draft.ts';
import type { ReadLine } from '../../../src/agent/stream/stream-reader.ts';
import { LogBuffer } from '../../../src/tui/store/log-buffer.ts';
import { rowId, rowOffset } from '../../../src/tui/store/log-row.ts';

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
/** Messages one after the other, each of so many entries, a hundred bytes long. */
const lines = (first: number, ...messages: LogEntry[][]): ReadLine[] =>
  messages.map((entries, index) => ({ offset: (first + index) * 100, entries }));
const textsOf = (buffer: LogBuffer) => buffer.rows.map(({ text }) => text);

test('an answer of one line goes behind its call, also when another call came between', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append(lines(0, [call('1', 'Edit', 'a.ts')], [call('2', 'Read', 'b.ts')]));
  buffer.append(lines(2, [answer('1', '+9 -3')], [answer('2', '214 lines')]));
  expect(textsOf(buffer)).toEqual(['a.ts +9 -3', 'b.ts (214 lines)']);
});

test('what a command prints, what failed and what has more lines stays below', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append(
    lines(
      0,
      [call('1', 'Bash', 'wc')],
      [answer('1', '3 lines')],
      [call('2', 'Edit', 'a')],
      [answer('2', '+1 -1', { isError: true })],
      [call('3', 'Grep', 'x')],
      [answer('3', 'first'), answer('3', '2 lines')],
    ),
  );
  expect(textsOf(buffer)).toEqual(['wc', '3 lines', 'a', '+1 -1', 'x', 'first', '2 lines']);
});

test('ids tell the place in the log, in its order, wherever reading begins', () => {
  const buffer = new LogBuffer('UTC');
  buffer.append(lines(2, [entry({ text: 'c' }), entry({ text: 'd' })], [entry({ text: 'e' })]));
  buffer.prepend(lines(0, [entry({ text: 'a' })], [entry({ text: 'b' })]));
  expect(textsOf(buffer)).toEqual(['a', 'b', 'c', 'd', 'e']);
  const ids = buffer.rows.map(({ id }) => id);
  expect(ids).toEqual([rowId(0, 0), rowId(100, 0), rowId(200, 0), rowId(200, 1), rowId(300, 0)]);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(ids.map(rowOffset)).toEqual([0, 100, 200, 200, 300]);
});

test('what is forgotten goes by whole messages', () => {
  const full = () => {
    const buffer = new LogBuffer('UTC');
    const two = (text: string) => [entry({ text: `${text}1` }), entry({ text: `${text}2` })];
    buffer.append(lines(0, two('a'), two('b'), two('c')));
    return buffer;
  };
  const last = full();
  expect(last.keepLast(3)).toBe(100);
  expect(textsOf(last)).toEqual(['b1', 'b2', 'c1', 'c2']);
  const first = full();
  expect(first.keepFirst(3)).toBe(100);
  expect(textsOf(first)).toEqual(['a1', 'a2']);
  expect(full().keepLast(6)).toBe(0);
  expect(full().keepFirst(6)).toBeNull();
});

test('texts are safe, short and on one line; times are those of the zone', () => {
  const buffer = new LogBuffer('Europe/Berlin');
  const hostile = { tag: '\x1b[31mtool', text: `\x1b]0;x\x07a\nb${'y'.repeat(9_000)}`, indent: 99, at: null };
  buffer.append(lines(0, [entry(hostile)], [entry({ kind: 'result', text: 'success · 2 turns' })]));
  const [first, second] = buffer.rows;
  expect(first?.tag).toBe('tool');
  expect(first?.text).toMatch(/^a by+$/);
  expect(first?.text.length).toBeLessThan(4_100);
  expect(first?.indent).toBe(8);
  expect(first?.time).toBe('--:--:--');
  expect(second).toMatchObject({ time: '11:00:00', text: 'success, 2 turns' });
});
