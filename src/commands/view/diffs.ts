// The work of an attempt, or of a commit, as a diff that is safe to show: every path, name and line in it was written
// by the agent.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFiles } from '../../journal/folders.ts';
import { sanitize } from '../../text/sanitize.ts';
import type { DiffPort } from '../../tui/store/ports.ts';
import type { DiffRequest } from '../../tui/ui/effects.ts';
import { stateOf } from '../../viewer/find-run.ts';
import { openShadow } from '../../workspace/git/shadow.ts';
import { workDiff } from '../../workspace/git/work-diff.ts';
import { readHead } from '../../workspace/head.ts';
import { redactorFor } from '../known-secrets.ts';
import type { CommandContext, RunPlace } from '../line/context.ts';
import { attemptRange, commitRange } from './diff-range.ts';

const LIMIT_BYTES = 4 * 1024 * 1024;
/** In the run's folder: the last diff that was handed to a pager. */
const FILE = 'shown.diff';

export type SafeDiff =
  | { readonly title: string; readonly text: string; readonly ofFiles: boolean }
  | { readonly why: string };

export function diffPort(context: CommandContext, place: RunPlace): DiffPort {
  return {
    read: async (what) => {
      const diff = await readDiff(context, place, what);
      if ('why' in diff) return diff;
      const { title, text, ofFiles } = diff;
      return { title, lines: text.trimEnd().split('\n'), ofFiles };
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
  const head = await readHead(place.repository);
  const range =
    what.kind === 'commit'
      ? commitRange(state, what.sha)
      : attemptRange(state, what.attempt, head.ok ? head.sha : null);
  if ('why' in range) return range;
  const shadow = await openShadow(place.repository, place.folders.shadowGit);
  const diff = await workDiff(shadow, range, LIMIT_BYTES);
  if (diff.text === '') return { why: 'nothing changed' };
  const redact = await redactorFor(context.environment, place.folders, place.run);
  const cut = diff.truncated ? '\n(cut here: the rest is too long)\n' : '';
  return {
    title: range.title,
    text: `${sanitize(diff.text, { redact })}${cut}`,
    ofFiles: range.left === 'worktree',
  };
}
