import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../src/agent/log/draft.ts';
import { StreamReader } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf, readTranscript, transcriptNames } from '../transcripts.ts';

function entriesOf(bytes: Uint8Array): LogEntry[] {
  const reader = new StreamReader();
  return [...reader.feed(bytes, '2026-11-21T12:00:00.000Z'), ...reader.end()];
}

/** As a log file would show them, without times. */
function shown(entries: readonly LogEntry[]): string[] {
  return entries.map(
    ({ indent, tag, text, isError }) => `${'  '.repeat(indent)}${tag.padEnd(6)} ${text}${isError ? ' !' : ''}`,
  );
}

const shownTranscript = (name: string) => shown(entriesOf(readTranscript(name).bytes));

test.each(transcriptNames())('%s: every entry is one line with a time', (name) => {
  for (const entry of entriesOf(readTranscript(name).bytes)) {
    expect(entry.text).not.toContain('\n');
    expect(entry.text.length).toBeLessThan(2100);
    expect(entry.at).toMatch(/Z$/);
  }
});

test('a run with tools, some of them called at once', () => {
  expect(shownTranscript('tools')).toEqual([
    'system claude-sonnet-5-5 · Claude Code 2.1.329 · 4cd8d0ee-6ccd-46d6-b7e4-fdd24e0ad9f5',
    "text   I'll create the file.",
    'Write  hello.py',
    '       +1 -0',
    'Edit   hello.py',
    '       +1 -1',
    'text   Running it, and looking around at the same time.',
    'Bash   python3 hello.py',
    'Bash   git status --short',
    '       Bash python3 hello.py:',
    '       hello',
    '       ?? hello.py',
    "Bash   git add -A && git commit -q -m 'Add hello' && git log --oneline | head -1",
    '       04cf525 Add hello',
    'Bash   exit 3',
    'Read   hello.py',
    'Edit   nope.py',
    '       Bash exit 3: !',
    '       Exit code 3 !',
    '       Read hello.py:',
    '       2 lines',
    '       <tool_use_error>File does not exist. Note: your current working directory is /workspace</tool_use_error> !',
    'text   Created, fixed, ran and committed hello.py.',
    'result success · 9 turns · 1s · $0.06',
  ]);
});

test('a subagent is indented, with what it took and what it reports', () => {
  expect(shownTranscript('subagent').slice(1)).toEqual([
    'text   Delegating.',
    'Agent  Look around (general-purpose)',
    '  Bash   ls -a',
    '         .',
    '         ..',
    '         .git',
    '         done · 0s · 1.5k tokens',
    '       Found only .git.',
    'text   The subagent found nothing.',
    'result success · 2 turns · 0s · $0.02',
  ]);
});

test('one in the background goes on behind the main conversation', () => {
  expect(shownTranscript('subagent-background').slice(2, 6)).toEqual([
    'Agent  Look around (general-purpose)',
    'text   Started; carrying on.',
    '  text   Looking.',
    '  Bash   sleep 1; ls -a',
  ]);
});

test('compaction, with long output folded', () => {
  const lines = shownTranscript('auto-compact');
  expect(lines).toContain('compact context 990k → 2.7k tokens · auto');
  expect(lines.slice(2, 14)).toEqual([
    'Bash   seq 1 100',
    ...['1', '2', '3', '4', '… 90 more lines', '95', '96', '97', '98', '99', '100'].map((line) => `       ${line}`),
  ]);
});

test('retries, and the error that ends the run', () => {
  const lines = shownTranscript('401');
  expect(lines[2]).toMatch(/^retry {2}2 of 10 · in \d+s · HTTP 401 authentication_failed !$/);
  expect(lines.slice(-2)).toEqual([
    'text   Invalid API key · Fix external API key !',
    'result error: Invalid API key · Fix external API key · 1 turn · 2m59 · $0.00 !',
  ]);
  expect(shownTranscript('network-down-max-retries-2')[1]).toMatch(/^retry {2}1 of 2 · in 1s · unknown !$/);
});

test('thinking, limits and background work', () => {
  expect(shownTranscript('thinking')[1]).toMatch(/^think {2}90 tokens: The user wants a listing\./);
  expect(shownTranscript('sub-mid-run')).toContain(
    'system usage limit · five_hour · rejected · resets 2026-11-21T09:48:39.000Z',
  );
  expect(shownTranscript('bash-background')).toContain('system Background command "Sleep" completed (exit code 0)');
  expect(shownTranscript('max-turns').at(-1)).toContain('error_max_turns: Reached maximum number of turns (3)');
});

describe('entries carry', () => {
  test('the call that they begin or answer', () => {
    const entries = entriesOf(readTranscript('tools').bytes);
    const calls = entries.filter((entry) => entry.kind === 'tool').map((entry) => entry.toolUseId);
    const answers = new Set(entries.filter((entry) => entry.kind === 'output').map((entry) => entry.toolUseId));
    expect(new Set(calls)).toEqual(answers);
    expect(calls).toHaveLength(8);
  });

  test('raw text: escapes are for whoever shows them', () => {
    expect(entriesOf(readTranscript('unicode').bytes).some((entry) => entry.text.includes('\x1b[31m'))).toBe(true);
  });

  test('nothing from other sessions', () => {
    const text = (session: string, value: string) => ({
      type: 'assistant',
      session_id: session,
      message: { content: [{ type: 'text', text: value }] },
    });
    expect(shown(entriesOf(bytesOf([text('s', 'mine'), text('other', 'forged')])))).toEqual(['text   mine']);
  });
});
