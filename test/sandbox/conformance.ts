// What every sandbox provider promises, as one suite: real processes, nothing that only one provider knows.
// `sh`, `node`, `sleep` and `cat` have to be reachable inside.
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AttemptSpec, Exit, Offsets, SandboxId, SandboxProvider } from '../../src/core/sandbox.ts';
import { SandboxError, sandboxName } from '../../src/core/sandbox.ts';

/** What the suite needs to know of a provider. */
export interface SandboxHarness {
  readonly provider: SandboxProvider;
  /** A second provider that shares nothing in memory with the first, as after a restart of the supervisor. */
  reopen(): SandboxProvider;
  /** What a spec needs here. The suite fills in the rest. */
  readonly base: Pick<AttemptSpec, 'environment' | 'user' | 'limits' | 'network' | 'image' | 'volumes'>;
  /** Output passes through something that keeps text only: bytes that are no UTF-8 need not survive. */
  readonly textOnly?: boolean;
  /** Called once, when all sandboxes of the suite are removed. */
  close(): Promise<void>;
}

type Changes = Partial<AttemptSpec> & Pick<AttemptSpec, 'argv'>;

const NEVER = new AbortController().signal;
const WITH_AND_WITHOUT_SECRETS: Record<string, string>[] = [{}, { TOKEN: 'made-up' }];
const START: Offsets = { stdout: 0, stderr: 0 };

/** Runs the suite against one provider. */
export function describeSandboxProvider(name: string, makeHarness: () => Promise<SandboxHarness>): void {
  describe(`${name}: what every provider promises`, { timeout: 120_000 }, () => {
    let harness: SandboxHarness;
    let provider: SandboxProvider;
    let folder: string;
    let iteration = 0;
    const run = `t${randomBytes(4).toString('hex')}`;
    const namespace = `test-${randomBytes(6).toString('hex')}`;
    const started = new Set<SandboxId>();

    beforeAll(async () => {
      harness = await makeHarness();
      provider = harness.provider;
      folder = await realpath(await mkdtemp(join(tmpdir(), 'ralph-tui-conformance-')));
      if (process.getuid?.() === 0) await chown(folder, harness.base.user.uid, harness.base.user.gid);
    });

    afterAll(async () => {
      for (const id of started) {
        await provider.kill(id);
        await provider.remove(id);
      }
      await rm(folder, { recursive: true, force: true });
      await harness.close();
    });

    function spec(changes: Changes): AttemptSpec {
      iteration += 1;
      return {
        name: sandboxName(run, iteration, 1),
        labels: { namespace, repository: 'conformance', run, iteration, attempt: 1 },
        workdir: folder,
        stdinPath: null,
        secrets: {},
        mounts: [{ source: folder, target: folder, readonly: false }],
        ...harness.base,
        ...changes,
        environment: { ...harness.base.environment, ...changes.environment },
      };
    }

    async function start(changes: Changes): Promise<SandboxId> {
      const id = await provider.start(spec(changes));
      started.add(id);
      return id;
    }

    /** Runs to the end and returns everything that it said. */
    async function runToEnd(changes: Changes): Promise<{ id: SandboxId; exit: Exit; stdout: Buffer; stderr: Buffer }> {
      const id = await start(changes);
      const [exit, output] = await Promise.all([provider.wait(id, NEVER), readAll(provider, id)]);
      return { id, exit, ...output };
    }

    test.each([0, 3, 137])('the exit code is the command’s own: %i', async (code) => {
      const { exit } = await runToEnd({ argv: ['sh', '-c', `exit ${code}`] });
      expect(exit).toMatchObject({ code, oomKilled: false, startError: null, killEventSeen: false, daemonGap: false });
      expect(Date.parse(exit.startedAt ?? '')).toBeLessThanOrEqual(Date.parse(exit.finishedAt ?? ''));
    });

    test.each([
      ['KILL', 137],
      ['TERM', 143],
    ])('a command that ends by its own SIG%s has the code %i', async (signal, code) => {
      const { exit } = await runToEnd({ argv: ['sh', '-c', `kill -${signal} $$; sleep 60`] });
      expect(exit).toMatchObject({ code, oomKilled: false, killEventSeen: false });
    });

    test.each([
      ['without input', null],
      ['with input', 'input.txt'],
    ])('a command that does not exist never started (%s)', async (_, input) => {
      await writeFile(join(folder, 'input.txt'), '');
      const attempt = spec({ argv: ['no-such-command-here'], stdinPath: input === null ? null : join(folder, input) });
      const failure = await provider.start(attempt).then(
        async (id) => {
          started.add(id);
          const exit = await provider.wait(id, NEVER);
          expect(exit.code).toBe(127);
          return exit.startError;
        },
        (error: unknown) => {
          expect(error).toBeInstanceOf(SandboxError);
          expect((error as SandboxError).code).toBe('start_failed');
          return (error as SandboxError).message;
        },
      );
      expect(failure).toMatch(/no-such-command-here/);
    });

    test('a file that may not be executed never started', async () => {
      const path = join(folder, 'plain-file');
      await writeFile(path, 'no program', { mode: 0o644 });
      const attempt = spec({ argv: [path] });
      const failure = await provider.start(attempt).then(
        async (id) => {
          started.add(id);
          return (await provider.wait(id, NEVER)).startError;
        },
        (error: unknown) => (error as SandboxError).message,
      );
      expect(failure).toMatch(/plain-file/);
    });

    test('the arguments arrive as they are, and no shell reads them', async () => {
      const argv = ['two words', '', '$HOME', '`id`', "it's", '"quoted"', '*', 'line\nbreak', 'ü✓', '--flag=1', '\\'];
      const { stdout } = await runToEnd({
        argv: ['node', '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...argv],
      });
      expect(JSON.parse(stdout.toString())).toEqual(argv);
    });

    test('streams are kept apart, byte for byte', async () => {
      const bytes = harness.textOnly ? [...Buffer.from('ü✓😀'), ...Array(128).keys()] : [...Array(256).keys()];
      const script = `
        const bytes = Buffer.from(${JSON.stringify(bytes)});
        process.stdout.write(Buffer.concat([bytes, bytes]));
        process.stderr.write(Buffer.concat([bytes, Buffer.from('no newline at the end')]));`;
      const { stdout, stderr } = await runToEnd({ argv: ['node', '-e', script] });
      expect([...stdout]).toEqual([...bytes, ...bytes]);
      expect([...stderr]).toEqual([...bytes, ...Buffer.from('no newline at the end')]);
    });

    test('environment and secrets reach the command', async () => {
      const values = { PLAIN: 'a b$c', TOKEN: `made-up '"$(id)\`\\ \n second line ü` };
      const { stdout } = await runToEnd({
        argv: ['node', '-e', 'process.stdout.write(JSON.stringify([process.env.PLAIN, process.env.TOKEN]))'],
        environment: { PLAIN: values.PLAIN },
        secrets: { TOKEN: values.TOKEN },
      });
      expect(JSON.parse(stdout.toString())).toEqual([values.PLAIN, values.TOKEN]);
    });

    test.each(WITH_AND_WITHOUT_SECRETS)('standard input is the file that was named, secrets: %o', async (secrets) => {
      const path = join(folder, 'prompt with space.md');
      await writeFile(path, 'first\n\nlast without newline');
      const { stdout, exit } = await runToEnd({ argv: ['cat'], stdinPath: path, secrets });
      expect(exit.code).toBe(0);
      expect(stdout.toString()).toBe('first\n\nlast without newline');
    });

    test.each(WITH_AND_WITHOUT_SECRETS)(
      'without a file, standard input is at its end, secrets: %o',
      async (secrets) => {
        const { stdout, exit } = await runToEnd({ argv: ['cat'], secrets });
        expect(exit.code).toBe(0);
        expect(stdout.length).toBe(0);
      },
    );

    test('works in the working directory, at the same path as outside', async () => {
      const { stdout } = await runToEnd({ argv: ['sh', '-c', 'pwd; echo written > from-inside.txt'] });
      expect(stdout.toString().trim()).toBe(folder);
      expect(await readFile(join(folder, 'from-inside.txt'), 'utf8')).toBe('written\n');
      expect((await stat(join(folder, 'from-inside.txt'))).uid).toBe(harness.base.user.uid);
    });

    test('output arrives while the command runs', async () => {
      // The command ends only when its first line was seen out here.
      const seen = join(folder, 'seen');
      const id = await start({
        argv: ['sh', '-c', `echo first; until [ -e '${seen}' ]; do sleep 0.05; done; echo second`],
      });
      let text = '';
      for await (const chunk of provider.output(id, START, NEVER)) {
        text += Buffer.from(chunk.bytes).toString();
        if (text.includes('first\n')) await writeFile(seen, '');
      }
      expect(text).toBe('first\nsecond\n');
    });

    test('21 MB on two streams, read in pieces by providers that know nothing of each other, is whole', async () => {
      const script = `
        let state = 1;
        const line = () => { state = (state * 1103515245 + 12345) % 2147483648; return state.toString(36).repeat(20) + '\\n'; };
        const write = (stream, text) => new Promise((done) => stream.write(text, done));
        for (let block = 0; block < 140; block += 1) {
          let text = '';
          while (text.length < 150000) text += line();
          await write(block % 3 === 2 ? process.stderr : process.stdout, text);
        }
        await write(process.stdout, 'x'.repeat(1048576) + '\\nend');`;
      const path = join(folder, 'writer.mjs');
      await writeFile(path, script);
      const id = await start({ argv: ['node', path] });
      const pieces = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      const offsets = { stdout: 0, stderr: 0 };
      for (const stopAfter of [10_000, 1_000_000, 5_000_000, 9_000_001, Number.POSITIVE_INFINITY]) {
        const reader = harness.reopen();
        for await (const { stream, bytes } of reader.output(id, { ...offsets }, NEVER)) {
          pieces[stream].push(Buffer.from(bytes));
          offsets[stream] += bytes.length;
          if (offsets.stdout + offsets.stderr >= stopAfter) break;
        }
      }
      const whole = await readAll(provider, id);
      const inPieces = { stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr) };
      expect(inPieces.stdout.equals(whole.stdout)).toBe(true);
      expect(inPieces.stderr.equals(whole.stderr)).toBe(true);
      expect(whole.stdout.length + whole.stderr.length).toBeGreaterThan(21_000_000);
      expect(whole.stdout.subarray(-1_048_580).toString()).toBe(`${'x'.repeat(1_048_576)}\nend`);
      expect((await provider.wait(id, NEVER)).code).toBe(0);
    });

    test('output ends at once and quietly when it is aborted', async () => {
      const id = await start({ argv: ['sh', '-c', 'echo ready; exec sleep 300'] });
      const stop = new AbortController();
      const got: string[] = [];
      for await (const chunk of provider.output(id, START, stop.signal)) {
        got.push(Buffer.from(chunk.bytes).toString());
        stop.abort();
      }
      expect(got.join('')).toBe('ready\n');
      await provider.kill(id);
    });

    test('wait rejects when it is aborted', async () => {
      const id = await start({ argv: ['sleep', '300'] });
      const stop = new AbortController();
      const waiting = provider.wait(id, stop.signal);
      stop.abort();
      await expect(waiting).rejects.toThrow(/abort/i);
      await provider.kill(id);
    });

    test('what happened while nobody looked is told afterwards, as often as asked', async () => {
      const id = await start({ argv: ['sh', '-c', 'echo out; echo err >&2; exit 7'] });
      await provider.wait(id, NEVER);
      const later = harness.reopen();
      const [first, second] = await Promise.all([later.wait(id, NEVER), later.wait(id, NEVER)]);
      expect(first).toMatchObject({ code: 7, oomKilled: false, startError: null });
      expect(second).toEqual(first);
      const output = await readAll(later, id);
      expect([output.stdout.toString(), output.stderr.toString()]).toEqual(['out\n', 'err\n']);
      const rest = await readAll(later, id, { stdout: 2, stderr: 4 });
      expect([rest.stdout.toString(), rest.stderr.toString()]).toEqual(['t\n', '']);
    });

    test('a name can be started once', async () => {
      const attempt = spec({ argv: ['sleep', '300'] });
      const both = await Promise.allSettled([provider.start(attempt), harness.reopen().start(attempt)]);
      const winners = both.filter((result) => result.status === 'fulfilled');
      const losers = both.filter((result) => result.status === 'rejected');
      for (const { value } of winners) started.add(value);
      expect(winners.length).toBe(1);
      expect(losers[0]?.reason).toMatchObject({ name: 'SandboxError', code: 'name_taken' });
      const found = await provider.find({ namespace, run });
      expect(found.filter((sandbox) => sandbox.name === attempt.name).map((sandbox) => sandbox.state)).toEqual([
        'running',
      ]);
    });

    test('sandboxes are found by their labels, in every state', async () => {
      const labels = { namespace, repository: 'other-repository', run: `${run}b`, iteration: 12, attempt: 3 };
      const attempt = spec({ argv: ['sleep', '300'], labels });
      const id = await start(attempt);
      const expected = { id, name: attempt.name, labels };
      const fresh = harness.reopen();
      expect(await fresh.find({ namespace, run: `${run}b` })).toEqual([{ ...expected, state: 'running' }]);
      expect(await fresh.find({ namespace, repository: 'other-repository' })).toEqual([
        { ...expected, state: 'running' },
      ]);
      expect(await fresh.find({ namespace, repository: 'other-repository', run: 'no-such-run' })).toEqual([]);
      expect(await fresh.find({ namespace: 'another-namespace', run: `${run}b` })).toEqual([]);
      await provider.kill(id);
      await provider.wait(id, NEVER);
      expect(await fresh.find({ namespace, run: `${run}b` })).toEqual([{ ...expected, state: 'exited' }]);
      await provider.remove(id);
      expect(await fresh.find({ namespace, run: `${run}b` })).toEqual([]);
    });

    test('stop asks first: SIGTERM', async () => {
      const id = await start({
        argv: ['sh', '-c', 'trap "echo asked; exit 5" TERM; echo ready; while :; do sleep 0.05; done'],
      });
      await firstOutput(provider, id);
      await provider.stop(id, 60_000);
      expect((await provider.wait(id, NEVER)).code).toBe(5);
      expect((await readAll(provider, id)).stdout.toString()).toBe('ready\nasked\n');
    });

    test('a command without a handler is ended by stop with 143', async () => {
      const id = await start({ argv: ['sleep', '300'] });
      await provider.stop(id, 60_000);
      expect(await provider.wait(id, NEVER)).toMatchObject({ code: 143, oomKilled: false });
    });

    test('stop kills after the grace what does not want to end', async () => {
      const id = await start({ argv: ['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'] });
      await firstOutput(provider, id);
      await provider.stop(id, 300);
      expect(await provider.wait(id, NEVER)).toMatchObject({ code: 137, oomKilled: false });
    });

    test('kill ends every process, also one in a session of its own', async () => {
      const beat = join(folder, 'beat-kill');
      const child = `require('child_process').spawn('sh', ['-c', 'while :; do date >> "${beat}"; sleep 0.05; done'], { detached: true, stdio: 'ignore' }).unref()`;
      const id = await start({ argv: ['node', '-e', `${child}; setInterval(() => {}, 1000)`] });
      await existing(beat);
      await provider.kill(id);
      expect(await provider.wait(id, NEVER)).toMatchObject({ code: 137, oomKilled: false });
      expect(await grows(beat)).toBe(false);
    });

    test('what a command leaves behind ends with it', async () => {
      const beat = join(folder, 'beat-left');
      const script = `(while :; do date >> '${beat}'; sleep 0.05; done) & until [ -s '${beat}' ]; do sleep 0.05; done; echo bye`;
      const { exit, stdout } = await runToEnd({ argv: ['sh', '-c', script] });
      expect(exit.code).toBe(0);
      expect(stdout.toString()).toBe('bye\n');
      expect(await grows(beat)).toBe(false);
    });

    test('stop, kill and remove are fine twice, and when the sandbox is gone', async () => {
      const { id } = await runToEnd({ argv: ['sh', '-c', 'exit 0'] });
      await provider.stop(id, 1_000);
      await provider.kill(id);
      expect(await provider.wait(id, NEVER)).toMatchObject({ code: 0 });
      await provider.remove(id);
      await provider.remove(id);
      await provider.kill(id);
      await provider.stop(id, 1_000);
    });

    test('a removed sandbox has no exit code, no output and no vitals, and nothing throws', async () => {
      const { id } = await runToEnd({ argv: ['sh', '-c', 'echo gone; exit 4'] });
      await provider.remove(id);
      const later = harness.reopen();
      expect(await later.wait(id, NEVER)).toMatchObject({ code: null, oomKilled: false });
      expect((await readAll(later, id)).stdout.length).toBe(0);
      for await (const _ of later.vitals(id, NEVER)) expect.unreachable('a sandbox that is gone has no vitals');
      expect(await later.handle(id)).toEqual({ cgroupPath: null, mainPid: null });
    });

    test('vitals are sane, and end with the sandbox', async () => {
      // 60 MB held, one CPU busy.
      const script = "const hold = Buffer.alloc(60e6, 1); console.log('ready'); for (;;) hold[0] += 1;";
      const id = await start({ argv: ['node', '-e', script] });
      await firstOutput(provider, id);
      const samples = [];
      for await (const sample of provider.vitals(id, NEVER)) {
        samples.push(sample);
        if (samples.length === 3) await provider.kill(id);
      }
      const last = samples[2];
      expect(last?.memoryBytes).toBeGreaterThan(60e6);
      expect(last?.memoryBytes).toBeLessThan(400e6);
      // The machine may be busy with other things: not idle is all that can be promised.
      expect(last?.cpuPercent).toBeGreaterThan(1);
      expect(last?.processes).toBeGreaterThanOrEqual(1);
      const times = samples.map((sample) => Date.parse(sample.at));
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    test('vitals end when they are aborted', async () => {
      const id = await start({ argv: ['sleep', '300'] });
      const stop = new AbortController();
      for await (const sample of provider.vitals(id, stop.signal)) {
        expect(sample.memoryBytes).toBeGreaterThan(0);
        stop.abort();
      }
      await provider.kill(id);
    });
  });
}

/** Everything that a sandbox says from the given offsets to its end. */
export async function readAll(
  provider: SandboxProvider,
  id: SandboxId,
  from: Offsets = START,
): Promise<{ stdout: Buffer; stderr: Buffer }> {
  const pieces = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for await (const { stream, bytes } of provider.output(id, from, NEVER)) pieces[stream].push(Buffer.from(bytes));
  return { stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr) };
}

/** Resolves when the sandbox has said something: it is really running by then. */
export async function firstOutput(provider: SandboxProvider, id: SandboxId): Promise<void> {
  for await (const _ of provider.output(id, START, NEVER)) return;
}

async function existing(path: string): Promise<void> {
  while (!(await stat(path).catch(() => null))) await sleep(20);
}

/** Whether somebody still writes to the file; a living writer does so every 50 ms or so. */
async function grows(path: string): Promise<boolean> {
  const before = (await stat(path)).size;
  await sleep(600);
  return (await stat(path)).size > before;
}
