// Undo: the repository as it was before an iteration. What is thrown away is kept in the shadow first.
import { readFile } from 'node:fs/promises';
import { messageOf } from '../../system/system-error.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readHead } from '../head.ts';
import { readInside } from '../safe-read.ts';
import { putFile, putLink, removeFile } from '../safe-tree.ts';
import { replaceFileInside, type SafeWrite } from '../safe-write.ts';
import { readBlobs } from './blobs.ts';
import type { Environment } from './environment.ts';
import { withWorkTree } from './index-copy.ts';
import { askGit, runGit } from './run-git.ts';
import { refreshShadow, type Shadow, shadowCall } from './shadow.ts';
import { LINK_MODE } from './tree-entries.ts';
import { UndoError } from './undo-error.ts';
import { type Kept, keepWorkTree } from './undo-keep.ts';
import { surveyForUndo, type UndoPlan, type UndoRequest, type UndoSurvey } from './undo-survey.ts';

export interface UndoResult {
  /** In the shadow: a commit of the work tree as it was, on top of the commits that were taken from the branch. */
  readonly keptRef: string;
  readonly keptSha: string;
  /** A command that brings what was kept into the repository, as FETCH_HEAD. */
  readonly fetchCommand: string;
  /** What could not be done, and does no harm; one line each. */
  readonly warnings: readonly string[];
}

const REFLOG_LIMIT_BYTES = 64 * 1024 * 1024;
/** Files are looked at again, all of them. */
const REFRESH_DEADLINE_MS = 10 * 60_000;

/**
 * What the undo would throw away and bring back; changes nothing.
 *
 * @throws UndoError, GitError, TreeError, UnusableIndex: why it is not possible
 */
export async function planUndo(shadow: Shadow, request: UndoRequest): Promise<UndoPlan> {
  await refreshShadow(shadow);
  return withWorkTree(shadow, async (workTree) => (await surveyForUndo(shadow, workTree, request)).plan);
}

/**
 * Does what the plan says, if nothing has moved since it was made: keeps everything in the shadow, brings files back,
 * then index and branch. Nothing may run in the repository meanwhile. If it fails in the middle, it can be done again:
 * the branch moves last.
 *
 * @throws UndoError, GitError, TreeError, UnusableIndex
 */
export async function carryOutUndo(shadow: Shadow, plan: UndoPlan): Promise<UndoResult> {
  await refreshShadow(shadow);
  return withWorkTree(shadow, async (workTree) => {
    const survey = await surveyForUndo(shadow, workTree, plan.request);
    if (JSON.stringify(survey.plan) !== JSON.stringify(plan)) {
      throw new UndoError('changed_meanwhile', 'something has changed in the repository meanwhile; look at it again');
    }
    const { request, head } = plan;
    const kept = await keepWorkTree(shadow, workTree, {
      refPrefix: `refs/ralph-tui/undo/${request.run}-${request.iteration}`,
      message: `What the undo to before iteration ${request.iteration} of run ${request.run} threw away`,
      head,
      base: request.baseCommit,
      changing: [...survey.targets.keys()],
      staying: plan.untracked,
    });
    const fetchCommand = `git fetch ${shellWord(shadow.path)} ${kept.ref}`;
    try {
      // Git refuses names here that no work tree may have: before anything is changed.
      await askGit(['read-tree', '--reset', request.baseCommit], shadowCall(shadow, workTree));
      await bringFilesBack(shadow, survey, kept);
      await replaceIndex(shadow, workTree);
      const warnings = await moveBranch(shadow, plan);
      return { keptRef: kept.ref, keptSha: kept.sha, fetchCommand, warnings };
    } catch (cause) {
      const why = messageOf(cause);
      const message = `not undone to the end: ${why}; do it again, or get everything back with: ${fetchCommand}`;
      throw new UndoError('failed', message, { cause });
    }
  });
}

async function bringFilesBack(shadow: Shadow, { targets, changing, sizes }: UndoSurvey, kept: Kept): Promise<void> {
  const { top, owner } = shadow.repository;
  const differing = [...targets].filter(([path, entry]) => {
    if (!changing.has(path)) return false;
    const there = kept.entries.get(path);
    return there?.sha !== entry?.sha || there?.mode !== entry?.mode;
  });
  for (const [path, entry] of differing) {
    if (entry === null) await removeFile(top, path);
  }
  const wanted = new Set(differing.map(([, entry]) => entry?.sha));
  const needed = new Map([...sizes].filter(([sha]) => wanted.has(sha)));
  for await (const contents of readBlobs(shadow, needed)) {
    for (const [path, entry] of differing) {
      const bytes = entry === null ? undefined : contents.get(entry.sha);
      if (entry === null || bytes === undefined) continue;
      if (entry.mode === LINK_MODE) await putLink(top, path, bytes, owner);
      else await putFile(top, path, bytes, entry.mode === '100755', owner);
    }
  }
}

/** The copy holds the base commit by now; the files' times are noted in it, so that `git status` need not read them. */
async function replaceIndex(shadow: Shadow, workTree: Environment): Promise<void> {
  const { gitDir, owner } = shadow.repository;
  const call = { ...shadowCall(shadow, workTree), deadlineMs: REFRESH_DEADLINE_MS };
  // It answers 1 where a file differs all the same: one that goes through a filter, for example.
  await runGit(['update-index', '-q', '--ignore-submodules', '--refresh'], call);
  const old = await readInside(gitDir, 'index', REFLOG_LIMIT_BYTES * 4);
  const mode = old.state === 'read' ? old.mode : 0o644;
  requireWritten(await replaceFileInside(gitDir, 'index', await readFile(workTree.GIT_INDEX_FILE ?? ''), owner, mode));
}

async function moveBranch(shadow: Shadow, { branch, head, request }: UndoPlan): Promise<string[]> {
  const { repository } = shadow;
  const { gitDir, commonDir, owner } = repository;
  const now = await readHead(repository);
  if (!now.ok || now.branch !== branch || now.sha !== head) throw new Error(`${branch} has moved meanwhile`);
  // As `git reset` does: where a person looks first for what is gone.
  const original = await replaceFileInside(gitDir, 'ORIG_HEAD', Buffer.from(`${head}\n`), owner);
  const ref = `refs/heads/${branch}`;
  requireWritten(await replaceFileInside(commonDir, ref, Buffer.from(`${request.baseCommit}\n`), owner));
  const seconds = Math.floor(Date.now() / 1000);
  const line = `${head} ${request.baseCommit} ralph-tui <ralph-tui@localhost> ${seconds} +0000\tralph-tui undo: to before iteration ${request.iteration}\n`;
  const logged = [
    await appendToLog(shadow, gitDir, 'logs/HEAD', line),
    await appendToLog(shadow, commonDir, `logs/${ref}`, line),
  ];
  return [original, ...logged].flatMap((written) => (written.ok ? [] : [written.why]));
}

/** A log that is not kept is not begun. */
async function appendToLog(shadow: Shadow, folder: string, path: string, line: string): Promise<SafeWrite> {
  const old = await readInside(folder, path, REFLOG_LIMIT_BYTES);
  if (old.state === 'missing') return { ok: true, changed: false };
  if (old.state === 'unsafe') return { ok: false, why: `${path}: ${old.why}` };
  return replaceFileInside(
    folder,
    path,
    Buffer.concat([old.bytes, Buffer.from(line)]),
    shadow.repository.owner,
    old.mode,
  );
}

function requireWritten(written: SafeWrite): void {
  if (!written.ok) throw new Error(written.why);
}
