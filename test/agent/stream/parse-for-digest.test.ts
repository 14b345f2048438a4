import { describe, expect, test } from 'vitest';
import { emptyDigest } from '../../../src/agent/digest/digest.ts';
import { digestMessage } from '../../../src/agent/digest/fold.ts';
import { parseLine } from '../../../src/agent/stream/messages.ts';
import { parseForDigest } from '../../../src/agent/stream/parse-for-digest.ts';
import { withoutRepeatedOutput } from '../../../src/agent/stream/repeated-output.ts';
import { StreamReader } from '../../../src/agent/stream/stream-reader.ts';
import { below, seeded } from '../random.ts';
import { linesOf, readTranscript, transcriptNames } from '../transcripts.ts';

const SAID = { type: 'assistant', session_id: 's', message: { id: 'm', model: 'x' } };
const CALL = { type: 'tool_use', id: 'toolu_1', name: 'Write', input: { file_path: '/a' } };
const BEFORE = digestMessage(emptyDigest(), {
  ...parsed({ ...SAID, message: { ...SAID.message, content: [CALL] } }),
});

function parsed(line: object) {
  const message = parseLine(Buffer.from(JSON.stringify(line)));
  if (message === null) throw new Error('no message');
  return message;
}

/** What both ways make of a line, after a call that it may answer. */
function both(line: Uint8Array) {
  return [parseLine(line), parseForDigest(line)].map((message) =>
    message === null ? 'broken' : digestMessage(BEFORE, message),
  );
}

function userLine(text: string, more: object = {}, id = 'toolu_1'): Buffer {
  const content = [{ tool_use_id: id, type: 'tool_result', content: text, is_error: false }];
  return Buffer.from(
    JSON.stringify({
      type: 'user',
      message: { role: 'user', content },
      session_id: 's',
      tool_use_result: { stdout: text, stderr: '', interrupted: false },
      ...more,
    }),
  );
}

function created(content: string): object {
  return { tool_use_result: { type: 'create', filePath: '/a', content, structuredPatch: [] } };
}

const LONG = 'const value = "quoted \\ text";\n\tüber 😀 \u2028 \x1b[31m'.repeat(400);

test.each(transcriptNames())('%s: the same digest as a reader of everything makes', (name) => {
  const { bytes } = readTranscript(name);
  const digests = [true, false].map((wantEntries) => {
    const reader = new StreamReader({ wantEntries });
    reader.feed(bytes);
    reader.end();
    return reader.digest;
  });
  expect(digests[1]).toEqual(digests[0]);
});

test.each<[string, Buffer]>([
  ['a long text, twice', userLine(LONG)],
  ['two long texts', userLine(LONG, { tool_use_result: { stdout: `${LONG}.`, stderr: `${LONG}\n` } })],
  ['a new file, with a line feed at its end', userLine('ok', created('line\n'.repeat(3000)))],
  ['a new file, without one', userLine('ok', created(`${'line\n'.repeat(3000)}end`))],
  ['a new file of one line', userLine('ok', created('x'.repeat(9000)))],
  ['a new file of blank lines', userLine('ok', created('\n'.repeat(9000)))],
  [
    'a change',
    userLine('ok', {
      tool_use_result: { filePath: '/a', originalFile: LONG, structuredPatch: [{ lines: ['+a', '-b', `+${LONG}`] }] },
    }),
  ],
  ['an id that is far too long', userLine(LONG, {}, `toolu_${'é'.repeat(5000)}`)],
  [
    'another type behind',
    Buffer.from(`${userLine(LONG).toString().slice(0, -1)},"type":"system","subtype":"init","model":"m"}`),
  ],
  ['labels that are not ASCII', userLine(LONG, { ...created(LONG), session_id: 'ß', parent_tool_use_id: '→' }, 'é')],
  [
    'a path that is not ASCII',
    userLine(LONG, { tool_use_result: { type: 'create', filePath: '/über/😀', content: LONG, structuredPatch: [] } }),
  ],
  ['a line of the agent', Buffer.from(JSON.stringify({ ...SAID, message: { ...SAID.message, content: LONG } }))],
  ['a prompt that is text', Buffer.from(JSON.stringify({ type: 'user', message: { content: LONG } }))],
])('%s', (_name, line) => {
  expect(line.length).toBeGreaterThan(4096);
  const [whole, short] = both(line);
  expect(short).toEqual(whole);
  expect(short).not.toBe('broken');
});

test('line feeds written as escapes of any kind are counted', () => {
  const line = userLine('ok', created('LF'.repeat(3000)));
  const escaped = Buffer.from(line.toString().replaceAll('LF', '\\u000a\\u000Ab\\\\n'));
  const [whole, short] = both(escaped);
  expect(short).toMatchObject({ filesChanged: [{ path: '/a', linesAdded: 6001 }] });
  expect(short).toEqual(whole);
});

describe('output that stands twice on its line', () => {
  const twice = userLine(LONG);
  /** The text as it stands between its quotes in both places. */
  const withText = (text: string) =>
    Buffer.from(userLine('TEXT'.repeat(500)).toString().replaceAll('TEXT'.repeat(500), text));

  test('is read once', () => {
    const line = withoutRepeatedOutput(twice) ?? '';
    expect(line.length).toBeLessThan(1000);
    expect(JSON.parse(line)).toMatchObject({
      message: { content: [{ tool_use_id: 'toolu_1', content: '', is_error: false }] },
      tool_use_result: { stdout: '', stderr: '', interrupted: false },
    });
  });

  test('every recorded line of that kind is told by its shape', () => {
    const lines = linesOf(readTranscript('huge-output')).map((line) => Buffer.from(line));
    expect(lines.filter((line) => withoutRepeatedOutput(line) !== null)).toHaveLength(1);
    expect(withoutRepeatedOutput(userLine('short'))).toBeNull();
    expect(withoutRepeatedOutput(userLine(LONG, { tool_use_result: { stdout: `${LONG}x`, stderr: '' } }))).toBeNull();
    expect(withoutRepeatedOutput(userLine(LONG, { tool_use_result: { stdout: LONG, stderr: 'x' } }))).not.toBeNull();
  });

  const filler = 'x'.repeat(4000);
  test.each<[string, string]>([
    ['closes its string and names a file', `${filler}","filePath":"/b","structuredPatch":[],"k":"`],
    ['names a file in an object of its own', `${filler}","k":{"filePath":"/b","structuredPatch":[]},"l":"`],
    ['closes its object', `${filler}"},{"k":"`],
    ['closes everything', `${filler}"}]},"session_id":"other","k":{"l":[{"m":"`],
    ['ends in an escape', `${filler}\\`],
    ['ends in an escaped escape', `${filler}\\\\`],
    ['holds a line feed as it is', `${filler}\n${filler}`],
    ['holds an escape that is none', `${filler}\\x`],
    ['holds the name of what follows', `${filler}\\",\\"stderr\\":\\"${filler}`],
    ['holds it without escapes', `${filler}","stderr":"${filler}`],
    ['says that it is none of the user', `${filler}","type":"system","k":"`],
  ])('and %s', (_name, text) => {
    const [whole, short] = both(withText(text));
    expect(short).toEqual(whole);
  });
});

test('600 broken lines are broken for both', () => {
  const random = seeded(4);
  const lines = [userLine(LONG), userLine('ok', created(LONG)), userLine(LONG, { tool_use_result: `Error: ${LONG}` })];
  let broken = 0;
  for (let round = 0; round < 600; round++) {
    const line = Uint8Array.from(lines[round % lines.length] ?? []);
    for (let changes = 1 + below(random, 3); changes > 0; changes--)
      line[below(random, line.length)] = below(random, 256);
    const cut = round % 5 === 0 ? line.subarray(0, below(random, line.length)) : line;
    const [whole, short] = both(cut);
    expect(short, `round ${round}`).toEqual(whole);
    if (whole === 'broken') broken += 1;
  }
  expect(broken).toBeGreaterThan(100);
  expect(broken).toBeLessThan(500);
});
