// The contract between the supervisor and whatever an attempt runs in.
// One conformance suite (test/sandbox/conformance) holds every provider to it.
import { CodedError } from './coded-error.ts';

/** A provider's own handle of a sandbox: a container id, or a folder of the host provider. */
export type SandboxId = string;

/** What names a sandbox among all of this machine's; written on it as labels. */
export interface SandboxLabels {
  /** Label namespace, so that tests never meet a developer's live loop. */
  readonly namespace: string;
  /** `<repository name>-<hash of its real path>`. */
  readonly repository: string;
  readonly run: string;
  readonly iteration: number;
  readonly attempt: number;
}

export interface Mount {
  /** Real path of a directory on the host: directories only, a mounted file goes stale when it is replaced. */
  readonly source: string;
  /** Absolute path inside. */
  readonly target: string;
  readonly readonly: boolean;
}

/** A named volume that outlives the sandbox. */
export interface CacheVolume {
  readonly name: string;
  readonly target: string;
}

export interface Limits {
  readonly memoryBytes: number;
  /** CPUs, fractions allowed. */
  readonly cpus: number;
  readonly pids: number;
}

export type Network =
  | { readonly kind: 'open' }
  | { readonly kind: 'none' }
  | { readonly kind: 'bridge'; readonly name: string };

/** Everything that a provider needs to start one attempt. */
export interface AttemptSpec {
  /** `sandbox-loop-<run>-<n>-<a>`: starting the same name twice fails with `name_taken`. */
  readonly name: string;
  readonly labels: SandboxLabels;
  /** Absolute working directory, the same path inside and outside. */
  readonly workdir: string;
  /** The command. Providers run it as it is, without a shell. */
  readonly argv: readonly string[];
  /** Path (inside) of a file that becomes standard input; null for /dev/null. */
  readonly stdinPath: string | null;
  /** Environment that may stand in logs and `docker inspect`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment that must never be written down. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly volumes: readonly CacheVolume[];
  /** User inside; the host provider runs as whoever runs the supervisor. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly limits: Limits;
  readonly network: Network;
  /** Image reference; ignored by the host provider. */
  readonly image: string;
}

export type SandboxState = 'created' | 'running' | 'paused' | 'exited';

export interface FoundSandbox {
  readonly id: SandboxId;
  readonly name: string;
  readonly labels: SandboxLabels;
  readonly state: SandboxState;
}

/** Bytes of each stream that are already kept; output goes on behind them. */
export interface Offsets {
  readonly stdout: number;
  readonly stderr: number;
}

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** In `Exit.startError`: whoever started the sandbox died before the secrets were handed over. */
export const SECRETS_MISSING = 'the secrets did not arrive';

/** How a sandbox ended, with the evidence its provider has (facts/sandbox.md 1.2). */
export interface Exit {
  /** Exit code of the command, 128 + signal where a signal ended it; null when nobody knows (sandbox gone). */
  readonly code: number | null;
  /** The provider's word that the memory limit killed something in it. */
  readonly oomKilled: boolean;
  /** Processes that the kernel killed for memory, null where it cannot be counted. */
  readonly oomKillCount: number | null;
  /** Why the command never started (State.Error, 126, 127); null if it did. */
  readonly startError: string | null;
  /** A kill or stop through the engine's own API was seen. */
  readonly killEventSeen: boolean;
  /** The engine went away, or came back, while the sandbox ran: its evidence has a hole. */
  readonly daemonGap: boolean;
  /** ISO 8601; null when unknown. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** One sample of a running sandbox. */
export interface Vitals {
  /** ISO 8601. */
  readonly at: string;
  /** Memory without page cache (usage − inactive_file), bytes. */
  readonly memoryBytes: number;
  /** Null where no limit is enforced. */
  readonly limitBytes: number | null;
  /** Percent of one CPU: 310 is three CPUs and a bit. */
  readonly cpuPercent: number;
  readonly processes: number;
}

/** Where the kernel knows the sandbox: for forensics. */
export interface SandboxHandle {
  readonly cgroupPath: string | null;
  readonly mainPid: number | null;
}

export interface SandboxFilter {
  readonly namespace: string;
  readonly repository?: string;
  readonly run?: string;
}

/**
 * Runs attempts. Every call has a deadline of its own and rejects with a `SandboxError`
 * (`code: 'engine_away'`) when the engine does not answer in time.
 */
export interface SandboxProvider {
  /** What it is called in options, logs and the journal. */
  readonly kind: 'docker' | 'host';
  /** Creates and starts. Rejects with `name_taken`, `start_failed` (image, command, configuration) or `engine_away`. */
  start(spec: AttemptSpec): Promise<SandboxId>;
  /** Those that exist, in any state. */
  find(filter: SandboxFilter): Promise<FoundSandbox[]>;
  /** Both streams from the given byte offsets until the sandbox has ended and all is read; survives reconnects. */
  output(id: SandboxId, from: Offsets, signal: AbortSignal): AsyncIterable<OutputChunk>;
  /** Resolves when the sandbox has ended, also if that was long ago. */
  wait(id: SandboxId, signal: AbortSignal): Promise<Exit>;
  /** Samples at 1 Hz until the sandbox has ended. */
  vitals(id: SandboxId, signal: AbortSignal): AsyncIterable<Vitals>;
  handle(id: SandboxId): Promise<SandboxHandle>;
  /** Asks to end (SIGTERM), and kills after the grace. Resolves when it has ended. Fine when it is gone already. */
  stop(id: SandboxId, graceMs: number): Promise<void>;
  /** Kills every process of it at once. Fine when it is gone already. */
  kill(id: SandboxId): Promise<void>;
  /** Takes away what is left of an ended sandbox. Fine when it is gone already. */
  remove(id: SandboxId): Promise<void>;
}

export type SandboxErrorCode = 'name_taken' | 'start_failed' | 'engine_away' | 'not_found';

/** What can go wrong with a sandbox; `message` says what to do. */
export class SandboxError extends CodedError<SandboxErrorCode> {
  override readonly name = 'SandboxError';
}

/** The name of an attempt's sandbox: the loop guide's `docker ps --filter name=sandbox-loop` finds it. */
export function sandboxName(run: string, iteration: number, attempt: number): string {
  return `sandbox-loop-${run}-${iteration}-${attempt}`;
}
