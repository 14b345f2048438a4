import { describe, expect, test } from 'vitest';
import { claimsDone, textClaimsDone } from '../../../src/agent/digest/claim.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf } from '../transcripts.ts';

test.each([
  '<promise>COMPLETE</promise>',
  '/done',
  'All tasks are ticked.\n\n<promise>COMPLETE</promise>\n',
  'Finished.\r\n/done\r\n',
  '  /done  ',
  '```sh\nnpm test\n```\n/done',
  '````\n```\n````\n/done',
  '``` inline ``` code\n/done',
  '~~~\nx\n~~~\n/done',
])('%j is a claim', (text) => {
  expect(textClaimsDone(text)).toBe(true);
});

test.each([
  '',
  'Not yet: I will print <promise>COMPLETE</promise> when done.',
  'See /done',
  '/done.',
  '/done/x',
  '`/done`',
  '> /done',
  '- /done',
  '<promise>complete</promise>',
  '```\n/done\n```',
  '```\n/done',
  '~~~\n<promise>COMPLETE</promise>\n~~~',
  '````\n```\n/done\n````',
  '```\n``` not a closing fence\n/done\n```',
  'Example:\n\n    /done\n',
  '\t/done',
])('%j is none', (text) => {
  expect(textClaimsDone(text)).toBe(false);
});

describe('where the claim stands', () => {
  const text = (value: string, parent: string | null = null) => ({
    type: 'assistant',
    session_id: 's',
    parent_tool_use_id: parent,
    message: { id: value, model: 'claude-opus-5', content: [{ type: 'text', text: value }] },
  });
  const result = (value: string) => ({
    type: 'result',
    subtype: 'success',
    is_error: false,
    session_id: 's',
    result: value,
  });
  const answer = { type: 'tool_result', tool_use_id: 'a', content: '/done' };
  const claims = (...lines: object[]) => claimsDone(digestOf(bytesOf(lines)));

  test('the last result, the last text of the main conversation', () => {
    expect(claims(text('working'), result('/done'))).toBe(true);
    expect(claims(text('/done'), result('bye'))).toBe(true);
    expect(claims(text('/done'))).toBe(true);
  });

  test('in the middle of a text too long to be kept', () => {
    const long = `${'x'.repeat(9000)}\n/done\n${'y'.repeat(9000)}`;
    expect(claims(text('working'), result(long))).toBe(true);
  });

  test('not an earlier text or result, not a subagent, not a tool', () => {
    expect(claims(text('/done'), text('no, one more'), result('one more'))).toBe(false);
    expect(claims(text('x'), result('/done'), result('more came'))).toBe(false);
    expect(claims(text('x'), text('/done', 'agent'))).toBe(false);
    expect(claims(text('x'), { type: 'user', session_id: 's', message: { content: [answer] } })).toBe(false);
  });
});
