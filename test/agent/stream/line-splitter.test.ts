import { expect, test } from 'vitest';
import { LineSplitter, type StreamLine } from '../../../src/agent/stream/line-splitter.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (line: StreamLine | null) => (line === null ? null : new TextDecoder().decode(line.bytes));

test('however the chunks fall, the lines and their offsets are the same', () => {
  const stream = bytes('first\n\nthird ünïcödé 漢字\nlast one');
  const whole = new LineSplitter();
  const expected = [...whole.push(stream)].map((line) => [line.offset, text(line)]);
  expect(expected).toEqual([
    [0, 'first'],
    [6, ''],
    [7, 'third ünïcödé 漢字'],
  ]);
  for (let size = 1; size <= stream.length; size += 1) {
    const splitter = new LineSplitter();
    const lines: StreamLine[] = [];
    for (let at = 0; at < stream.length; at += size) lines.push(...splitter.push(stream.subarray(at, at + size)));
    expect(lines.map((line) => [line.offset, text(line)])).toEqual(expected);
    expect(text(splitter.end())).toBe('last one');
    expect(splitter.offset).toBe(stream.length);
  }
});

test('the offset stays before a line that is not complete, and goes on from where it was taken up', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(bytes('ab\ncd')).map((line) => line.offset)).toEqual([100]);
  expect(splitter.offset).toBe(103);
  expect(splitter.push(bytes('ef\n')).map((line) => [line.offset, text(line)])).toEqual([[103, 'cdef']]);
  expect(splitter.offset).toBe(108);
  expect(splitter.end()).toBeNull();
});

test('a caller may fill its buffer again', () => {
  const splitter = new LineSplitter();
  const buffer = bytes('half of');
  splitter.push(buffer);
  buffer.fill(0x78);
  expect(splitter.push(bytes(' it\n')).map(text)).toEqual(['half of it']);
});

test.each([
  ['in one chunk', 1000],
  ['in small chunks', 7],
])('a line over the limit is skipped and counted, and the next one is whole: %s', (_name, size) => {
  const stream = bytes(`ok\n${'x'.repeat(50)}\nafter\n${'y'.repeat(20)}\n${'z'.repeat(21)}`);
  const splitter = new LineSplitter(0, 20);
  const lines: StreamLine[] = [];
  for (let at = 0; at < stream.length; at += size) lines.push(...splitter.push(stream.subarray(at, at + size)));
  expect(lines.map((line) => [line.offset, text(line)])).toEqual([
    [0, 'ok'],
    [54, 'after'],
    [60, 'y'.repeat(20)],
  ]);
  expect(splitter.end()).toBeNull();
  expect(splitter.skippedLines).toBe(2);
  expect(splitter.offset).toBe(stream.length);
});
