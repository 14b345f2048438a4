// What an agent can plant in a repository must not run on the host, whatever we look at.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changedAgainstHead, diffStat, diffText, uncommitted } from '../../../src/workspace/git/changes.ts';
import { FOUND_REFS, keepFound } from '../../../src/workspace/git/found.ts';
import { isAncestor, readFileAt, readLog } from '../../../src/workspace/git/history.ts';
import { push } from '../../../src/workspace/git/push.ts';
import { recordPush } from '../../../src/workspace/git/record-push.ts';
import { rememberRemote } from '../../../src/workspace/git/remote.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { tagsPointingAt } from '../../../src/workspace/git/tags.ts';
import { workDiff } from '../../../src/workspace/git/work-diff.ts';
import { readHead } from '../../../src/workspace/head.ts';
import { locateRepository, type Repository } from '../../../src/workspace/locate.ts';
import { linkLoopLogs } from '../../../src/workspace/loop-logs-link.ts';
import { listTags } from '../../../src/workspace/refs.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let top: string;
let git: string;
let repository: Repository;
let shadow: Shadow;
let base: string;
let head: string;
let trap: string;

beforeEach(async () => {
  scratch = new Scratch();
  top = scratch.repository();
  git = `${top}/.git`;
  base = scratch.commit('repository', { a: 'one\n', 'b.dat': 'b\n', '.gitattributes': '* filter=x diff=x merge=x\n' });
  head = scratch.commit('repository', { a: 'two\n', 'b.dat': 'c\n' });
  scratch.git('repository', 'tag', '--annotate', '--message', 'x', 'v1');
  scratch.git('.', 'init', '--quiet', '--bare', 'remote.git');
  // The person's own git is set up before; the agent's doings come after the repository was located.
  repository = await locateRepository(top);
  shadow = await openShadow(repository, scratch.at('state/shadow.git'));
  trap = scratch.write(
    'repository/trap.sh',
    `#!/bin/sh\necho "$0 $*" >> '${scratch.at('sprung')}'\ncat 2>/dev/null\nexit 0\n`,
    0o755,
  );
  scratch.write('repository/a', 'changed\n');
  scratch.write('repository/new.dat', 'new\n');
});
afterEach(() => scratch[Symbol.dispose]());

function plant(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(`${git}/${path}`), { recursive: true });
  writeFileSync(`${git}/${path}`, content, { mode });
}

const HOSTILE = () => `
[core]
	fsmonitor = ${trap}
	hooksPath = ${top}/hooks
	sshCommand = ${trap}
	askPass = ${trap}
	editor = ${trap}
	pager = ${trap}
	gitProxy = ${trap}
	alternateRefsCommand = ${trap}
	attributesFile = ${top}/attributes
	worktree = /etc
[include]
	path = ${top}/more-config
[includeIf "gitdir:**"]
	path = ${top}/more-config
[filter "x"]
	clean = ${trap}
	smudge = ${trap}
	process = ${trap}
	required = true
[diff]
	external = ${trap}
[diff "x"]
	textconv = ${trap}
	command = ${trap}
[merge "x"]
	driver = ${trap}
[gpg]
	program = ${trap}
[gpg "ssh"]
	program = ${trap}
[log]
	showSignature = true
[credential]
	helper = !${trap}
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[extensions]
	partialClone = evil
	worktreeConfig = true
[remote "evil"]
	promisor = true
	url = ext::${trap}
	uploadpack = ${trap}
	receivepack = ${trap}
	vcs = evil
[url "ext::${trap} "]
	insteadOf = ${scratch.at('remote.git')}
[alias]
	diff = !${trap}
	log = !${trap}
	push = !${trap}
[push]
	gpgSign = true
[interactive]
	diffFilter = ${trap}
[trailer "x"]
	command = ${trap}
`;

function plantEverything(): void {
  plant('config', readFileSync(`${git}/config`, 'utf8') + HOSTILE());
  plant('config.worktree', HOSTILE());
  writeFileSync(`${top}/more-config`, HOSTILE().replaceAll('[include', '[ignore'));
  writeFileSync(`${top}/attributes`, '* filter=x diff=x\n');
  plant('info/attributes', '* filter=x diff=x\n');
  plant('commondir', '../.evil\n');
  for (const hook of [
    'post-index-change',
    'pre-push',
    'reference-transaction',
    'fsmonitor-watchman',
    'post-checkout',
    'pre-auto-gc',
  ]) {
    execFileSync('cp', [trap, `${git}/hooks/${hook}`]);
    mkdirSync(`${top}/hooks`, { recursive: true });
    execFileSync('cp', [trap, `${top}/hooks/${hook}`]);
  }
  mkdirSync(`${top}/.evil/hooks`, { recursive: true });
  writeFileSync(`${top}/.evil/config`, HOSTILE());
  // A "git" and helpers of the agent's, where npx would find them first.
  for (const name of ['git', 'git-remote-evil', 'ssh', 'gpg', 'less']) {
    mkdirSync(`${top}/node_modules/.bin`, { recursive: true });
    execFileSync('cp', [trap, `${top}/node_modules/.bin/${name}`]);
  }
}

/** A commit that says it is signed, so that git would want to check it. */
function signedCommit(): string {
  const tree = scratch.git('repository', 'rev-parse', 'HEAD^{tree}');
  const signature = '-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----';
  const who = 'A <a@example.org> 1700000000 +0000';
  const raw = `tree ${tree}\nparent ${head}\nauthor ${who}\ncommitter ${who}\ngpgsig ${signature}\n\nsigned\n`;
  const argv = ['hash-object', '-t', 'commit', '-w', '--stdin'];
  return execFileSync('git', argv, { cwd: top, input: raw, encoding: 'utf8' }).trim();
}

const quiet = <T>(look: Promise<T>) => look.catch(() => undefined);

/** Everything that the program ever asks git, or does in the repository. */
async function lookAtEverything(commit: string): Promise<void> {
  await quiet(openShadow(repository, scratch.at('state/second.git'), `${top}/node_modules/.bin:${process.env.PATH}`));
  await quiet(uncommitted(shadow, commit));
  await quiet(diffStat(shadow, base, commit));
  await quiet(diffText(shadow, base, commit));
  await quiet(diffText(shadow, base, 'worktree'));
  await quiet(changedAgainstHead(shadow, commit, 'a'));
  const foundCommit = (await quiet(keepFound(shadow, `${FOUND_REFS}run-1.1`))) ?? null;
  for (const left of ['worktree', foundCommit, null])
    await quiet(workDiff(shadow, { baseCommit: base, foundCommit, headCommit: commit, left }, 65_536));
  await quiet(readLog(shadow, null, commit, 10));
  await quiet(isAncestor(shadow, base, commit));
  await quiet(readFileAt(shadow, commit, 'a'));
  await quiet(tagsPointingAt(shadow, await listTags(repository.commonDir), commit));
  await quiet(readHead(repository));
  await quiet(rememberRemote(repository, 'work'));
  await quiet(linkLoopLogs(repository, scratch.at('runs')));
  for (const url of [scratch.at('remote.git'), `ext::${trap}`, `${top}/remote.git`]) {
    await quiet(
      push(
        shadow,
        { sha: commit, branch: 'work', url, tags: [{ name: 'v1', sha: head }] },
        { HOME: scratch.at('home') },
      ),
    );
  }
  await quiet(recordPush(repository, { remote: 'origin', branch: 'work', sha: commit }));
}

test('the traps work: plain git falls into them', () => {
  plantEverything();
  rmSync(`${git}/commondir`);
  const plain = (...argv: string[]) => {
    try {
      execFileSync('git', argv, { cwd: top, stdio: 'ignore', timeout: 10_000, env: { PATH: process.env.PATH } });
    } catch {
      // Whether it succeeds does not matter here.
    }
  };
  plain('status');
  expect(scratch.exists('sprung')).toBe(true);
});

test('with everything planted nothing runs, and the answers are right', async () => {
  const commit = signedCommit();
  plantEverything();
  await lookAtEverything(commit);
  expect(scratch.exists('sprung')).toBe(false);
  const changes = await uncommitted(shadow, head);
  expect(changes).toContainEqual({ path: 'a', status: 'modified', added: 1, removed: 1 });
  expect(changes).toContainEqual({ path: 'new.dat', status: 'untracked', added: 1, removed: 0 });
  expect((await readLog(shadow, base, commit, 10)).map((entry) => entry.subject)).toEqual(['signed', 'change']);
  expect((await diffText(shadow, base, head)).text).toContain('-one\n+two\n');
  const found = await keepFound(shadow, `${FOUND_REFS}run-1.2`);
  expect((await diffText(shadow, head, found)).text).toContain('-two\n+changed\n');
  expect(await readHead(repository)).toEqual({ ok: true, branch: 'work', sha: head });
  expect(scratch.git('remote.git', 'rev-parse', 'refs/heads/work')).toBe(commit);
  expect(scratch.exists('sprung')).toBe(false);
});

test('objects that are missing are not fetched', async () => {
  plantEverything();
  rmSync(`${git}/objects/${base.slice(0, 2)}/${base.slice(2)}`);
  await lookAtEverything(head);
  expect(scratch.exists('sprung')).toBe(false);
});

test('a .git that was exchanged for a file or a link is not followed', async () => {
  renameSync(git, `${top}/.git-old`);
  execFileSync('cp', ['-r', `${top}/.git-old`, scratch.at('elsewhere.git')]);
  writeFileSync(git, `gitdir: ${scratch.at('elsewhere.git')}\n`);
  await lookAtEverything(head);
  expect(await readHead(repository)).toMatchObject({ ok: false });
  unlinkSync(git);
  symlinkSync('../elsewhere.git', git);
  await lookAtEverything(head);
  expect(await readHead(repository)).toMatchObject({ ok: false });
  expect(await uncommitted(shadow, head)).toBe('unknown');
  expect(scratch.exists('sprung')).toBe(false);
});

const alternates: readonly (readonly [string, () => void])[] = [
  ['a link to an endless file', () => symlinkSync('/dev/zero', `${git}/objects/info/alternates`)],
  ['a FIFO', () => execFileSync('mkfifo', [`${git}/objects/info/alternates`])],
  ['a link out', () => symlinkSync('/etc/passwd', `${git}/objects/info/alternates`)],
];
test.each(alternates)('alternates that are %s: unknown at once', async (_name, spoil) => {
  spoil();
  expect(await uncommitted(shadow, head)).toBe('unknown');
  await expect(readLog(shadow, null, head, 1)).rejects.toMatchObject({ code: 'failed' });
});

test('alternates to strange places run nothing and are only objects', async () => {
  plantEverything();
  plant('objects/info/alternates', `/etc\n/proc/self\n../../../.evil/objects\n${git}/objects\n\0\n"\\n"\n`);
  expect(await readLog(shadow, base, head, 10)).toHaveLength(1);
  await lookAtEverything(head);
  expect(scratch.exists('sprung')).toBe(false);
});

test('FIFOs and endless files among the files do not stop a look', async () => {
  for (const name of ['fifo', '.gitmodules', 'sub/.gitattributes']) {
    mkdirSync(dirname(`${top}/${name}`), { recursive: true });
    execFileSync('mkfifo', [`${top}/${name}`]);
  }
  symlinkSync('/dev/zero', `${top}/zero`);
  symlinkSync('/dev/zero', `${top}/sub/.gitignore`);
  rmSync(`${git}/info/exclude`, { force: true });
  symlinkSync('/dev/zero', `${git}/info/exclude`);
  const changes = await uncommitted(shadow, head);
  expect(changes).toContainEqual({ path: 'zero', status: 'untracked', added: 1, removed: 0 });
  const found = await keepFound(shadow, `${FOUND_REFS}run-1.1`);
  expect((await diffText(shadow, head, found)).text).toContain('+++ b/zero\n@@ -0,0 +1 @@\n+/dev/zero\n');
});

test('a FIFO in the place of a committed file: git cannot tell, so unknown', async () => {
  unlinkSync(`${top}/a`);
  execFileSync('mkfifo', [`${top}/a`]);
  expect(await uncommitted(shadow, head)).toBe('unknown');
});

test('an index that names files outside of the repository shows none of them', async () => {
  const placeholder = 'x/yy/outside/file';
  const name = '../state/the-file';
  scratch.write('state/the-file', 'secret\n');
  const blob = scratch.git('repository', 'rev-parse', 'HEAD:a');
  scratch.git('repository', 'update-index', '--add', '--cacheinfo', `100644,${blob},${placeholder}`);
  // Git refuses such a name when it writes; an agent can write the bytes itself.
  const body = readFileSync(`${git}/index`).subarray(0, -20);
  const at = body.indexOf(placeholder);
  body.write(name, at, 'latin1');
  writeFileSync(`${git}/index`, Buffer.concat([body, createHash('sha1').update(body).digest()]));
  expect(scratch.git('repository', 'ls-files', '--full-name')).toContain('the-file');
  const changes = await uncommitted(shadow, head);
  expect(changes).toContainEqual({ path: 'a', status: 'modified', added: 1, removed: 1 });
  expect(JSON.stringify(changes)).not.toContain('the-file');
});

test('what a push leaves in the repository is not written through links', async () => {
  symlinkSync(scratch.folder('outside'), `${git}/refs/remotes`);
  expect(await recordPush(repository, { remote: 'origin', branch: 'work', sha: head })).toMatchObject({ ok: false });
  expect(readdirSync(scratch.at('outside'))).toEqual([]);
});
