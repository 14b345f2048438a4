import { describe, expect, test } from 'vitest';
import { spendTotals } from '../../../src/agent/digest/spend.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf, linesOf, readTranscript } from '../transcripts.ts';

const totalsOf = (bytes: Uint8Array) => spendTotals(digestOf(bytes).spend);
const isResult = (line: string) => line.includes('"type":"result"');

test.each([
  ['text', 0.0097],
  ['tools', 0.0582],
  ['tools.v2.1.197', 0.1008],
  ['subagent', 0.02415],
  ['huge-output', 0.5311],
  ['max-budget', 0.102],
  ['sigint-mid-stream', 0.0099],
  ['401', 0],
  // Two results each: running totals, of which the last counts.
  ['bash-background', 0.0291],
  ['subagent-background', 0.0335],
])('%s: the reported cost is $%s', (name, costUsd) => {
  const totals = totalsOf(readTranscript(name).bytes);
  expect(totals.costBasis).toBe('reported');
  expect(totals.costUsd).toBeCloseTo(costUsd, 9);
});

describe('without a result', () => {
  test.each(['tools', 'tools.v2.1.197', 'thinking', 'max-turns', 'bash-background'])(
    '%s: prompts are counted once a request, exactly as the result reported them later',
    (name) => {
      const transcript = readTranscript(name);
      const reported = totalsOf(transcript.bytes);
      const estimated = totalsOf(bytesOf(linesOf(transcript).filter((line) => !isResult(line))));
      expect(estimated.costBasis).toBe('estimated');
      const { output: _reported, ...prompts } = reported.tokens;
      expect(estimated.tokens).toMatchObject(prompts);
      expect(estimated.tokens.output).toBeGreaterThan(0);
    },
  );

  test('the estimate of a killed run is its one request and some output', () => {
    const { costUsd, tokens, models } = totalsOf(readTranscript('sigterm-in-tool').bytes);
    expect(tokens).toMatchObject({ input: 1200, cacheRead: 15_000, cacheWrite: 2000 });
    expect(costUsd).toBeCloseTo((1200 * 2 + 15_000 * 0.1 + 2000 * 2.5 + tokens.output * 10) / 1e6, 12);
    expect(Object.keys(models)).toEqual(['claude-sonnet-5-5']);
  });

  test('messages that the CLI wrote itself cost nothing', () => {
    const lines = linesOf(readTranscript('529')).filter((line) => !isResult(line));
    expect(totalsOf(bytesOf(lines))).toMatchObject({ costUsd: 0, models: {} });
  });
});

test('what comes after the last result is estimated on top of it', () => {
  const lines = linesOf(readTranscript('bash-background'));
  const cut = lines.slice(0, lines.findLastIndex(isResult));
  const totals = totalsOf(bytesOf(cut));
  expect(totals.costBasis).toBe('estimated');
  expect(totals.tokens).toMatchObject({ input: 3600, cacheRead: 45_000, cacheWrite: 6000 });
  expect(totals.costUsd).toBeGreaterThan(0.0194 + 0.0089);
  expect(totals.costUsd).toBeLessThan(0.0291);
});

test.each([
  ['resumed', 0.0025, 'claude-sonnet-5-5'],
  ['resumed.v2.1.197', 0.00375, 'claude-sonnet-5'],
])('%s: what the session had cost before is not counted', (name, costUsd, model) => {
  const totals = totalsOf(readTranscript(name).bytes);
  expect(totals).toMatchObject({ costBasis: 'reported', tokens: { input: 1000, output: 50 } });
  expect(totals.costUsd).toBeCloseTo(costUsd, 9);
  expect(Object.keys(totals.models)).toEqual([model]);
});

describe('a resumed session', () => {
  const usage = (input: number, costUSD: number) => ({ inputTokens: input, outputTokens: 0, costUSD });
  const result = (index: number, total: number, modelUsage: object, since: object) => ({
    type: 'result',
    session_id: 's',
    subtype: 'success',
    is_error: false,
    result: 'Done.',
    total_cost_usd: total,
    result_index: index,
    modelUsage,
    model_usage_since_last_result: since,
  });

  test('counts on through several results; models of before are gone', () => {
    const lines = [
      result(0, 7, { old: usage(10, 4), new: usage(20, 3) }, { new: usage(5, 1) }),
      result(1, 8, { old: usage(10, 4), new: usage(26, 4) }, { new: usage(6, 1) }),
    ];
    expect(totalsOf(bytesOf(lines))).toEqual({
      costUsd: 2,
      costBasis: 'reported',
      tokens: { input: 11, output: 0, cacheRead: 0, cacheWrite: 0 },
      models: { new: { costUsd: 2, tokens: { input: 11, output: 0, cacheRead: 0, cacheWrite: 0 } } },
    });
  });

  test('that was refused at once cost nothing', () => {
    expect(totalsOf(bytesOf([result(0, 4, { old: usage(10, 4) }, {})]))).toMatchObject({ costUsd: 0, models: {} });
  });

  test('whose first result is missing keeps the totals as they are', () => {
    const lines = [result(1, 8, { new: usage(26, 8) }, { new: usage(6, 1) })];
    expect(totalsOf(bytesOf(lines))).toMatchObject({ costUsd: 8, tokens: { input: 26 } });
  });
});

describe('with partial messages', () => {
  test.each(['partial-messages-killed', 'partial-messages-killed.v2.1.197'])(
    '%s: the output is counted as the API told it',
    (name) => {
      const totals = totalsOf(readTranscript(name).bytes);
      expect(totals).toMatchObject({ costBasis: 'estimated', tokens: { input: 2000, output: 850 } });
      expect(totals.costUsd).toBeCloseTo((2000 * 2 + 850 * 10) / 1e6, 12);
    },
  );

  const line = (id: string, text: string) => ({
    type: 'assistant',
    session_id: 's',
    message: { id, model: 'claude-opus-5', content: [{ type: 'text', text }], usage: { input_tokens: 10 } },
  });
  const delta = (output: unknown) => ({
    type: 'stream_event',
    session_id: 's',
    event: { type: 'message_delta', usage: { output_tokens: output } },
  });

  test.each<[string, object[], number]>([
    ['a request', [line('a', 'x'.repeat(350)), delta(7)], 7],
    ['of two blocks', [line('a', 'x'.repeat(35)), line('a', 'y'.repeat(35)), delta(50)], 50],
    ['that is still open', [line('a', 'x'), delta(50), line('b', 'x'.repeat(35))], 60],
    ['told twice', [line('a', 'x'), delta(50), delta(900)], 50],
    ['of nobody', [delta(50)], 0],
    ['without a count', [line('a', 'x'.repeat(35)), delta('many'), delta(-3)], 10],
  ])('%s', (_name, lines, output) => {
    expect(totalsOf(bytesOf(lines)).tokens.output).toBe(output);
  });
});

test('several sessions in one log are added up, and each reports for itself', () => {
  const killed = linesOf(readTranscript('sigkill-mid-stream'));
  const both = [...linesOf(readTranscript('text')), ...linesOf(readTranscript('tools'))];
  const totals = totalsOf(bytesOf(both));
  expect(totals.costBasis).toBe('reported');
  expect(totals.costUsd).toBeCloseTo(0.0097 + 0.0582, 9);
  expect(totalsOf(bytesOf([...linesOf(readTranscript('tools')), ...killed])).costUsd).toBeGreaterThanOrEqual(0.0582);
  const cutFirst = [...both.filter((line) => !isResult(line)), ...linesOf(readTranscript('subagent'))];
  expect(totalsOf(bytesOf(cutFirst)).costBasis).toBe('estimated');
});

test('parallel subagents keep their requests apart', () => {
  const line = (parent: string | null, id: string) => ({
    type: 'assistant',
    session_id: 's',
    parent_tool_use_id: parent,
    message: { id, model: 'claude-opus-5', content: [{ type: 'text', text: '' }], usage: { input_tokens: 10 } },
  });
  const lines = [
    line(null, 'm'),
    line('a', 'a1'),
    line('b', 'b1'),
    line('a', 'a1'),
    line('b', 'b1'),
    line(null, 'm'),
    line('a', 'a2'),
  ];
  expect(totalsOf(bytesOf(lines)).tokens.input).toBe(40);
});

test('any number of models stays bounded, and nothing of them is lost', () => {
  const lines = Array.from({ length: 200 }, (_, index) => ({
    type: 'assistant',
    session_id: 's',
    message: {
      id: `m${index}`,
      model: index === 0 ? '__proto__' : `model-${index}`,
      content: [],
      usage: { input_tokens: 10 },
    },
  }));
  const totals = totalsOf(bytesOf(lines));
  expect(Object.keys(totals.models).length).toBeLessThanOrEqual(33);
  expect(totals.tokens.input).toBe(2000);
});
