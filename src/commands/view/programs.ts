// What the pager is opened on: logs as they are, and diffs that are made safe first.
import { attemptFiles, runFiles } from '../../journal/folders.ts';
import type { ProgramPort, ProgramToRun } from '../../tui/store/ports.ts';
import type { ProgramRequest } from '../../tui/ui/effects.ts';
import { stateOf } from '../../viewer/find-run.ts';
import type { CommandContext, RunPlace } from '../line/context.ts';
import { readDiff, writeDiff } from './diffs.ts';
import { editor } from './edit.ts';
import { findProgram, PAGER } from './person-program.ts';

export function programPort(context: CommandContext, place: RunPlace): ProgramPort {
  return { prepare: (what) => prepare(context, place, what) };
}

async function prepare(context: CommandContext, place: RunPlace, what: ProgramRequest): Promise<ProgramToRun> {
  const { folder } = runFiles(place.folders, place.run);
  const state = await stateOf(place.folders, place.run);
  if (state === null) return { why: 'the run cannot be read' };
  switch (what.kind) {
    case 'raw_log':
      return pager(context, folder, attemptFiles(folder, what.attempt).raw);
    case 'diff': {
      const diff = await readDiff(context, place, what.request);
      return 'why' in diff ? diff : pager(context, folder, await writeDiff(place, diff.text));
    }
    case 'edit':
      return editor(context, place, state, what.file);
  }
}

/** The pager is not to show escapes as colours, nor to run anything: what it shows was written by the agent. */
function pager(context: CommandContext, cwd: string, path: string): ProgramToRun {
  const program = findProgram(context, PAGER);
  if ('why' in program) return program;
  return { argv: program.argv(path), cwd, environment: { ...program.environment, LESS: '-S', LESSSECURE: '1' } };
}
