// Finds the repository that a folder belongs to, without running git, and says why one is unsuitable.
import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CodedError } from '../core/coded-error.ts';
import { type ConfigEntry, configValue, parseGitConfig } from './git-config-text.ts';
import type { Owner } from './safe-folder.ts';
import { readInside, readTextInside } from './safe-read.ts';

export interface Repository {
  /** Real path of the top folder of the working tree. */
  readonly top: string;
  /** Real path of the git directory: `.git`, or `<common>/worktrees/<name>` of a linked worktree. */
  readonly gitDir: string;
  /** Real path of the common git directory; the same as `gitDir` but for a linked worktree. */
  readonly commonDir: string;
  /** Of the top folder: who the agent runs as. */
  readonly owner: Owner;
}

export type RepositoryErrorCode =
  | 'no_repository'
  | 'bare'
  | 'submodule'
  | 'sha256'
  | 'reftable'
  | 'foreign_git_directory'
  | 'damaged';

/** The folder is in no repository that a loop can run on; the message says what to do. */
export class RepositoryError extends CodedError<RepositoryErrorCode> {
  override readonly name = 'RepositoryError';
}

/**
 * Walks up from `folder` to the first `.git`. Whatever that is, the walk ends there: an agent that
 * breaks its `.git` must not turn a repository further up into the workspace.
 *
 * @throws RepositoryError
 */
export async function locateRepository(folder: string): Promise<Repository> {
  const start = await realpath(folder).catch((cause: unknown) => {
    throw new RepositoryError('no_repository', `${folder} is no folder; run this inside a git repository`, { cause });
  });
  for (let top = start; ; top = dirname(top)) {
    const git = await lstatOrNull(join(top, '.git'));
    if (git !== null) return inspect(top, git);
    if (await looksLikeGitDirectory(top)) {
      throw new RepositoryError('bare', `${top} is a bare repository; run this in a clone or worktree of it`);
    }
    if (dirname(top) === top) {
      throw new RepositoryError(
        'no_repository',
        `${start} is in no git repository; run "git init" there, or go to one`,
      );
    }
  }
}

async function inspect(top: string, git: Stats): Promise<Repository> {
  const { uid, gid } = await lstat(top);
  const path = join(top, '.git');
  const { gitDir, commonDir } = git.isFile() ? await followGitFile(top, path) : await ownGitDirectory(path, git);
  if (!(await looksLikeGitDirectory(commonDir))) throw damaged(path, 'is no complete git directory');
  const entries = await readConfig(commonDir);
  refuseUnsuitable(top, entries, gitDir === commonDir);
  if ((await lstatOrNull(join(commonDir, 'reftable'))) !== null) throw reftable(top);
  return { top, gitDir, commonDir, owner: { uid, gid } };
}

async function ownGitDirectory(path: string, git: Stats): Promise<{ gitDir: string; commonDir: string }> {
  if (git.isSymbolicLink()) {
    throw new RepositoryError(
      'foreign_git_directory',
      `${path} is a symbolic link; the sandbox needs the git directory in the repository: move it there, or clone`,
    );
  }
  if (!git.isDirectory()) throw damaged(path, 'is neither a folder nor a file');
  // Git would take its configuration from wherever this file leads (facts/sandbox.md 2.3).
  if ((await lstatOrNull(join(path, 'commondir'))) !== null) {
    throw damaged(path, 'has a file "commondir", which belongs into linked worktrees only: look at it and delete it');
  }
  return { gitDir: path, commonDir: path };
}

/**
 * Reads a `.git` file (gitrepository-layout(5)). The directories that it leads to will be mounted
 * writable into the sandbox, and the file could have been written by an agent: it counts only if the
 * git directory is a `worktrees/<name>` of the common directory, and names this very worktree.
 */
async function followGitFile(top: string, path: string): Promise<{ gitDir: string; commonDir: string }> {
  const target = /^gitdir:\s*(.+?)\s*$/.exec((await readTextInside(top, '.git', 4096)) ?? '')?.[1];
  if (target === undefined) throw damaged(path, 'has no "gitdir:" line');
  const gitDir = await realpath(resolve(top, target)).catch((cause: unknown) => {
    throw damaged(path, `leads to ${target}, which does not exist; try "git worktree repair"`, cause);
  });
  const common = await readTextInside(gitDir, 'commondir', 4096);
  if (common === null) {
    if (gitDir.includes('/modules/')) {
      throw new RepositoryError('submodule', `${top} is a submodule; run this in a clone of its own`);
    }
    throw new RepositoryError(
      'foreign_git_directory',
      `the git directory of ${top} is elsewhere (${gitDir}) and this is no linked worktree; run this in a clone, or in a worktree made with "git worktree add"`,
    );
  }
  const commonDir = await realpath(resolve(gitDir, common.trim())).catch((cause: unknown) => {
    throw damaged(path, `leads to ${gitDir}, whose common directory does not exist`, cause);
  });
  const back = (await readTextInside(gitDir, 'gitdir', 4096))?.trim() ?? '';
  const backTop = await realpath(dirname(resolve(gitDir, back))).catch(() => null);
  const isWorktree = dirname(gitDir) === join(commonDir, 'worktrees') && basename(back) === '.git' && backTop === top;
  if (!isWorktree) {
    throw new RepositoryError(
      'foreign_git_directory',
      `${path} leads to ${gitDir}, which does not know this worktree; if you moved it, run "git worktree repair"`,
    );
  }
  return { gitDir, commonDir };
}

/** The entries of the repository's own configuration, which the agent can write: read as text, never acted on. */
export async function readConfig(commonDir: string): Promise<ConfigEntry[]> {
  const file = await readInside(commonDir, 'config');
  if (file.state === 'unsafe') throw damaged(join(commonDir, 'config'), `cannot be used: ${file.why}`);
  return file.state === 'read' ? parseGitConfig(file.bytes.toString('utf8')) : [];
}

function refuseUnsuitable(top: string, entries: readonly ConfigEntry[], ownDirectory: boolean): void {
  const format = configValue(entries, 'extensions', '', 'objectformat')?.toLowerCase() ?? 'sha1';
  if (format !== 'sha1') {
    throw new RepositoryError(
      'sha256',
      `${top} uses ${format} object names; only SHA-1 repositories can be looked at safely`,
    );
  }
  const storage = configValue(entries, 'extensions', '', 'refstorage')?.toLowerCase() ?? 'files';
  if (storage !== 'files') throw reftable(top);
  // Worktrees of a bare repository share its configuration, and are fine.
  if (ownDirectory && configValue(entries, 'core', '', 'bare')?.toLowerCase() === 'true') {
    throw new RepositoryError('bare', `${top} is a bare repository (core.bare); run this in a clone or worktree of it`);
  }
}

function reftable(top: string): RepositoryError {
  return new RepositoryError(
    'reftable',
    `${top} keeps its refs in reftable format; run "git refs migrate --ref-format=files" there first`,
  );
}

function damaged(path: string, what: string, cause?: unknown): RepositoryError {
  return new RepositoryError('damaged', `${path} ${what}`, { cause });
}

async function looksLikeGitDirectory(path: string): Promise<boolean> {
  const [head, objects, refs] = await Promise.all(
    ['HEAD', 'objects', 'refs'].map((name) => lstatOrNull(join(path, name))),
  );
  return head?.isFile() === true && objects?.isDirectory() === true && refs?.isDirectory() === true;
}

async function lstatOrNull(path: string): Promise<Stats | null> {
  return lstat(path).catch(() => null);
}
