// The engine's log stream, cut anywhere.
import { describe, expect, test } from 'vitest';
import type { Offsets } from '../../../src/core/sandbox.ts';
import { LogDemux } from '../../../src/sandbox/docker/log-demux.ts';

function frame(kind: number, payload: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = kind;
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

const STREAM = Buffer.concat([
  frame(1, 'out one\n'),
  frame(2, ''),
  frame(2, 'err ü\n'),
  frame(1, 'out two'),
  frame(1, '!'),
]);

function read(cuts: readonly number[], from: Offsets = { stdout: 0, stderr: 0 }) {
  const demux = new LogDemux(from);
  const text = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  let start = 0;
  for (const end of [...cuts, STREAM.length]) {
    for (const chunk of demux.push(STREAM.subarray(start, end))) {
      expect(chunk.bytes.length).toBeGreaterThan(0);
      text[chunk.stream].push(chunk.bytes);
    }
    start = end;
  }
  expect(demux.isCut).toBe(false);
  return [Buffer.concat(text.stdout).toString(), Buffer.concat(text.stderr).toString()];
}

test('in one piece', () => {
  expect(read([])).toEqual(['out one\nout two!', 'err ü\n']);
});

test('cut in two at every place', () => {
  for (let cut = 0; cut <= STREAM.length; cut += 1) expect(read([cut])).toEqual(['out one\nout two!', 'err ü\n']);
});

test('byte by byte', () => {
  expect(read(Array.from(STREAM.keys()))).toEqual(['out one\nout two!', 'err ü\n']);
});

describe('from offsets', () => {
  test.each([
    [{ stdout: 3, stderr: 0 }, ' one\nout two!', 'err ü\n'],
    [{ stdout: 8, stderr: 4 }, 'out two!', 'ü\n'],
    [{ stdout: 15, stderr: 7 }, '!', ''],
    [{ stdout: 16, stderr: 7 }, '', ''],
    [{ stdout: 99, stderr: 99 }, '', ''],
  ])('%o', (from, stdout, stderr) => {
    expect(read([5, 30], from)).toEqual([stdout, stderr]);
    expect(read(Array.from(STREAM.keys()), from)).toEqual([stdout, stderr]);
  });
});

test('a stream that ends inside a frame is known as cut', () => {
  const demux = new LogDemux({ stdout: 0, stderr: 0 });
  demux.push(STREAM.subarray(0, 10));
  expect(demux.isCut).toBe(true);
});

test('the engine’s own voice, and what is no log, are errors', () => {
  for (const bytes of [frame(3, 'error grabbing logs'), Buffer.from('{"message":"page not found"}')]) {
    expect(() => new LogDemux({ stdout: 0, stderr: 0 }).push(bytes)).toThrow(/broke off/);
  }
});
