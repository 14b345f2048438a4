// Our own git directory for looking at a repository that the agent can write (design 7,
// facts/sandbox.md 2.3): the objects are the repository's, everything that git acts on is ours.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePath } from '../../system/make-path.ts';
import { writeAtomically } from '../../system/write-atomically.ts';
import { configValue } from '../git-config-text.ts';
import { type Repository, readConfig } from '../locate.ts';
import { LOOP_LOGS_PATTERN } from '../loop-logs-link.ts';
import { readInside, readTextInside } from '../safe-read.ts';
import { type Environment, lookingEnvironment, trustedPath } from './environment.ts';
import { type GitCall, GitError } from './run-git.ts';

export interface Shadow {
  readonly repository: Repository;
  /** The shadow git directory. */
  readonly path: string;
  /** Search path for git. */
  readonly searchPath: string;
  readonly environment: Environment;
}

const SETTINGS = `# Written by ralph-tui before every look; changes are lost.
[core]
	repositoryFormatVersion = 0
	bare = true
	fsmonitor = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	untrackedCache = false
	splitIndex = false
	commitGraph = false
	multiPackIndex = false
	quotePath = false
	bigFileThreshold = 16m
[gc]
	auto = 0
[maintenance]
	auto = false
[log]
	showSignature = false
[submodule]
	recurse = false
[push]
	recurseSubmodules = no
	followTags = false
	gpgSign = false
`;

/** Settings of the repository that change what counts as a change and cannot do anything else, with their values. */
const HARMLESS_SETTINGS: readonly (readonly [string, RegExp])[] = [
  ['filemode', /^(true|false)$/],
  ['symlinks', /^(true|false)$/],
  ['ignorecase', /^(true|false)$/],
  ['autocrlf', /^(true|false|input)$/],
  ['eol', /^(lf|crlf|native)$/],
];

/**
 * Makes the shadow git directory of a repository, or brings the one that is there up to date.
 *
 * @param path where it is to be: outside of everything that the agent can write
 * @param searchPath the caller's PATH, of which only trustworthy parts are used
 * @throws GitError `failed` where the repository's own files cannot be trusted
 */
export async function openShadow(repository: Repository, path: string, searchPath = process.env.PATH): Promise<Shadow> {
  const trusted = trustedPath(searchPath, repository);
  const shadow: Shadow = { repository, path, searchPath: trusted, environment: lookingEnvironment(path, trusted) };
  for (const folder of ['objects/info', 'refs/heads', 'info']) {
    await makePath(join(path, folder));
  }
  await refreshShadow(shadow);
  return shadow;
}

/** Takes over what may have changed in the repository since; cheap, and done before every look. */
export async function refreshShadow(shadow: Shadow): Promise<void> {
  const { repository, path } = shadow;
  await refuseEndlessAlternates(repository.commonDir);
  await writeIfChanged(join(path, 'HEAD'), 'ref: refs/heads/nothing\n');
  await writeIfChanged(join(path, 'config'), SETTINGS + (await harmlessSettings(repository.commonDir)));
  await writeIfChanged(
    join(path, 'objects/info/alternates'),
    `${quotedAlternate(join(repository.commonDir, 'objects'))}\n`,
  );
  await writeIfChanged(join(path, 'info/exclude'), await excludeLines(repository.commonDir));
  const shallow = await readTextInside(repository.commonDir, 'shallow');
  // Without it the end of a shallow history is a missing object; a forged line could only hide history.
  const roots = (shallow ?? '').split('\n').filter((line) => /^[0-9a-f]{40}$/.test(line));
  if (roots.length > 0) await writeIfChanged(join(path, 'shallow'), `${roots.join('\n')}\n`);
  else await rm(join(path, 'shallow'), { force: true });
}

/** How git is called on the shadow; `extra` are further variables, the work tree for example. */
export function shadowCall(shadow: Shadow, extra: Environment = {}): GitCall {
  return { environment: { ...shadow.environment, ...extra }, folder: shadow.path };
}

/** Git reads a list of alternates to its end before it looks at it: /dev/zero behind a link would fill the memory. */
async function refuseEndlessAlternates(commonDir: string): Promise<void> {
  const alternates = await readInside(commonDir, 'objects/info/alternates', 64 * 1024);
  if (alternates.state === 'unsafe') throw new GitError('failed', `objects/info/alternates: ${alternates.why}`);
}

async function harmlessSettings(commonDir: string): Promise<string> {
  const entries = await readConfig(commonDir).catch(() => []);
  const lines = HARMLESS_SETTINGS.flatMap(([key, allowed]) => {
    const value = configValue(entries, 'core', '', key)?.toLowerCase() ?? '';
    return allowed.test(value) ? [`\t${key} = ${value}\n`] : [];
  });
  return `[core]\n${lines.join('')}`;
}

async function excludeLines(commonDir: string): Promise<string> {
  const own = await readTextInside(commonDir, 'info/exclude', 256 * 1024);
  // Ours last: the last pattern that matches decides.
  return `${own ?? ''}\n${LOOP_LOGS_PATTERN}\n`;
}

/** In objects/info/alternates a path with a line feed must be quoted as git quotes. */
function quotedAlternate(path: string): string {
  return path.includes('\n') ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : path;
}

/** Written whole or not at all: two processes may look at the same time. */
async function writeIfChanged(path: string, text: string): Promise<void> {
  const old = await readFile(path, 'utf8').catch(() => null);
  if (old !== text) await writeAtomically(path, text);
}
