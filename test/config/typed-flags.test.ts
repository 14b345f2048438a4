import { expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/resolve-options.ts';
import { typedFlags } from '../../src/config/typed-flags.ts';

test.each<[string, FlagValues, readonly string[]]>([
  ['nothing', {}, []],
  ['values', { memory: '2g', until: 'npm test' }, ['--memory 2g', "--until 'npm test'"]],
  ['switches', { push: true, step: false }, ['--push', '--no-step']],
  ['a list', { env: ['A', 'B'] }, ['--env A', '--env B']],
  [
    'what stood behind --, last',
    { agentArguments: ['--add-dir', '../a b'], agent: './claude' },
    ['--agent ./claude', "-- --add-dir '../a b'"],
  ],
  ['an empty --', { agentArguments: [] }, []],
  [
    'what holds for one start, and the number, which the next command tells itself',
    { maxIterations: '3', yes: true, headless: true, plain: true, replace: true, notify: 'https://x.test/secret' },
    [],
  ],
])('%s', (_, flags, words) => {
  expect(typedFlags(flags)).toEqual(words);
});
