import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { push } from '../../../src/workspace/git/push.ts';
import { recordPush } from '../../../src/workspace/git/record-push.ts';
import { anonymousUrl, checkPushUrl, hasRemote, rememberRemote } from '../../../src/workspace/git/remote.ts';
import { openShadow, type Shadow } from '../../../src/workspace/git/shadow.ts';
import { newTags } from '../../../src/workspace/git/tags.ts';
import { locateRepository, type Repository } from '../../../src/workspace/locate.ts';
import { listTags } from '../../../src/workspace/refs.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let repository: Repository;
let shadow: Shadow;
let url: string;
let head: string;
let person: NodeJS.ProcessEnv;
beforeEach(async () => {
  scratch = new Scratch();
  repository = await locateRepository(scratch.repository());
  head = scratch.commit('repository', { a: '1' });
  scratch.git('.', 'init', '--quiet', '--bare', 'remote.git');
  url = scratch.at('remote.git');
  person = { HOME: scratch.folder('home') };
  shadow = await openShadow(repository, scratch.at('state/shadow.git'));
});
afterEach(() => scratch[Symbol.dispose]());

const there = (ref: string) => scratch.git('remote.git', 'rev-parse', ref);
const send = (branch: string, sha: string, tags: { name: string; sha: string }[] = []) =>
  push(shadow, { sha, branch, url, tags }, person);

test('a new branch, the same again, and the next commit', async () => {
  expect(await send('work', head)).toEqual({
    ok: true,
    newBranch: true,
    pushed: ['refs/heads/work'],
    rejected: [],
    message: 'pushed',
  });
  expect(there('refs/heads/work')).toBe(head);
  expect(await send('work', head)).toMatchObject({ ok: true, newBranch: false });
  const next = scratch.commit('repository', { a: '2' });
  expect(await send('work', next)).toMatchObject({ ok: true, newBranch: false });
  expect(there('refs/heads/work')).toBe(next);
});

test('never main, never master', async () => {
  for (const branch of ['main', 'master', 'Main']) {
    expect(await send(branch, head)).toMatchObject({ ok: false, message: expect.stringContaining(branch) });
  }
  expect(await send('-x', head)).toMatchObject({ ok: false });
  expect(await send('a:refs/heads/main', head)).toMatchObject({ ok: false });
  expect(scratch.git('remote.git', 'for-each-ref')).toBe('');
});

test('never with force: history that was rewritten is rejected and stays', async () => {
  await send('work', head);
  scratch.git('repository', 'commit', '--quiet', '--amend', '--message', 'other');
  const other = scratch.git('repository', 'rev-parse', 'HEAD');
  const result = await send('work', other);
  expect(result).toMatchObject({ ok: false, pushed: [], rejected: [{ ref: 'refs/heads/work' }] });
  expect(result.message).toContain('non-fast-forward');
  expect(there('refs/heads/work')).toBe(head);
});

test('new tags go along, a tag that is there stays', async () => {
  const before = await listTags(repository.commonDir);
  scratch.git('repository', 'tag', 'plain');
  scratch.git('repository', 'tag', '--annotate', '--message', 'x', 'v1');
  const tags = newTags(before, await listTags(repository.commonDir));
  expect(await send('work', head, tags)).toMatchObject({ ok: true, rejected: [] });
  expect(there('refs/tags/plain')).toBe(head);
  expect(there('refs/tags/v1^{commit}')).toBe(head);
  const next = scratch.commit('repository', { a: '2' });
  const moved = await send('work', next, [{ name: 'plain', sha: next }]);
  expect(moved).toMatchObject({ ok: true, pushed: ['refs/heads/work'], rejected: [{ ref: 'refs/tags/plain' }] });
  expect(moved.message).toMatch(/^pushed, but not plain/);
  expect(there('refs/tags/plain')).toBe(head);
});

test('the remote’s hook decides, and its words come back', async () => {
  scratch.write('remote.git/hooks/pre-receive', '#!/bin/sh\necho "no pushes on Fridays" >&2\nexit 1\n', 0o755);
  const result = await send('work', head);
  expect(result).toMatchObject({ ok: false, rejected: [{ ref: 'refs/heads/work' }] });
  expect(result.message).toContain('hook declined');
});

test('the person’s own configuration counts, their hooks do not', async () => {
  scratch.write('home/hooks/pre-push', `#!/bin/sh\ntouch '${scratch.at('sprung')}'\n`, 0o755);
  const rewrite = `[url "${scratch.at('remote.git')}"]\n\tinsteadOf = https://example.org/repository.git\n`;
  scratch.write('home/.gitconfig', `${rewrite}[core]\n\thooksPath = ${scratch.at('home/hooks')}\n`);
  url = 'https://example.org/repository.git';
  expect(await send('work', head)).toMatchObject({ ok: true });
  expect(there('refs/heads/work')).toBe(head);
  expect(scratch.exists('sprung')).toBe(false);
});

test('a server that wants a password: no question, a reason without the password', async () => {
  const server = createServer((_request, response) => response.writeHead(401, { 'www-authenticate': 'Basic' }).end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { port } = server.address() as AddressInfo;
    url = `http://someone:made-up-password@127.0.0.1:${port}/repository.git`;
    const result = await send('work', head);
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/^not pushed: fatal: /) });
    expect(JSON.stringify(result)).not.toContain('made-up-password');
  } finally {
    server.close();
  }
});

test('remotes that would run something are refused', async () => {
  scratch.git('repository', 'init', '--quiet', '--bare', 'inner.git');
  const refused = [
    'ext::sh -c true',
    'fd::3',
    '-u',
    'a\nb',
    `${repository.top}/inner.git`,
    'inner.git',
    repository.gitDir,
  ];
  for (const remote of [
    ...refused,
    `file://${repository.top}/inner.git`,
    '/no/such/place',
    `../remote.git/../repository`,
  ]) {
    expect([remote, await checkPushUrl(repository, remote)]).toEqual([remote, { why: expect.any(String) }]);
    expect(await push(shadow, { sha: head, branch: 'work', url: remote, tags: [] }, person)).toMatchObject({
      ok: false,
    });
  }
  expect(await checkPushUrl(repository, '../remote.git')).toEqual({ url: scratch.at('remote.git') });
  for (const remote of ['https://example.org/a.git', 'git@example.org:a/b.git', 'ssh://git@example.org/a.git']) {
    expect(await checkPushUrl(repository, remote)).toEqual({ url: remote });
  }
});

test('from a shallow clone', async () => {
  scratch.commit('repository', { a: '2' });
  await send('work', scratch.git('repository', 'rev-parse', 'HEAD'));
  scratch.git('.', 'clone', '--quiet', '--depth=1', '--branch=work', `file://${url}`, 'shallow');
  const next = scratch.commit('shallow', { a: '3' });
  shadow = await openShadow(await locateRepository(scratch.at('shallow')), scratch.at('state/shallow.git'));
  expect(await send('work', next)).toMatchObject({ ok: true });
  expect(there('refs/heads/work')).toBe(next);
});

test('afterwards the person’s git knows: upstream and remote branch as after push -u', async () => {
  scratch.git('repository', 'remote', 'add', 'origin', url);
  scratch.git('repository', 'checkout', '--quiet', '-b', 'a/"#;b');
  await send('a/"#;b', head);
  const record = { remote: 'origin', branch: 'a/"#;b', sha: head };
  expect(await recordPush(repository, record)).toEqual({ ok: true, changed: true });
  expect(scratch.git('repository', 'status', '--short', '--branch')).toBe('## a/"#;b...origin/a/"#;b');
  const config = scratch.git('repository', 'config', '--list', '--local');
  expect(await recordPush(repository, record)).toMatchObject({ ok: true });
  expect(scratch.git('repository', 'config', '--list', '--local')).toBe(config);
  scratch.git('repository', 'fetch', '--quiet', 'origin');
});

test('remembers the remote that git push would take', async () => {
  const remembered = (branch = 'work') => rememberRemote(repository, branch);
  expect(await remembered()).toBeNull();
  expect(await hasRemote(repository)).toBe(false);
  scratch.git('repository', 'remote', 'add', 'fork', 'https://example.org/fork.git');
  expect(await hasRemote(repository)).toBe(true);
  expect(await remembered()).toEqual({ name: 'fork', url: 'https://example.org/fork.git', branchKnown: false });
  scratch.git('repository', 'remote', 'add', 'origin', '../remote.git');
  expect(await remembered()).toMatchObject({ name: 'origin', url });
  scratch.git('repository', 'push', '--quiet', 'origin', 'work');
  expect(await remembered()).toMatchObject({ branchKnown: true });
  expect(await remembered('other')).toMatchObject({ branchKnown: false });
  scratch.git('repository', 'config', 'branch.work.remote', 'fork');
  expect(await remembered()).toMatchObject({ name: 'fork' });
  expect(await remembered('other')).toMatchObject({ name: 'origin' });
  scratch.git('repository', 'config', 'remote.pushDefault', 'origin');
  expect(await remembered()).toMatchObject({ name: 'origin' });
  scratch.git('repository', 'config', 'remote.origin.pushurl', 'git@example.org:b.git');
  expect(await remembered()).toMatchObject({ url: 'git@example.org:b.git' });
  scratch.git('repository', 'config', 'branch.work.pushRemote', '.');
  expect(await remembered()).toMatchObject({ name: 'origin' });
});

test('a URL is shown without user and password', () => {
  expect(anonymousUrl('https://u:p@example.org/a.git')).toBe('https://example.org/a.git');
  expect(anonymousUrl('https://u:p@q@example.org/a.git')).toBe('https://example.org/a.git');
  expect(anonymousUrl('https://example.org/a@b')).toBe('https://example.org/a@b');
  expect(anonymousUrl('git@example.org:a.git')).toBe('git@example.org:a.git');
});
