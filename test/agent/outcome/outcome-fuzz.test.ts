// Recorded runs cut, shuffled, truncated and corrupted: always an answer, and success only where the agent said so.
import { expect, test } from 'vitest';
import { judge, judgeLog } from '../../../src/agent/outcome/outcome.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { OUTCOME_KINDS } from '../../../src/core/outcome.ts';
import { below, seeded } from '../random.ts';
import { CLEAN_EXIT, readTranscript, transcriptNames } from '../transcripts.ts';

type Random = () => number;

const CHANGES: Readonly<Record<string, (bytes: Uint8Array, random: Random) => Uint8Array>> = {
  cut: (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  'cut at its beginning': (bytes, random) => bytes.subarray(below(random, bytes.length + 1)),
  shuffled: (bytes, random) => joined(shuffled(linesOf(bytes), random)),
  'with lines missing': (bytes, random) => joined(linesOf(bytes).filter(() => random() < 0.7)),
  'with lines cut': (bytes, random) =>
    joined(linesOf(bytes).map((line) => (random() < 0.3 ? line.slice(0, below(random, line.length + 1)) : line))),
  corrupted: (bytes, random) => {
    const copy = Uint8Array.from(bytes);
    // Few as well: forty in a short log leave nothing of its end.
    for (let count = below(random, 40); count > 0; count--) copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  'with NUL bytes': (bytes, random) => {
    const copy = Uint8Array.from(bytes);
    const start = below(random, copy.length);
    return copy.fill(0, start, start + below(random, 5_000));
  },
};

function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString('latin1').split('\n');
}

function joined(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join('\n'), 'latin1');
}

function shuffled(lines: readonly string[], random: Random): string[] {
  return lines
    .map((line) => ({ line, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ line }) => line);
}

/** Of the last line that says it is a result; null without one. Independent of what is tested. */
function lastResultIsGood(bytes: Uint8Array): boolean | null {
  let good: boolean | null = null;
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    try {
      const value = JSON.parse(line.replaceAll('\0', '')) as { type?: unknown; subtype?: unknown; is_error?: unknown };
      if (value.type === 'result') good = value.subtype === 'success' && value.is_error === false;
    } catch {
      // No whole line.
    }
  }
  return good;
}

// The big one is one of a kind in size only.
const NAMES = transcriptNames().filter((name) => name !== 'huge-output');

test.each(Object.entries(CHANGES))('%s', (_name, change) => {
  const random = seeded(11);
  let completed = 0;
  let others = 0;
  for (const name of NAMES) {
    const { bytes, stderr } = readTranscript(name);
    for (let round = 0; round < 4; round++) {
      const changed = change(bytes, random);
      const digest = digestOf(changed);
      const good = lastResultIsGood(changed);
      const exitCode = [0, 1, 137, null][round] ?? null;
      const log = { digest, exitCode, stderrTail: stderr, oomKilled: false, stopped: false, endedAt: null };
      const outcomes = [
        judgeLog(log),
        judge({
          digest,
          exit: { ...CLEAN_EXIT, code: exitCode },
          stderrTail: stderr,
          ourAction: null,
          startFailed: null,
        }),
      ];
      for (const { kind, message } of outcomes) {
        expect(OUTCOME_KINDS).toContain(kind);
        expect(message).toMatch(/^[^\n\r\x1b]{5,900}$/);
        if (kind === 'completed') {
          expect(good, `${name}, round ${round}`).toBe(true);
          expect(exitCode ?? 0).toBe(0);
          completed += 1;
        } else others += 1;
      }
    }
  }
  // Both sides of the rule were met.
  expect(others).toBeGreaterThan(100);
  expect(completed).toBeGreaterThan(0);
});
