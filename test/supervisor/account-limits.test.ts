import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AccountLimits } from '../../src/supervisor/account-limits.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const LIMIT = { until: '2026-11-21T14:00:00.000Z', message: 'the 5-hour limit is reached' };
const NOTICED = '2026-11-21T12:00:00.000Z';

test('what one run learns, the others of the account know, each with its place', async () => {
  const path = await temporaryFolder();
  const runs = ['a', 'b', 'c'].map((run) => new AccountLimits(path, 'token-1', { run, model: 'opus' }));
  await runs[0]?.notice(LIMIT, NOTICED);
  const seen = [];
  for (const run of runs) seen.push(await run.current(NOON));
  expect(seen.map((limit) => limit?.place)).toEqual([0, 1, 2]);
  expect(seen[2]).toMatchObject({ ...LIMIT, noticedAt: NOTICED });
  expect((await runs[1]?.current(NOON))?.place).toBe(1);
});

test('it is over when it is over', async () => {
  const path = await temporaryFolder();
  const limits = new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' });
  await limits.notice(LIMIT, NOTICED);
  expect(await limits.current(Date.parse(LIMIT.until))).toBeNull();
});

test('another account is another account', async () => {
  const path = await temporaryFolder();
  await new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' }).notice(LIMIT, NOTICED);
  expect(await new AccountLimits(path, 'token-2', { run: 'b', model: 'opus' }).current(NOON)).toBeNull();
});

test('the login itself is nowhere', async () => {
  const path = await temporaryFolder();
  await new AccountLimits(path, 'made-up-secret', { run: 'a', model: 'opus' }).notice(LIMIT, NOTICED);
  const [name = ''] = await readdir(join(path, 'accounts'));
  expect(name + (await readFile(join(path, 'accounts', name), 'utf8'))).not.toContain('made-up-secret');
});

test('a broken record is no limit', async () => {
  const path = await temporaryFolder();
  const limits = new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' });
  await limits.notice(LIMIT, NOTICED);
  const [name = ''] = await readdir(join(path, 'accounts'));
  await writeFile(join(path, 'accounts', name), '{"until":');
  expect(await limits.current(NOON)).toBeNull();
});

test('an attempt that went through since disproves it, one from before does not', async () => {
  const path = await temporaryFolder();
  const limits = new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' });
  await limits.notice(LIMIT, NOTICED);
  await limits.disprove('2026-11-21T11:59:00.000Z');
  expect(await limits.current(NOON)).not.toBeNull();
  await limits.disprove('2026-11-21T12:30:00.000Z');
  expect(await limits.current(NOON)).toBeNull();
});

describe('a limit of one family of models', () => {
  const OPUS = { ...LIMIT, message: "usage limit until 14:00 UTC: You've hit your Opus limit · resets 2pm (UTC)" };

  test('holds back the runs that use it, and no others', async () => {
    const path = await temporaryFolder();
    await new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' }).notice(OPUS, NOTICED);
    const seen = [];
    for (const model of ['claude-opus-5-5', 'sonnet', 'opusplan', 'default']) {
      const limit = await new AccountLimits(path, 'token-1', { run: model, model }).current(NOON);
      seen.push([model, limit?.place ?? null]);
    }
    expect(seen).toEqual([
      ['claude-opus-5-5', 1],
      ['sonnet', null],
      ['opusplan', 2],
      ['default', null],
    ]);
  });

  test('stands beside that of the account: the later end counts', async () => {
    const path = await temporaryFolder();
    const opus = new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' });
    await opus.notice({ ...OPUS, until: '2026-11-24T08:00:00.000Z' }, NOTICED);
    await opus.notice(LIMIT, NOTICED);
    expect((await opus.current(NOON))?.until).toBe('2026-11-24T08:00:00.000Z');
    expect((await new AccountLimits(path, 'token-1', { run: 'b', model: 'sonnet' }).current(NOON))?.until).toBe(
      LIMIT.until,
    );
  });

  test('is not disproved by what another model could do', async () => {
    const path = await temporaryFolder();
    const opus = new AccountLimits(path, 'token-1', { run: 'a', model: 'opus' });
    await opus.notice(OPUS, NOTICED);
    await new AccountLimits(path, 'token-1', { run: 'b', model: 'sonnet' }).disprove('2026-11-21T12:30:00.000Z');
    expect(await opus.current(NOON)).not.toBeNull();
    await opus.disprove('2026-11-21T12:30:00.000Z');
    expect(await opus.current(NOON)).toBeNull();
  });
});
