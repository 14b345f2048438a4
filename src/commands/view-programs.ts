// What the pager and the editor are opened on: logs, diffs that are made safe first, and the person's own files.
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunState } from '../core/run-state.ts';
import { attemptFiles, runFiles } from '../journal/folders.ts';
import { sanitize } from '../text/sanitize.ts';
import type { ProgramPort, ProgramToRun } from '../tui/store/ports.ts';
import type { EditableFile, ProgramRequest } from '../tui/ui/effects.ts';
import { stateOf } from '../viewer/find-run.ts';
import { diffText } from '../workspace/git/changes.ts';
import { openShadow } from '../workspace/git/shadow.ts';
import { readInside } from '../workspace/safe-read.ts';
import type { CommandContext, RunPlace } from './context.ts';
import { redactorFor } from './known-secrets.ts';

const DIFF_LIMIT_BYTES = 4 * 1024 * 1024;
/** In the run's folder: the last diff that was looked at. */
const DIFF_FILE = 'shown.diff';

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
      const range = rangeOf(state, what.attempt);
      return range === null
        ? { why: 'nothing was committed before it, so there is nothing to compare' }
        : showDiff(context, place, range);
    }
    case 'commit': {
      const parent = parentOf(state, what.sha);
      return parent === null
        ? { why: 'the commit before it is not known here' }
        : showDiff(context, place, { base: parent, target: what.sha });
    }
    case 'edit':
      return editor(context, place, state, what.file);
  }
}

interface Range {
  readonly base: string;
  readonly target: string;
}

function rangeOf(state: RunState, ref: { iteration: number; attempt: number }): Range | null {
  const isIt = (other: { iteration: number; attempt: number }) =>
    other.iteration === ref.iteration && other.attempt === ref.attempt;
  if (state.current !== null && isIt(state.current)) {
    const base = state.current.before.head;
    return base === null ? null : { base, target: 'worktree' };
  }
  const receipt = state.receipts.find(isIt);
  if (receipt === undefined || receipt.baseCommit === null || receipt.headCommit === null) return null;
  return { base: receipt.baseCommit, target: receipt.headCommit };
}

/** Commits of a receipt stand newest first; the oldest one's parent is the attempt's base. */
function parentOf({ receipts, current }: RunState, sha: string): string | null {
  for (const { commits, baseCommit } of receipts) {
    const at = commits.findIndex((commit) => commit.sha === sha);
    if (at >= 0) return commits[at + 1]?.sha ?? baseCommit;
  }
  return current?.before.head ?? null;
}

async function showDiff(context: CommandContext, place: RunPlace, { base, target }: Range): Promise<ProgramToRun> {
  const shadow = await openShadow(place.repository, place.folders.shadowGit);
  const diff = await diffText(shadow, base, target, DIFF_LIMIT_BYTES);
  if (diff.text === '') return { why: 'nothing changed' };
  const redact = await redactorFor(context.environment, place.folders, place.run);
  const path = join(runFiles(place.folders, place.run).folder, DIFF_FILE);
  const cut = diff.truncated ? '\n(cut here: the rest is too long)\n' : '';
  await writeFile(path, `${sanitize(diff.text, { redact })}${cut}`, { mode: 0o600 });
  return pager(context, place, path);
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
