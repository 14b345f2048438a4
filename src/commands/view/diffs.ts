// The work of an attempt, or of a commit, as a diff that is safe to show: every path, name and line in it was written
// by the agent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptRef } from '../../core/attempt-ref.ts';
import type { RunState } from '../../core/state/run-state.ts';
import { runFiles } from '../../journal/folders.ts';
import { sanitize } from '../../text/sanitize.ts';
import type { DiffPort } from '../../tui/store/ports.ts';
import type { DiffRequest } from '../../tui/ui/effects.ts';
import { stateOf } from '../../viewer/find-run.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { type WorkRange, workDiff } from '../../workspace/git/work-diff.ts';
import { redactorFor } from '../known-secrets.ts';
import type { CommandContext, RunPlace } from '../line/context.ts';

const LIMIT_BYTES = 4 * 1024 * 1024;
/** In the run's folder: the last diff that was handed to a pager. */
const FILE = 'shown.diff';

export type SafeDiff = { readonly title: string; readonly text: string } | { readonly why: string };

export function diffPort(context: CommandContext, place: RunPlace): DiffPort {
  return {
    read: async (what) => {
      const diff = await readDiff(context, place, what);
      return 'why' in diff ? diff : { title: diff.title, lines: diff.text.trimEnd().split('\n') };
    },
  };
}

/** For a pager; the file is the viewer's own, and nobody else's to read. */
export async function writeDiff(place: RunPlace, text: string): Promise<string> {
  const path = join(runFiles(place.folders, place.run).folder, FILE);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

export async function readDiff(context: CommandContext, place: RunPlace, what: DiffRequest): Promise<SafeDiff> {
  const state = await stateOf(place.folders, place.run);
  if (state === null) return { why: 'the run cannot be read' };
  const range = what.kind === 'commit' ? commitRange(state, what.sha) : attemptRange(state, what.attempt);
  if ('why' in range) return range;
  const shadow = await openShadow(place.repository, place.folders.shadowGit);
  const diff = await workDiff(shadow, range, LIMIT_BYTES);
  if (diff.text === '') return { why: 'nothing changed' };
  const redact = await redactorFor(context.environment, place.folders, place.run);
  const cut = diff.truncated ? '\n(cut here: the rest is too long)\n' : '';
  return { title: range.title, text: `${sanitize(diff.text, { redact })}${cut}` };
}

interface Range extends WorkRange {
  readonly title: string;
}

type RangeOrWhy = Range | { readonly why: string };

function attemptRange(state: RunState, ref: AttemptRef): RangeOrWhy {
  const isIt = (other: AttemptRef) => other.iteration === ref.iteration && other.attempt === ref.attempt;
  const running = state.current !== null && isIt(state.current) ? state.current : null;
  const receipt = state.receipts.find(isIt);
  const baseCommit = running === null ? (receipt?.baseCommit ?? null) : running.before.head;
  const foundCommit = (running ?? receipt)?.foundCommit ?? null;
  const target = running === null ? (receipt?.headCommit ?? null) : 'worktree';
  if ((baseCommit ?? foundCommit) === null || target === null)
    return { why: 'nothing was committed before it, so there is nothing to compare' };
  const name = `${ref.iteration}${ref.attempt > 1 ? `.${ref.attempt}` : ''}`;
  return { baseCommit, foundCommit, target, title: `diff of iteration ${name}${running === null ? '' : ', so far'}` };
}

/** Commits of a receipt stand newest first; the oldest one's parent is the attempt's base. */
function commitRange({ receipts, current }: RunState, sha: string): RangeOrWhy {
  const range = (base: string | null): RangeOrWhy =>
    base === null
      ? { why: 'the commit before it is not known here' }
      : { baseCommit: base, foundCommit: null, target: sha, title: `commit ${sha.slice(0, 7)}` };
  for (const { commits, baseCommit } of receipts) {
    const at = commits.findIndex((commit) => commit.sha === sha);
    if (at >= 0) return range(commits[at + 1]?.sha ?? baseCommit);
  }
  return range(current?.before.head ?? null);
}
