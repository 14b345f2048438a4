// Sandboxes that exist in memory only, behind the real contract: a script plays the agent, and the engine can be away.
import {
  type AttemptSpec,
  type Exit,
  type FoundSandbox,
  type Offsets,
  type OutputChunk,
  SandboxError,
  type SandboxFilter,
  type SandboxId,
  type SandboxProvider,
  type SandboxState,
  type Vitals,
} from '../../src/core/sandbox.ts';

/** The agent's part: what it says and does until it ends, with the end's evidence where it is no clean one. */
export type Script = (sandbox: FakeSandbox) => Promise<Partial<Exit> | undefined>;

export const CLEAN_EXIT: Exit = {
  code: 0,
  oomKilled: false,
  oomKillCount: 0,
  startError: null,
  killEventSeen: false,
  daemonGap: false,
  startedAt: null,
  finishedAt: null,
};

/** An agent that works until somebody ends it. */
export const ENDLESS: Script = () => new Promise(() => undefined);

export class FakeSandbox {
  readonly spec: AttemptSpec;
  state: SandboxState = 'running';
  exit: Exit | null = null;
  readonly samples: Vitals[] = [];
  /** Output goes on for ever, although the sandbox has ended. */
  outputHangs = false;
  readonly #output: Record<OutputChunk['stream'], Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #changed = Promise.withResolvers<void>();

  constructor(spec: AttemptSpec) {
    this.spec = spec;
  }

  get id(): SandboxId {
    return `id-of-${this.spec.name}`;
  }

  /** What was given with `--session-id`. */
  get sessionId(): string {
    return this.spec.argv[this.spec.argv.indexOf('--session-id') + 1] ?? '';
  }

  /** Everything that it said so far. */
  get stdout(): Buffer {
    return this.#output.stdout;
  }

  /** One line of the agent's output, or bytes as they are. */
  says(output: object | Uint8Array, stream: OutputChunk['stream'] = 'stdout'): void {
    const bytes = output instanceof Uint8Array ? output : Buffer.from(`${JSON.stringify(output)}\n`);
    this.#output[stream] = Buffer.concat([this.#output[stream], bytes]);
    this.changed();
  }

  samplesMemory(memoryBytes: number): void {
    const limitBytes = this.spec.limits.memoryBytes;
    this.samples.push({ at: new Date().toISOString(), memoryBytes, limitBytes, cpuPercent: 10, processes: 3 });
    this.changed();
  }

  ends(exit: Partial<Exit> = {}): void {
    if (this.exit !== null) return;
    this.exit = { ...CLEAN_EXIT, ...exit };
    this.state = 'exited';
    this.changed();
  }

  behind(from: Offsets): OutputChunk[] {
    return (['stdout', 'stderr'] as const)
      .map((stream) => ({ stream, bytes: this.#output[stream].subarray(from[stream]) }))
      .filter(({ bytes }) => bytes.length > 0);
  }

  /** Everybody who waits looks again. */
  changed(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves at the next change, or when aborted. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve(), { once: true });
    return Promise.race([this.#changed.promise, aborted.promise]);
  }
}

export class FakeProvider implements SandboxProvider {
  readonly kind = 'docker';
  script: Script;
  /** Every sandbox that was ever started, in order. */
  readonly started: FakeSandbox[] = [];
  /** `stop id`, `kill id`, `remove id`, as they were asked for, also in vain. */
  readonly calls: string[] = [];
  /** What the next start rejects with. */
  startError: Error | null = null;
  readonly #sandboxes = new Map<SandboxId, FakeSandbox>();
  #away = false;

  constructor(script: Script) {
    this.script = script;
  }

  /** The engine does not answer, and breaks the connections that there are. */
  set away(away: boolean) {
    this.#away = away;
    for (const sandbox of this.#sandboxes.values()) sandbox.changed();
  }

  /** The sandbox that was started last. */
  get last(): FakeSandbox {
    const last = this.started.at(-1);
    if (last === undefined) throw new Error('nothing was started');
    return last;
  }

  /** Puts a sandbox there that this run knows nothing of. */
  leaves(spec: AttemptSpec, state: SandboxState): FakeSandbox {
    const sandbox = new FakeSandbox(spec);
    sandbox.state = state;
    this.#sandboxes.set(sandbox.id, sandbox);
    return sandbox;
  }

  /** It is gone, and nobody of ours removed it. */
  loses(sandbox: FakeSandbox): void {
    this.#sandboxes.delete(sandbox.id);
    sandbox.changed();
  }

  async start(spec: AttemptSpec): Promise<SandboxId> {
    this.#answer('start the sandbox');
    if (this.startError !== null) throw this.startError;
    const sandbox = new FakeSandbox(spec);
    if (this.#sandboxes.has(sandbox.id)) throw new SandboxError('name_taken', `${spec.name} is there already`);
    this.#sandboxes.set(sandbox.id, sandbox);
    this.started.push(sandbox);
    void this.script(sandbox).then((exit) => sandbox.ends(exit));
    return sandbox.id;
  }

  async find({ namespace, repository, run }: SandboxFilter): Promise<FoundSandbox[]> {
    this.#answer('list the sandboxes');
    return [...this.#sandboxes.values()]
      .map(({ id, state, spec: { name, labels } }) => ({ id, name, labels, state }))
      .filter(({ labels }) => labels.namespace === namespace)
      .filter(({ labels }) => repository === undefined || labels.repository === repository)
      .filter(({ labels }) => run === undefined || labels.run === run);
  }

  async *output(id: SandboxId, from: Offsets, signal: AbortSignal): AsyncGenerator<OutputChunk> {
    const offsets = { ...from };
    while (!signal.aborted) {
      this.#answer('show the output');
      const sandbox = this.#sandboxes.get(id);
      if (sandbox === undefined) return;
      const ended = sandbox.exit !== null && !sandbox.outputHangs;
      const chunks = sandbox.behind(offsets);
      for (const chunk of chunks) {
        offsets[chunk.stream] += chunk.bytes.length;
        yield chunk;
      }
      if (ended) return;
      if (chunks.length === 0) await sandbox.next(signal);
    }
  }

  async wait(id: SandboxId, signal: AbortSignal): Promise<Exit> {
    for (;;) {
      signal.throwIfAborted();
      this.#answer('wait for the sandbox');
      const sandbox = this.#sandboxes.get(id);
      if (sandbox === undefined) return { ...CLEAN_EXIT, code: null, oomKillCount: null };
      if (sandbox.exit !== null) return sandbox.exit;
      await sandbox.next(signal);
    }
  }

  async *vitals(id: SandboxId, signal: AbortSignal): AsyncGenerator<Vitals> {
    for (let index = 0; !signal.aborted; ) {
      this.#answer('measure the sandbox');
      const sandbox = this.#sandboxes.get(id);
      const sample = sandbox?.samples[index];
      if (sample !== undefined) {
        index += 1;
        yield sample;
      } else if (sandbox === undefined || sandbox.exit !== null) return;
      else await sandbox.next(signal);
    }
  }

  async handle() {
    return { cgroupPath: null, mainPid: null };
  }

  async stop(id: SandboxId): Promise<void> {
    this.#called('stop', id)?.ends({ code: 143, killEventSeen: true });
  }

  async kill(id: SandboxId): Promise<void> {
    this.#called('kill', id)?.ends({ code: 137, killEventSeen: true });
  }

  async remove(id: SandboxId): Promise<void> {
    const sandbox = this.#called('remove', id);
    if (sandbox !== undefined) this.loses(sandbox);
  }

  #called(what: string, id: SandboxId): FakeSandbox | undefined {
    this.calls.push(`${what} ${id}`);
    this.#answer(`${what} the sandbox`);
    return this.#sandboxes.get(id);
  }

  #answer(what: string): void {
    if (this.#away) throw new SandboxError('engine_away', `the engine did not ${what}; start it`);
  }
}
