// The output of the command that the agent runs now, read from its copy in the exchange folder. What is in there is
// written inside the sandbox: it is opened by a hardened door (ports), read up to a limit, and sanitized line by line.
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import { readAt } from '../../journal/regular-file.ts';
import { safeLine } from '../../text/sanitize.ts';
import type { LiveOutput } from './model.ts';
import type { LiveOutputPort } from './ports.ts';

const LOOK_EVERY_MS = 250;
/** Nothing has changed for a while: a look costs little, but a day is long. */
const LOOK_LATER_MS = 1_000;
const QUIET_LOOKS = 20;
const LINES_KEPT = 200;
/** A first look at a long output reads its end only. */
const FIRST_READ_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
const LONGEST_LINE = 2_000;

export class LiveOutputSource {
  readonly #port: LiveOutputPort;
  #output: LiveOutput | null = null;
  #name: string | null = null;
  #offset = 0;
  /** Lines that have ended, and the beginning of one that has not. */
  #whole: readonly string[] = [];
  #rest = '';
  #decoder = new TextDecoder();

  constructor(port: LiveOutputPort) {
    this.#port = port;
  }

  get output(): LiveOutput | null {
    return this.#output;
  }

  /** Looks again and again until the signal. */
  async follow(ref: AttemptRef, signal: AbortSignal, changed: () => void): Promise<void> {
    let quiet = 0;
    while (!signal.aborted) {
      const before = this.#output;
      await this.#look(ref).catch(() => undefined);
      if (this.#output !== before) changed();
      quiet = this.#output === before ? quiet + 1 : 0;
      const pauseMs = quiet > QUIET_LOOKS ? LOOK_LATER_MS : LOOK_EVERY_MS;
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(ref: AttemptRef): Promise<void> {
    const newest = await this.#port.newest(ref);
    if (newest === null) {
      this.#output = null;
      this.#name = null;
      return;
    }
    const { name, startedAtMs, state } = newest;
    const ended = state === 'ended';
    if (name !== this.#name) {
      this.#name = name;
      this.#offset = 0;
      this.#whole = [];
      this.#rest = '';
      this.#decoder = new TextDecoder();
      this.#output = { attempt: ref, startedAtMs, lines: [], ended };
    }
    const file = await this.#port.open(ref, name);
    if (file === null) return;
    try {
      await this.#readNew(file);
    } finally {
      await file.close();
    }
    if (this.#output !== null && this.#output.ended !== ended) this.#output = { ...this.#output, ended };
  }

  async #readNew(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    const isFirst = this.#offset === 0;
    if (size < this.#offset) this.#offset = 0;
    const start = isFirst ? Math.max(0, size - FIRST_READ_BYTES) : this.#offset;
    const bytes = await readAt(file, start, Math.min(READ_BYTES, size - start));
    if (bytes.length === 0 || this.#output === null) return;
    this.#offset = start + bytes.length;
    // The end of a line decides: a progress bar rewrites its line with carriage returns.
    const pieces = `${this.#rest}${this.#decoder.decode(bytes, { stream: true })}`.split('\n');
    if (isFirst && start > 0) pieces.shift();
    this.#rest = (pieces.pop() ?? '').slice(-LONGEST_LINE);
    this.#whole = [...this.#whole, ...pieces.slice(-LINES_KEPT).map(shownLine)].slice(-LINES_KEPT);
    const begun = shownLine(this.#rest);
    this.#output = { ...this.#output, lines: begun === '' ? this.#whole : [...this.#whole, begun] };
  }
}

/** What a terminal would show of it: the last thing written over the line. */
function shownLine(text: string): string {
  const written = text.replace(/\r+$/, '').slice(-LONGEST_LINE);
  return safeLine(written.slice(written.lastIndexOf('\r') + 1)).trimEnd();
}
