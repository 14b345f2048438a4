// Following a sandbox to its end, with real files and scripted ends.
import { readFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { UndatedEvent } from '../../../src/core/effects.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { SandboxError, sandboxName } from '../../../src/core/sandbox.ts';
import { attemptFiles, repositoryFolders, runFiles } from '../../../src/journal/folders.ts';
import { makeRunFolder } from '../../../src/journal/make-folders.ts';
import { followAttempt } from '../../../src/supervisor/attempt/follow.ts';
import { AttemptRecorder } from '../../../src/supervisor/attempt/recorder.ts';
import { temporaryFolder } from '../../harness/temporary.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { CLEAN_EXIT, ENDLESS, FakeProvider } from '../fake-provider.ts';
import { NAMESPACE, QUICK, RUN } from '../world.ts';

const REF = { iteration: 1, attempt: 1 };
const AWAY = { type: 'engine_away', why: expect.any(String) };
const BACK = { type: 'engine_seen', answers: true };

async function makeFollowed(policy: Partial<Policy> = {}) {
  const folders = repositoryFolders(await temporaryFolder(), 'repository');
  await makeRunFolder(folders, RUN);
  const run = runFiles(folders, RUN);
  const files = attemptFiles(run.folder, REF);
  const provider = new FakeProvider(ENDLESS);
  await provider.start({
    name: sandboxName(RUN, 1, 1),
    labels: { namespace: NAMESPACE, repository: 'repository', run: RUN, ...REF },
    workdir: '/',
    argv: [],
    stdinPath: null,
    environment: {},
    secrets: {},
    mounts: [],
    volumes: [],
    user: { uid: 0, gid: 0 },
    limits: { memoryBytes: 1, cpus: 1, pids: 1 },
    network: { kind: 'open' },
    image: '',
  });
  const events: UndatedEvent[] = [];
  const said: string[] = [];
  const order: string[] = [];
  const left = new AbortController();
  const recorder = new AttemptRecorder({ files, sessionId: null, redact: (text) => text });
  const context = {
    provider,
    namespace: NAMESPACE,
    run: RUN,
    policy: { ...QUICK, ...policy },
    files: run,
    now: () => new Date().toISOString(),
    say: (line: string) => said.push(line),
    dispatch: (event: UndatedEvent) => {
      order.push(event.type);
      events.push(event);
    },
  };
  const listener = { onVitals: () => order.push('vitals'), onEnd: () => order.push('end') };
  const follow = () =>
    followAttempt(context, { ref: REF, sandboxId: provider.last.id, recorder, listener, left: left.signal });
  return { provider, sandbox: provider.last, files, events, said, order, left, recorder, follow };
}

const exited = (exit: object) => ({ type: 'attempt_exited', ...REF, exit: { ...CLEAN_EXIT, ...exit } });

describe('to the end', () => {
  test('everything is on disk before the exit is told', async () => {
    const { sandbox, files, events, order, follow } = await makeFollowed();
    const done = follow();
    sandbox.says({ one: 1 });
    sandbox.samplesMemory(7);
    await waitFor(() => order.includes('vitals'), { what: 'the sample', intervalMs: 1 });
    sandbox.says(Buffer.from('trouble'), 'stderr');
    sandbox.says(Buffer.from('without a line end'));
    sandbox.ends({ code: 3 });
    await done;
    expect(events).toEqual([exited({ code: 3 })]);
    expect(order).toEqual(['vitals', 'end', 'attempt_exited']);
    expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\nwithout a line end');
    expect(await readFile(files.stderr, 'utf8')).toBe('trouble');
    expect(JSON.parse(await readFile(files.digest, 'utf8'))).toMatchObject({ offset: 28 });
  });

  test('an end that was long ago is read all the same', async () => {
    const { sandbox, files, events, follow } = await makeFollowed();
    sandbox.says({ one: 1 });
    sandbox.ends();
    await follow();
    expect(events).toEqual([exited({})]);
    expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\n');
  });

  test('output that neither ends nor goes on after the exit is left', async () => {
    const { sandbox, files, events, follow } = await makeFollowed();
    sandbox.outputHangs = true;
    sandbox.says({ one: 1 });
    sandbox.ends();
    await follow();
    expect(events).toEqual([exited({})]);
    expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\n');
  });

  test('output that goes on for long after the exit is read to its end', async () => {
    const { sandbox, files, events, follow } = await makeFollowed({ lastOutputMs: 150 });
    sandbox.outputHangs = true;
    const done = follow();
    sandbox.ends();
    const until = performance.now() + 400;
    while (performance.now() < until) {
      sandbox.says({ more: 1 });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(events).toEqual([]);
    await done;
    expect(await readFile(files.raw, 'utf8')).toBe(sandbox.stdout.toString('utf8'));
  });
});

describe('an engine that goes away', () => {
  test('and comes back: all is read from where it stopped, and the outage is told once', async () => {
    const { provider, sandbox, files, events, follow } = await makeFollowed();
    const done = follow();
    sandbox.says({ one: 1 });
    provider.away = true;
    await waitFor(() => events.length > 0, { what: 'a word about the outage', intervalMs: 1 });
    sandbox.says({ two: 2 });
    sandbox.ends({ code: 7 });
    provider.away = false;
    await done;
    expect(events).toEqual([AWAY, BACK, exited({ code: 7 })]);
    expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\n{"two":2}\n');
  });

  test('again and again, each for less than the limit, is waited for each time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { provider, sandbox, events, follow } = await makeFollowed();
    const done = follow();
    for (let outage = 1; outage <= 3; outage += 1) {
      provider.away = true;
      await waitFor(() => events.length === 2 * outage - 1, { what: 'the outage', intervalMs: 1 });
      vi.advanceTimersByTime(QUICK.engineAwayMs * 0.6);
      provider.away = false;
      await waitFor(() => events.length === 2 * outage, { what: 'its end', intervalMs: 1 });
    }
    sandbox.ends();
    await done;
    expect(events).toEqual([AWAY, BACK, AWAY, BACK, AWAY, BACK, exited({})]);
  });

  test('for too long: the exit is one that nobody knows', async () => {
    const { provider, events, follow } = await makeFollowed();
    provider.away = true;
    await follow();
    expect(events).toEqual([AWAY, exited({ code: null, oomKillCount: null, daemonGap: true })]);
  });
});

describe('what goes wrong', () => {
  test('a sandbox that is gone has an exit that nobody knows', async () => {
    const { provider, sandbox, events, follow } = await makeFollowed();
    const done = follow();
    provider.loses(sandbox);
    await done;
    expect(events).toEqual([exited({ code: null, oomKillCount: null })]);
  });

  test('so has one that its provider does not know', async () => {
    const { provider, events, follow } = await makeFollowed();
    provider.wait = () => Promise.reject(new SandboxError('not_found', 'no such sandbox'));
    await follow();
    expect(events).toMatchObject([{ exit: { code: null, daemonGap: true } }]);
  });

  test('output that cannot be kept is no end that could be judged: it rejects', async () => {
    const { sandbox, recorder, events, follow } = await makeFollowed();
    recorder.write = () => {
      throw new Error('a disk that is broken');
    };
    sandbox.says({ one: 1 });
    await expect(follow()).rejects.toThrow('a disk that is broken');
    expect(events).toEqual([]);
  });

  test('a disk that is full is waited for, longer than a silent sandbox; not a byte is lost', async () => {
    const { sandbox, recorder, files, events, follow } = await makeFollowed();
    const { write } = recorder;
    let tries = 0;
    const { promise: manyTries, resolve } = Promise.withResolvers<void>();
    recorder.write = () => {
      tries += 1;
      if (tries * QUICK.spaceRetryMs > QUICK.lastOutputMs * 2) resolve();
      throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const done = follow();
    sandbox.says({ one: 1 });
    sandbox.ends();
    await manyTries;
    expect(events).toEqual([]);
    recorder.write = write;
    await done;
    expect(events).toEqual([exited({})]);
    expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\n');
  });

  test('figures that cannot be had are said once, and the attempt goes on', async () => {
    const { provider, sandbox, events, said, follow } = await makeFollowed();
    provider.vitals = async function* () {
      yield* [];
      throw new Error('a frame that is none');
    };
    const done = follow();
    await waitFor(() => said.length > 0, { what: 'a word about it', intervalMs: 1 });
    sandbox.ends();
    await done;
    expect(said).toEqual(['no more memory and CPU figures: a frame that is none']);
    expect(events).toEqual([exited({})]);
  });
});

test('a supervisor that lets go writes nothing more and tells nothing', async () => {
  const { sandbox, files, events, left, follow } = await makeFollowed();
  const done = follow();
  sandbox.says({ one: 1 });
  await waitFor(async () => (await readFile(files.raw, 'utf8')) !== '', { what: 'the first line', intervalMs: 1 });
  left.abort();
  await done;
  sandbox.says({ two: 2 });
  sandbox.ends();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await readFile(files.raw, 'utf8')).toBe('{"one":1}\n');
  expect(events).toEqual([]);
});
