// The recorded runs of the real agent in test/fixtures/transcripts: stdout, stderr, exit code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exit } from '../../src/core/sandbox.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/transcripts');

export interface Transcript {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
  readonly exit: Exit;
}

export const CLEAN_EXIT: Exit = {
  code: 0,
  oomKilled: false,
  oomKillCount: null,
  startError: null,
  killEventSeen: false,
  daemonGap: false,
  startedAt: null,
  finishedAt: null,
};

export function transcriptNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length));
}

export function readTranscript(name: string): Transcript {
  const stderrPath = join(FOLDER, `${name}.stderr`);
  return {
    name,
    bytes: readFileSync(join(FOLDER, `${name}.jsonl`)),
    stderr: existsSync(stderrPath) ? readFileSync(stderrPath, 'utf8') : '',
    exit: exitOf(JSON.parse(readFileSync(join(FOLDER, `${name}.meta.json`), 'utf8'))),
  };
}

export function linesOf(transcript: Transcript): string[] {
  return new TextDecoder().decode(transcript.bytes).split('\n').filter(Boolean);
}

export function bytesOf(lines: readonly (string | object)[]): Uint8Array {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return new TextEncoder().encode(texts.map((line) => `${line}\n`).join(''));
}

interface Meta {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly state?: { readonly OOMKilled: boolean };
  readonly events?: readonly string[];
}

/** As a provider tells it: a signal becomes 128 and its number. */
function exitOf(meta: Meta): Exit {
  return {
    ...CLEAN_EXIT,
    code: meta.exitCode ?? (meta.signal === 'SIGKILL' ? 137 : null),
    oomKilled: meta.state?.OOMKilled ?? false,
    killEventSeen: meta.events?.some((event) => event.startsWith('kill')) ?? false,
  };
}
