import { userInfo } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readIdentity } from '../../../src/workspace/git/identity.ts';
import { Scratch } from '../scratch.ts';

let scratch: Scratch;
let person: NodeJS.ProcessEnv;
beforeEach(() => {
  scratch = new Scratch();
  person = { PATH: process.env.PATH, HOME: scratch.folder('home'), GIT_AUTHOR_NAME: 'Somebody Else' };
});
afterEach(() => scratch[Symbol.dispose]());

test('takes the global configuration, includes and all', async () => {
  scratch.write('home/.gitconfig', '[include]\n\tpath = more\n[user]\n\tname = Ada Ü\n');
  scratch.write('home/more', '[user]\n\temail = ada@example.org\n');
  expect(await readIdentity(person)).toEqual({ name: 'Ada Ü', email: 'ada@example.org', configured: true });
});

test('takes the one below XDG_CONFIG_HOME', async () => {
  scratch.write('config/git/config', '[user]\n\tname = Ada\n\temail = ada@example.org\n');
  const identity = await readIdentity({ ...person, XDG_CONFIG_HOME: scratch.at('config') });
  expect(identity).toEqual({ name: 'Ada', email: 'ada@example.org', configured: true });
});

test('makes up what is missing, and says so', async () => {
  const login = userInfo().username;
  expect(await readIdentity(person)).toEqual({ name: login, email: `${login}@localhost`, configured: false });
  scratch.write('home/.gitconfig', '[user]\n\tname = Ada\n');
  expect(await readIdentity(person)).toEqual({ name: 'Ada', email: `${login}@localhost`, configured: false });
});
