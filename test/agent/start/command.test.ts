import { expect, test } from 'vitest';
import { type AgentCommandRequest, agentCommand, refuseArguments } from '../../../src/agent/start/command.ts';

const SESSION = '11111111-2222-4333-8444-555555555555';
const request: AgentCommandRequest = {
  program: ['claude'],
  model: 'opus',
  sessionId: SESSION,
  maxTurns: null,
  extraArguments: [],
};

test('the whole command line', () => {
  expect(agentCommand({ ...request, maxTurns: 40, extraArguments: ['--effort', 'high'] })).toEqual({
    argv: [
      'claude',
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--dangerously-skip-permissions',
      '--model',
      'opus',
      '--session-id',
      SESSION,
      '--max-turns',
      '40',
      '--effort',
      'high',
    ],
    sessionId: SESSION,
  });
});

test('a program may have arguments of its own', () => {
  expect(agentCommand({ ...request, program: ['node', '/opt/agent.js'] }).argv.slice(0, 3)).toEqual([
    'node',
    '/opt/agent.js',
    '-p',
  ]);
});

test.each([['--session-id', 'other'], ['--resume=abc'], ['-c'], ['--continue']])(
  'the session is left to %s',
  (...extraArguments) => {
    const command = agentCommand({ ...request, extraArguments });
    expect(command.sessionId).toBeNull();
    expect(command.argv).not.toContain(SESSION);
  },
);

test.each([
  [['--effort', 'high'], null],
  [['--append-system-prompt', 'no --output-format here'], null],
  [['--output-format', 'text'], '--output-format cannot be given behind --: ralph-tui reads stream-json'],
  [
    ['--effort', 'high', '--input-format=stream-json'],
    '--input-format cannot be given behind --: the prompt is sent as text',
  ],
  [['-v'], '-v cannot be given behind --: it prints a version instead of working'],
])('%j', (extraArguments, line) => {
  expect(refuseArguments(extraArguments)).toBe(line);
});
