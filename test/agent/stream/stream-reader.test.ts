import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/agent/outcome/outcome.ts';
import { asSnapshot, digestOf, StreamReader } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf, CLEAN_EXIT, linesOf, readTranscript, transcriptNames } from '../transcripts.ts';

const AT = '2026-11-21T12:00:00.000Z';

test('chunks of any size give the same digest and the same lines', () => {
  const { bytes } = readTranscript('tools');
  const whole = new StreamReader();
  const expected = [...whole.feed(bytes, AT), ...whole.end(AT)];
  expect(expected.length).toBeGreaterThan(20);
  for (const size of [1, 7, 4096]) {
    const reader = new StreamReader();
    const entries = [];
    for (let at = 0; at < bytes.length; at += size) entries.push(...reader.feed(bytes.subarray(at, at + size), AT));
    expect([...entries, ...reader.end(AT)]).toEqual(expected);
    expect(reader.snapshot()).toEqual(whole.snapshot());
  }
});

test.each(transcriptNames().filter((name) => name !== 'huge-output'))(
  '%s: taken up again after any line, from JSON, it ends the same',
  (name) => {
    const { bytes } = readTranscript(name);
    const expected = digestOf(bytes);
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, end + 1)) {
      const first = new StreamReader();
      // Some bytes more: a line that is not complete is read by the next reader.
      first.feed(bytes.subarray(0, Math.min(bytes.length, end + 9)));
      const from = asSnapshot(JSON.parse(JSON.stringify(first.snapshot())));
      expect(from?.offset).toBe(end + 1);
      const second = new StreamReader({ ...(from && { from }) });
      second.feed(bytes.subarray(from?.offset ?? 0));
      second.end();
      expect(second.digest).toEqual(expected);
      expect(second.offset).toBe(bytes.length);
    }
  },
);

test('a cut last line is skipped and counted, a whole one without a line feed is read', () => {
  const lines = linesOf(readTranscript('text'));
  const whole = bytesOf(lines);
  expect(digestOf(whole.subarray(0, -1))).toMatchObject({ results: 1, skippedLines: 0 });
  expect(digestOf(whole.subarray(0, -40))).toMatchObject({ results: 0, result: null, skippedLines: 1 });
});

test('blank lines are nothing, others that are no message are counted', () => {
  const bytes = new TextEncoder().encode('\n  \r\nWarning: something\n{"type":"system"}\n{"a":1}\n');
  expect(digestOf(bytes)).toMatchObject({ messages: 1, skippedLines: 2 });
});

test('a line that is too long is skipped and counted', () => {
  const reader = new StreamReader({ lineLimitBytes: 100, wantEntries: false });
  reader.feed(bytesOf(['x'.repeat(101), { type: 'system', subtype: 'init', session_id: 's', model: 'claude-opus-5' }]));
  expect(reader.digest).toMatchObject({ skippedLines: 1, model: 'claude-opus-5' });
});

test.each([
  null,
  7,
  {},
  { offset: 1 },
  { offset: -1, digest: digestOf(new Uint8Array()) },
  { offset: 'x', digest: digestOf(new Uint8Array()) },
  { offset: 1, digest: { ...digestOf(new Uint8Array()), schema: 0 } },
])('a cache of another shape is no snapshot: %#', (value) => {
  expect(asSnapshot(value)).toBeNull();
});

describe('broken streams', () => {
  test('never throw, and are never completed without a good last result', () => {
    const random = randomFrom(42);
    let completed = 0;
    for (const name of transcriptNames().filter((entry) => !['huge-output', 'stdout-closed'].includes(entry))) {
      const lines = linesOf(readTranscript(name));
      for (let round = 0; round < 12; round += 1) {
        const bytes = corrupt(lines, random);
        const reader = new StreamReader();
        for (let at = 0; at < bytes.length; ) {
          const size = 1 + Math.floor(random() * 3000);
          reader.feed(bytes.subarray(at, at + size), AT);
          at += size;
        }
        reader.end(AT);
        const outcome = judge({
          digest: reader.digest,
          exit: CLEAN_EXIT,
          stderrTail: '',
          ourAction: null,
          startFailed: null,
        });
        if (outcome.kind !== 'completed') continue;
        completed += 1;
        expect(lastGoodResult(bytes), name).toBe(true);
      }
    }
    expect(completed).toBeGreaterThan(20);
  });

  /** Cuts, shuffles, drops and repeats lines, and breaks single bytes. */
  function corrupt(lines: readonly string[], random: () => number): Uint8Array {
    let mixed = lines.filter(() => random() > 0.1).flatMap((line) => (random() < 0.1 ? [line, line] : [line]));
    if (random() < 0.4)
      mixed = mixed
        .map((line) => ({ line, key: random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ line }) => line);
    mixed = mixed.map((line) => (random() < 0.1 ? line.slice(0, Math.floor(random() * line.length)) : line));
    const bytes = bytesOf(mixed);
    const breaks = random() < 0.5 ? 0 : 8;
    for (let count = 0; count < breaks && bytes.length > 0; count += 1) {
      bytes[Math.floor(random() * bytes.length)] = [0, 10, 34, 0xff, 0xc3][Math.floor(random() * 5)] ?? 0;
    }
    return random() < 0.5 ? bytes : bytes.subarray(0, Math.floor(random() * bytes.length));
  }

  function lastGoodResult(bytes: Uint8Array): boolean {
    const results = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .flatMap((line) => {
        try {
          const value = JSON.parse(line.replaceAll('\0', ''));
          return value.type === 'result' ? [value] : [];
        } catch {
          return [];
        }
      });
    return results.at(-1)?.is_error === false && results.at(-1)?.subtype === 'success';
  }

  /** mulberry32: the same numbers in every run. */
  function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }
});
