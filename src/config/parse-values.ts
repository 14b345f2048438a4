// From text to the values of options; every refusal says what is allowed.
import type { Network } from '../core/sandbox.ts';
import { parseBytes } from '../text/bytes.ts';
import { parseDuration } from '../text/duration.ts';
import { InvalidValueError } from '../text/invalid-value-error.ts';

/** Below it not even the agent's own program starts. */
const MINIMUM_MEMORY_BYTES = 64 * 1024 ** 2;
const MINIMUM_PIDS = 16;

/** `docker`, `host`, or `1` and `0` as in the loop guide's SANDBOX. */
export function parseSandbox(text: string): 'docker' | 'host' {
  if (text === 'docker' || text === '1') return 'docker';
  if (text === 'host' || text === '0') return 'host';
  throw new InvalidValueError(`${quoted(text)} is no sandbox; write docker (or 1) or host (or 0)`);
}

/** A size as docker takes it: 512m, 8g, 1.5g, or bytes. */
export function parseMemory(text: string): number {
  const bytes = parseBytes(text);
  if (bytes < MINIMUM_MEMORY_BYTES) {
    throw new InvalidValueError(`${quoted(text)} is too little memory; write 64m or more, such as 8g`);
  }
  return bytes;
}

/** CPUs, fractions allowed. */
export function parseCpus(text: string): number {
  const cpus = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (cpus < 0.1)
    throw new InvalidValueError(`${quoted(text)} is no number of CPUs; write 0.1 or more, such as 4 or 1.5`);
  return cpus;
}

export function parsePids(text: string): number {
  const pids = wholeNumber(text);
  if (pids === null || pids < MINIMUM_PIDS) {
    throw new InvalidValueError(`${quoted(text)} is no process limit; write a whole number, ${MINIMUM_PIDS} or more`);
  }
  return pids;
}

/** A maximum; null for none, written 0 as in the playbook's loop.sh. */
export function parseMaximum(text: string): number | null {
  const count = wholeNumber(text);
  if (count === null) throw new InvalidValueError(`${quoted(text)} is no number; write a whole number, 0 for no limit`);
  return count === 0 ? null : count;
}

export function showMaximum(value: number | null): string {
  return value === null ? 'no limit' : String(value);
}

export function parseNetwork(text: string): Network {
  if (text === 'open' || text === 'none') return { kind: text };
  const name = /^bridge:([A-Za-z0-9][A-Za-z0-9_.-]*)$/.exec(text)?.[1];
  if (name !== undefined) return { kind: 'bridge', name };
  throw new InvalidValueError(`${quoted(text)} is no network; write open, none or bridge:NAME`);
}

export function showNetwork(network: Network): string {
  return network.kind === 'bridge' ? `bridge:${network.name}` : network.kind;
}

const SHORTEST_IDLE_MS = 6 * 60_000;

/** The agent itself may print nothing for six minutes while it waits for an answer (facts/claude-code.md 4). */
export function parseIdleLimit(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs >= SHORTEST_IDLE_MS) return durationMs;
  throw new InvalidValueError(
    `${quoted(text)} is too short; write 6m or more, as the agent itself may be silent that long`,
  );
}

/** Any text but none. */
export function parseText(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidValueError('is empty');
}

/** A word that cannot be mistaken for an option by whatever it is handed to: image references, models. */
export function parseWord(text: string): string {
  if (/^[^\s-]\S*$/.test(text)) return text;
  throw new InvalidValueError(`${quoted(text)} cannot be used; write one word that does not begin with -`);
}

/** A variable's name; its value is taken from the environment, so that it never stands in a command line. */
export function parseVariableName(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
  // The value is not repeated: it may be a secret.
  const name = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(text)?.[1];
  if (name !== undefined)
    throw new InvalidValueError(`takes a name alone; write ${name}, with its value in your environment`);
  throw new InvalidValueError(`${quoted(text)} is no name of a variable; write letters, digits and _`);
}

/** A file inside the repository, normalised; never outside of it. */
export function parseInsidePath(text: string): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (text.startsWith('/') || parts.length === 0 || parts.includes('..') || parts[0] === '.git') {
    throw new InvalidValueError(
      `${quoted(text)} cannot be used; write a path inside the repository, such as docs/PLAN.md`,
    );
  }
  return parts.join('/');
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
