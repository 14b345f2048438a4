import { expect, test } from 'vitest';
import { spendTotals } from '../../../src/agent/digest/spend.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import { bytesOf } from '../transcripts.ts';

const init = (session: string) => ({ type: 'system', subtype: 'init', session_id: session, model: 'claude-opus-5' });
const said = (session: string, id: string) => ({
  type: 'assistant',
  session_id: session,
  message: { id, model: 'claude-opus-5', content: [{ type: 'text', text: 'x' }], usage: { input_tokens: 10 } },
});

interface Told {
  readonly session?: string;
  readonly index?: number;
  readonly total: number;
  readonly since?: number;
  readonly turns?: number;
  readonly isError?: boolean;
}

/** A token for each dollar. */
function result({ session = 's', index, total, since, turns = 1, isError = false }: Told) {
  const models = (costUSD: number) => (costUSD === 0 ? {} : { 'claude-opus-5': { inputTokens: costUSD, costUSD } });
  return {
    type: 'result',
    subtype: 'success',
    session_id: session,
    is_error: isError,
    num_turns: turns,
    result: turns === 0 ? '' : 'Done.',
    total_cost_usd: total,
    modelUsage: models(total),
    ...(index !== undefined && { result_index: index, model_usage_since_last_result: models(since ?? total) }),
  };
}

test.each<[string, object[], number]>([
  ['one process, two turns', [init('s'), result({ total: 4 }), init('s'), said('s', 'a'), result({ total: 7 })], 7],
  [
    'the same, the second refused',
    [init('s'), said('s', 'a'), result({ total: 4 }), init('s'), result({ total: 4, isError: true })],
    4,
  ],
  [
    'the same, the second interrupted in its first answer, which costs nothing',
    [init('s'), result({ total: 4 }), init('s'), said('s', 'a'), result({ total: 4, isError: true })],
    4,
  ],
  [
    'the same, numbered',
    [init('s'), result({ index: 0, total: 4 }), init('s'), result({ index: 1, total: 7, since: 3 })],
    7,
  ],
  [
    'a process that goes on with the session of the one before, which counts its total in',
    [init('s'), result({ index: 0, total: 4 }), init('s'), result({ index: 0, total: 7, since: 3 })],
    7,
  ],
  [
    'the same, refused at once',
    [init('s'), result({ index: 0, total: 4 }), init('s'), result({ index: 0, total: 4, since: 0, isError: true })],
    4,
  ],
  [
    'two processes of older versions, which begin at nothing',
    [init('s'), result({ total: 4 }), init('s'), said('s', 'a'), result({ total: 3 })],
    7,
  ],
  [
    'two of the same cost',
    [init('s'), said('s', 'a'), result({ total: 4 }), init('s'), said('s', 'b'), result({ total: 4 })],
    8,
  ],
  ['a result that is told twice', [init('s'), result({ index: 0, total: 4 }), result({ index: 0, total: 4 })], 4],
  [
    'a result that a tool wrote, before the real one',
    [init('s'), said('s', 'a'), result({ index: 0, total: 900 }), said('s', 'b'), result({ index: 0, total: 4 })],
    4,
  ],
  [
    '/clear of an older version: the process counts on',
    [
      ...[init('s'), said('s', 'a'), result({ total: 4 })],
      ...[init('t'), result({ session: 't', total: 4, turns: 0 })],
      ...[init('t'), said('t', 'b'), result({ session: 't', total: 9 })],
    ],
    9,
  ],
  [
    '/clear of a newer one: it begins at nothing',
    [
      ...[init('s'), said('s', 'a'), result({ index: 0, total: 4 })],
      ...[init('t'), result({ session: 't', index: 1, total: 0, turns: 0 })],
      ...[init('t'), said('t', 'b'), result({ session: 't', index: 2, total: 5 })],
    ],
    9,
  ],
  ['a result alone, of which nobody knows the turns', [result({ total: 4, turns: 0 })], 4],
])('%s', (_name, lines, costUsd) => {
  const totals = spendTotals(digestOf(bytesOf(lines)).spend);
  expect(totals).toMatchObject({ costUsd, costBasis: 'reported', tokens: { input: costUsd } });
});
