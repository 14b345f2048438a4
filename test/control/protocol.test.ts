import { describe, expect, it } from 'vitest';
import { commandOf, readRequest, requestFor } from '../../src/control/protocol.ts';
import type { RunCommand } from '../../src/core/run-command.ts';

const attempt = { iteration: 7, attempt: 2 };

const commands: readonly RunCommand[] = [
  { name: 'pause' },
  { name: 'resume', next: true },
  { name: 'stop', when: 'attempt', attempt },
  { name: 'stop', when: 'now', attempt: null },
  { name: 'stop', when: 'after_iteration', attempt: null },
  { name: 'kill', attempt },
  { name: 'restart', attempt: null },
  { name: 'set_max', max: 30 },
  { name: 'set_max', max: null },
  { name: 'set_mode', mode: 'plan' },
  { name: 'note_edit', file: 'plan' },
  {
    name: 'note_undo',
    iteration: 7,
    head: 'a'.repeat(40),
    plan: { done: 1, open: 2, removed: 0, current: 'second' },
    fetchCommand: 'git fetch kept',
  },
  { name: 'note_undo', iteration: 1, head: 'a'.repeat(40), plan: null, fetchCommand: 'git fetch kept' },
];

describe('requests', () => {
  it.each(commands)('carry %j', (command) => {
    const { request } = readRequest(JSON.stringify(requestFor('1', command)));
    expect(request === null ? null : commandOf(request)).toEqual(command);
  });

  it.each([
    ['{"id":"1","command":"resume"}', { name: 'resume', next: false }],
    ['{"id":"1","command":"resume","args":{}}', { name: 'resume', next: false }],
    ['{"id":"1","command":"pause"}', { name: 'pause' }],
    ['{"id":"1","command":"kill"}', { name: 'kill', attempt: null }],
    ['{"id":"1","command":"stop","args":{"when":"now"}}', { name: 'stop', when: 'now', attempt: null }],
    ['{"id":"1","command":"ping"}', null],
  ])('may leave out what has a default: %s', (line, command) => {
    const { request, problem } = readRequest(line);
    expect(problem).toBeNull();
    expect(request === null ? undefined : commandOf(request)).toEqual(command);
  });

  it.each([
    ['pause', '', /not a line of JSON/],
    ['[]', '', /bad request/],
    ['{"id":"1"}', '1', /bad request: command: /],
    ['{"id":"1","command":"explode"}', '1', /bad request: command: /],
    ['{"command":"pause"}', '', /bad request: id: /],
    ['{"id":"1","command":"stop"}', '1', /bad request: args: /],
    ['{"id":"1","command":"stop","args":{"when":"later"}}', '1', /bad request: args.when: /],
    ['{"id":"1","command":"kill","args":{"attempt":{"iteration":0,"attempt":1}}}', '1', /args.attempt.iteration/],
    ['{"id":"1","command":"kill","args":{"atempt":null}}', '1', /bad request: args: .*atempt/],
    ['{"id":"1","command":"set_max","args":{"max":0}}', '1', /bad request: args.max: /],
    ['{"id":"1","command":"set_max","args":{}}', '1', /bad request: args.max: /],
  ])('are refused: %s', (line, id, message) => {
    const { request, problem } = readRequest(line);
    expect(request).toBeNull();
    expect(problem).toMatchObject({ id, ok: false, message: expect.stringMatching(message) });
  });
});
