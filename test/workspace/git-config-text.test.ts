import { afterEach, beforeEach, expect, test } from 'vitest';
import { configValue, parseGitConfig } from '../../src/workspace/git-config-text.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch[Symbol.dispose]());

const TEXT = `\uFEFF# comment
; another
[core]
	bare = false
	FileMode
	editor = "vi -c \\"set nu\\""   # a comment
	excludesFile = ~/a b  c   ; gone
	joined = one \\
two
[remote "origin"] url = https://example.org/a.git
	fetch = +refs/heads/*:refs/remotes/origin/*
	pushurl = "https://example.org/#b;c"
	empty =
[branch "a\\"b\\\\c]d"]
	remote = origin
[Branch.Dotted]
	merge = refs/heads/x
[remote "origin"]
	url = https://example.org/second.git
	tabs = a\\tb\\nc
`;

test('understands what git understands', () => {
  const file = scratch.write('config', TEXT);
  const listed = scratch.git('.', 'config', '--file', file, '--list', '-z');
  const expected = listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', ...value] = entry.split('\n');
      return [name, value.length === 0 ? 'true' : value.join('\n')];
    });
  const parsed = parseGitConfig(TEXT).map((entry) => {
    const name = [entry.section, ...(entry.subsection === '' ? [] : [entry.subsection]), entry.key].join('.');
    return [name, entry.value];
  });
  expect(parsed).toEqual(expected);
  expect(parsed).toHaveLength(13);
});

test('the last value counts, and names are as exact as git takes them', () => {
  const entries = parseGitConfig(TEXT);
  expect(configValue(entries, 'remote', 'origin', 'url')).toBe('https://example.org/second.git');
  expect(configValue(entries, 'remote', 'Origin', 'url')).toBeNull();
  expect(configValue(entries, 'core', '', 'filemode')).toBe('true');
});

test('what is no configuration is skipped', () => {
  const entries = parseGitConfig('stray = 1\n[core\nbroken\n= 3\n[ok]\nkey = 1\n12 = 3\n\0\n');
  expect(entries).toContainEqual({ section: 'ok', subsection: '', key: 'key', value: '1' });
  expect(entries.every((entry) => entry.section === 'ok')).toBe(true);
});
