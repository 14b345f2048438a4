// Scratch git repositories for tests: real ones, with a plan, of any owner, as a linked worktree if need be.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { openTasks } from './messages-api/plan-worker.ts';

export interface RepositoryOptions {
  /** Tasks (made into open boxes), or the whole text. Without it there is no plan. */
  readonly plan?: readonly string[] | string;
  readonly planFile?: string;
  /** More files, by their path in the repository. */
  readonly files?: Readonly<Record<string, string>>;
  /** Who owns everything in it: whoever runs the tests where nothing is said. Needs root. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly branch?: string;
  /** Makes a linked worktree, beside a main one that has `main` checked out. */
  readonly worktree?: boolean;
  /** Name of the repository's folder. */
  readonly name?: string;
}

export interface Repository {
  readonly path: string;
  /** What all worktrees share: `<path>/.git`, for a linked worktree the main one's. */
  readonly commonDir: string;
  readonly branch: string;
  /** Runs git in it and returns stdout without the last line end. Rejects when git fails. */
  git(...args: string[]): Promise<string>;
}

/** Makes a repository with one commit (`Start`) in `parent`, a temporary folder. */
export async function makeRepository(parent: string, options: RepositoryOptions = {}): Promise<Repository> {
  const name = options.name ?? 'repository';
  const main = join(parent, options.worktree ? `${name}-main` : name);
  const branch = options.branch ?? (options.worktree ? 'work' : 'main');
  const planFile = options.planFile ?? 'IMPLEMENTATION_PLAN.md';
  const plan = options.plan === undefined ? {} : { [planFile]: planText(options.plan) };

  await mkdir(main, { recursive: true });
  await gitIn(main, ['init', '--quiet', '--initial-branch', options.worktree ? 'main' : branch]);
  await writeFiles(main, { 'README.md': `# ${name}\n`, ...plan, ...options.files });
  await gitIn(main, ['add', '--all']);
  await gitIn(main, ['commit', '--quiet', '--message', 'Start']);

  const path = join(parent, name);
  if (options.worktree) await gitIn(main, ['worktree', 'add', '--quiet', '-b', branch, path]);
  if (options.owner) {
    const { uid, gid } = options.owner;
    await execa('chown', ['--recursive', `${uid}:${gid}`, main, path]);
  }
  return { path, commonDir: join(main, '.git'), branch, git: (...args) => gitIn(path, args) };
}

/** An empty bare repository in `parent`, to push to; returns its path. */
export async function bareRemote(parent: string, name = 'remote.git'): Promise<string> {
  const path = join(parent, name);
  await mkdir(path, { recursive: true });
  await gitIn(path, ['init', '--quiet', '--bare', '--initial-branch', 'main']);
  return path;
}

export interface Commit {
  readonly sha: string;
  readonly subject: string;
  readonly author: string;
  /** Paths that it changed. */
  readonly files: readonly string[];
}

/** The commits of a repository's branch (HEAD where nothing is said), oldest first. Also for a bare one. */
export async function commitsOf(path: string, revision = 'HEAD'): Promise<Commit[]> {
  const log = await gitIn(path, [
    'log',
    '--reverse',
    '--name-only',
    '-z',
    '--format=%x01%H%x02%s%x02%an%x02',
    revision,
  ]);
  return log
    .split('\x01')
    .slice(1)
    .map((entry) => {
      const [sha = '', subject = '', author = '', files = ''] = entry.split('\x02');
      return { sha, subject, author, files: files.split(/[\0\n]/).filter(Boolean) };
    });
}

export interface PlanInFile {
  readonly text: string;
  readonly open: readonly string[];
  readonly done: readonly string[];
}

/** The plan in a working tree, read with rules of its own: the program's reader is what is tested. */
export async function planOf(path: string, planFile = 'IMPLEMENTATION_PLAN.md'): Promise<PlanInFile> {
  const text = await readFile(join(path, planFile), 'utf8');
  const swapped = text.replaceAll('[ ]', '[-]').replaceAll(/\[[xX]\]/g, '[ ]');
  return { text, open: openTasks(text), done: openTasks(swapped) };
}

/** A plan with one open box a task. */
export function planText(plan: readonly string[] | string): string {
  if (typeof plan === 'string') return plan;
  return `# Implementation plan\n\n${plan.map((task) => `- [ ] ${task}\n`).join('')}`;
}

async function writeFiles(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** git with an identity, without anybody's configuration, and in repositories of any owner. */
async function gitIn(cwd: string, args: readonly string[]): Promise<string> {
  const settings = ['user.name=Test Person', 'user.email=test@example.invalid', 'safe.directory=*', 'gc.auto=0'];
  const { stdout } = await execa('git', [...settings.flatMap((setting) => ['-c', setting]), ...args], {
    cwd,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  });
  return stdout;
}
