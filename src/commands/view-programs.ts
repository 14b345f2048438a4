// What the pager and the editor are opened on: logs, diffs that are made safe first, and the person's own files.
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunState } from '../core/run-state.ts';
import { attemptFiles, runFiles } from '../journal/folders.ts';
import type { ProgramPort, ProgramToRun } from '../tui/store/ports.ts';
import type { EditableFile, ProgramRequest } from '../tui/ui/effects.ts';
import { stateOf } from '../viewer/find-run.ts';
import { readInside } from '../workspace/safe-read.ts';
import type { CommandContext, RunPlace } from './context.ts';
import { readDiff, writeDiff } from './view-diffs.ts';

export function programPort(context: CommandContext, place: RunPlace): ProgramPort {
  return { prepare: (what) => prepare(context, place, what) };
}

async function prepare(context: CommandContext, place: RunPlace, what: ProgramRequest): Promise<ProgramToRun> {
  const { folder } = runFiles(place.folders, place.run);
  const state = await stateOf(place.folders, place.run);
  if (state === null) return { why: 'the run cannot be read' };
  switch (what.kind) {
    case 'raw_log':
      return pager(context, place, attemptFiles(folder, what.attempt).raw);
    case 'diff': {
      const diff = await readDiff(context, place, what.request);
      return 'why' in diff ? diff : pager(context, place, await writeDiff(place, diff.text));
    }
    case 'edit':
      return editor(context, place, state, what.file);
  }
}

/** The pager is not to show escapes as colours, nor to run anything: what it shows was written by the agent. */
function pager(context: CommandContext, place: RunPlace, path: string): ProgramToRun {
  const command = context.environment.PAGER || 'less';
  return {
    argv: ['sh', '-c', `${command} "$1"`, 'sh', path],
    cwd: runFiles(place.folders, place.run).folder,
    environment: { ...own(context), LESS: '-S', LESSSECURE: '1' },
  };
}

async function editor(
  context: CommandContext,
  place: RunPlace,
  state: RunState,
  file: EditableFile,
): Promise<ProgramToRun> {
  const { top } = place.repository;
  const name = fileName(state, file);
  if (name === null)
    return { why: 'the embedded prompt is used; a PROMPT_build.md in the repository would win over it' };
  // An absolute path is the person's own choice; what lies in the repository may be a link that the agent put there.
  if (!name.startsWith('/')) {
    const found = await readInside(top, name);
    if (found.state === 'unsafe') return { why: `${name} is not opened: ${found.why}` };
  }
  const command = context.environment.VISUAL || context.environment.EDITOR || 'vi';
  return {
    argv: ['sh', '-c', `${command} "$1"`, 'sh', name.startsWith('/') ? name : join(top, name)],
    cwd: homedir(),
    environment: own(context),
  };
}

function fileName(state: RunState, file: EditableFile): string | null {
  switch (file) {
    case 'plan':
      return state.options.planFile;
    case 'agents':
      return 'AGENTS.md';
    case 'prompt':
      return state.promptSource === 'embedded' ? null : state.promptSource;
  }
}

function own({ environment }: CommandContext): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
