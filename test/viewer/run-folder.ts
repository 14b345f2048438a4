// Lays out a run's folder as a supervisor would: a told story as the journal, recorded output, samples.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptRef } from '../../src/core/attempt-ref.ts';
import type { Event } from '../../src/core/events.ts';
import { openJournal } from '../../src/journal/append.ts';
import { attemptFiles, type RepositoryFolders, repositoryFolders } from '../../src/journal/folders.ts';
import { makeRunFolder } from '../../src/journal/make-folders.ts';
import type { VitalsSample } from '../../src/viewer/vitals-file.ts';
import type { Story } from '../core/story.ts';

export const RUN = '20261121-100000-abc';

export interface RunFolder {
  readonly folders: RepositoryFolders;
  readonly folder: string;
}

/** The state root is one of the test's own. */
export async function layOutRun(stateRoot: string, key: string, story: Story, run: string = RUN): Promise<RunFolder> {
  const folders = repositoryFolders(stateRoot, key);
  const { folder, journal } = await makeRunFolder(folders, run);
  const writer = openJournal<Event>(journal);
  for (const event of story.events) writer.append(event.type === 'run_started' ? { ...event, run } : event);
  writer.close();
  return { folders, folder };
}

export async function writeOutput(folder: string, ref: AttemptRef, bytes: Uint8Array): Promise<void> {
  await writeFile(attemptFiles(folder, ref).raw, bytes, { mode: 0o600 });
}

export async function writeSamples(folder: string, ref: AttemptRef, samples: readonly VitalsSample[]): Promise<void> {
  const lines = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
  await appendFile(attemptFiles(folder, ref).vitals, lines);
}

export function sample(at: string, outputBytes: number, memoryBytes = 1000): VitalsSample {
  return { at, outputBytes, memoryBytes, limitBytes: 8000, cpuPercent: 50, processes: 3 };
}

export async function transcript(name: string): Promise<Buffer> {
  return readFile(join(import.meta.dirname, '..', 'fixtures', 'transcripts', `${name}.jsonl`));
}

/** The first lines of a transcript, with their line ends. */
export function firstLines(bytes: Buffer, count: number): Buffer {
  let end = 0;
  for (let line = 0; line < count; line += 1) end = bytes.indexOf(0x0a, end) + 1;
  return bytes.subarray(0, end);
}
