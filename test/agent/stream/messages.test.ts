import { describe, expect, test } from 'vitest';
import { isBlank, parseArray, parseLine, parseMessage } from '../../../src/agent/stream/messages.ts';
import { linesOf, readTranscript, transcriptNames } from '../transcripts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('every line of every transcript is a message, with its session', () => {
  for (const name of transcriptNames()) {
    for (const line of linesOf(readTranscript(name))) {
      expect(parseLine(bytes(line))?.sessionId, `${name}: ${line.slice(0, 80)}`).toMatch(/^[0-9a-f-]{36}$/);
    }
  }
});

test.each([
  ['nothing', ''],
  ['no JSON', 'error: cannot'],
  ['a cut line', '{"type":"assistant","message":{"content":[{"type":"te'],
  ['a JSON string', '"type"'],
  ['an array', '[{"type":"result"}]'],
  ['null', 'null'],
  ['no type', '{"subtype":"init"}'],
  ['a type that is no string', '{"type":{"a":1}}'],
])('%s is no message', (_name, line) => {
  expect(parseLine(bytes(line))).toBeNull();
});

test('NUL bytes, a byte order mark, a terminal’s escape codes and invalid UTF-8 do not cost the line', () => {
  expect(parseLine(bytes('\0\0\0{"type":"result","result":"fine"}'))).toMatchObject({ kind: 'result', text: 'fine' });
  expect(parseLine(bytes('\ufeff{"type":"result","result":"fine"}'))).toMatchObject({ kind: 'result', text: 'fine' });
  const painted = '\x1b]0;loop\x07\x1b[?25l\x1b[1;32m{"type":"result",\x1b[K"result":"\\u001b[1mfine"}\x1b[0m\x1b(B\r';
  expect(parseLine(bytes(painted))).toMatchObject({ kind: 'result', text: '\x1b[1mfine' });
  const broken = new Uint8Array([...bytes('{"type":"result","result":"'), 0xff, 0xc3, ...bytes('"}')]);
  expect(parseLine(broken)).toMatchObject({ kind: 'result', text: '\ufffd\ufffd' });
});

test.each<[string, string, string[]]>([
  ['two messages', '[{"type":"x"},{"type":"result"}]', ['unknown', 'result']],
  ['other things among them', '[null,{"type":"result"},7,[],{"a":1}]', ['result']],
  ['a cut one', '[{"type":"result"}', []],
  ['no array', '{"type":"result"}', []],
])('an array: %s', (_name, line, kinds) => {
  expect(parseArray(bytes(line)).map(({ kind }) => kind)).toEqual(kinds);
});

test('blank lines are told from broken ones', () => {
  expect(isBlank(bytes(' \t\r'))).toBe(true);
  expect(isBlank(bytes(' \0'))).toBe(false);
});

test('unknown types and subtypes are messages without a meaning', () => {
  expect(parseMessage({ type: 'tool_progress', session_id: 's' })).toMatchObject({
    kind: 'unknown',
    type: 'tool_progress',
  });
  expect(parseMessage({ type: 'system', subtype: 'from_the_future' })).toMatchObject({
    kind: 'unknown',
    type: 'system/from_the_future',
  });
});

describe('fields of a wrong type', () => {
  const WRONG = [
    null,
    7,
    'text',
    true,
    [],
    {},
    [null],
    [[]],
    { content: 7 },
    [{ type: 7 }],
    [{ type: 'text', text: 7 }],
  ];
  const KNOWN = [
    'message',
    'session_id',
    'subtype',
    'timestamp',
    'tool_use_result',
    'rate_limit_info',
    'errors',
    'modelUsage',
  ];
  const MORE = [
    'usage',
    'tasks',
    'compact_metadata',
    'error',
    'patch',
    'result',
    'parent_tool_use_id',
    'api_error_params',
  ];
  const TYPES = ['assistant', 'user', 'result', 'rate_limit_event', 'system'];
  const SUBTYPES = [
    'init',
    'api_retry',
    'status',
    'compact_boundary',
    'task_started',
    'task_updated',
    'background_tasks_changed',
  ];

  test('never throw', () => {
    let parsed = 0;
    for (const type of TYPES) {
      for (const subtype of type === 'system' ? SUBTYPES : ['success']) {
        for (const field of [...KNOWN, ...MORE]) {
          for (const value of WRONG) {
            const message = {
              content: [{ type: 'tool_result', tool_use_id: 'a', content: value }],
              usage: value,
              id: value,
            };
            if (parseMessage({ type, subtype, message, [field]: value }) !== null) parsed += 1;
          }
        }
      }
    }
    expect(parsed).toBe((TYPES.length - 1 + SUBTYPES.length) * (KNOWN.length + MORE.length) * WRONG.length);
  });

  test('count as absent', () => {
    const line = {
      type: 'result',
      subtype: 7,
      is_error: 'no',
      result: ['x'],
      errors: 'x',
      total_cost_usd: '1',
      num_turns: null,
    };
    expect(parseMessage(line)).toMatchObject({
      subtype: null,
      isError: null,
      text: '',
      errors: [],
      totalCostUsd: null,
      turns: null,
    });
  });
});

test('reset times become ISO 8601, and impossible ones nothing', () => {
  const info = (resetsAt: unknown) => parseMessage({ type: 'rate_limit_event', rate_limit_info: { resetsAt } });
  expect(info(1795254519)).toMatchObject({ info: { resetsAt: '2026-11-21T09:48:39.000Z' } });
  for (const value of [1e300, -5, 0, 'soon', Number.NaN, null])
    expect(info(value)).toMatchObject({ info: { resetsAt: null } });
});

test('edits are counted from the patch, and a new file by its lines', () => {
  const edit = { filePath: '/a', structuredPatch: [{ lines: ['-x', '+y', ' z', '+w'] }, { lines: ['+v', 7] }] };
  expect(parseMessage({ type: 'user', tool_use_result: edit })).toMatchObject({
    fileChange: { path: '/a', linesAdded: 3, linesRemoved: 1 },
  });
  const created = (content: string) =>
    parseMessage({ type: 'user', tool_use_result: { type: 'create', filePath: '/a', structuredPatch: [], content } });
  expect(created('a\nb\n')).toMatchObject({ fileChange: { linesAdded: 2 } });
  expect(created('a\nb')).toMatchObject({ fileChange: { linesAdded: 2 } });
  expect(created('')).toMatchObject({ fileChange: { linesAdded: 0 } });
});

test('content may be a string instead of blocks', () => {
  expect(parseMessage({ type: 'assistant', message: { content: 'hello' } })).toMatchObject({
    blocks: [{ type: 'text', text: 'hello' }],
  });
});
