import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LimitRecord } from '../../src/supervisor/limit-record.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const KNOWN = {
  until: '2026-11-21T14:00:00.000Z',
  noticedAt: '2026-11-21T11:00:00.000Z',
  message: 'the 5-hour limit is reached',
  runs: ['a'],
};

test('whoever looks has a place among those that wait, and keeps it', async () => {
  const path = join(await temporaryFolder(), 'limit.json');
  await writeFile(path, JSON.stringify(KNOWN));
  expect(await new LimitRecord(path).join('b', NOON)).toEqual({ ...KNOWN, runs: ['a', 'b'] });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...KNOWN, runs: ['a', 'b'] });
});

test('a place that cannot be written down is one all the same', async () => {
  // A name with no room for what is written beside it first.
  const path = join(await temporaryFolder(), 'x'.repeat(240));
  await writeFile(path, JSON.stringify(KNOWN));
  expect(await new LimitRecord(path).join('b', NOON)).toEqual({ ...KNOWN, runs: ['a', 'b'] });
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(KNOWN);
});
