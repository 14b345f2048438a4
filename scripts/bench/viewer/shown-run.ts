// A run for a viewer to show: a day of attempts behind it and mostly one that runs, with this process as its supervisor.
import { appendFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Event } from '../../../src/core/events.ts';
import { openJournal } from '../../../src/journal/append.ts';
import { attemptFiles, repositoryFolders, repositoryKey, stateRoot } from '../../../src/journal/folders.ts';
import { acquireLock } from '../../../src/journal/lock.ts';
import { makeRunFolder } from '../../../src/journal/make-folders.ts';
import { AgentOutput } from '../../../test/tui/agent-output.ts';
import { memorySamples, runningOutput, workingDay } from '../../../test/tui/working-day.ts';
import { RUN, writeOutput, writeSamples } from '../../../test/viewer/run-folder.ts';
import { makeScratch, type Scratch } from '../loop/scratch.ts';

/** The attempt whose log is shown: the one that runs, or the last one of a run that is paused. */
const SHOWN = { running: { iteration: 8, attempt: 1 }, paused: { iteration: 7, attempt: 1 } };

export interface ShownRun extends Scratch {
  /** The log of the attempt that is shown. */
  readonly log: string;
  /** Appends so many lines a second until it is told to end. */
  stream(linesPerSecond: number): { end(): void };
}

/** @param paused Whether the run stands still; else an attempt runs. */
export async function makeShownRun(folder: string, { paused }: { readonly paused: boolean }): Promise<ShownRun> {
  await mkdir(folder);
  const scratch = await makeScratch(folder);
  const root = stateRoot(scratch.environment, folder);
  const folders = repositoryFolders(root, repositoryKey(scratch.repository));
  const run = await makeRunFolder(folders, RUN);
  const day = workingDay(paused ? 'idle' : 'running');
  const ref = paused ? SHOWN.paused : SHOWN.running;
  if (paused) {
    day.tell({
      type: 'paused',
      reason: { kind: 'asked', message: 'a pause was asked for', help: null, headlessExit: null },
    });
  }
  const journal = openJournal<Event>(run.journal);
  for (const event of day.events) journal.append(event);
  journal.close();
  const output = runningOutput(day.at);
  await writeOutput(run.folder, ref, output.bytes);
  await writeSamples(run.folder, ref, memorySamples(day.at, 180, output.bytes.length));
  const lock = await acquireLock(folders.lock, { run: RUN });
  if (!lock.ok) throw new Error('the lock of the run is held by somebody else');
  const log = attemptFiles(run.folder, ref).raw;
  return {
    ...scratch,
    log,
    stream(linesPerSecond) {
      let written = 0;
      const timer = setInterval(() => {
        written += 1;
        const line = new AgentOutput(new Date().toISOString());
        appendFileSync(
          log,
          line.text(`Line ${written} of many that an agent writes while it works on its task`, 0).bytes,
        );
      }, 1000 / linesPerSecond);
      return { end: () => clearInterval(timer) };
    },
  };
}
