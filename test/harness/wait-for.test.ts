import { expect, it } from 'vitest';
import { WaitTimeout, waitFor } from './wait-for.ts';

it('resolves with the first truthy value, and does not mind a throw meanwhile', async () => {
  const answers = [undefined, new Error('not yet'), 0, 'here'];
  const look = () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  expect(await waitFor(look, { what: 'it', intervalMs: 1 })).toBe('here');
});

it('says what it waited for, what came last, and how things stand', async () => {
  const options = { what: 'the door', timeoutMs: 5, intervalMs: 1, detail: () => 'It is locked.' };
  await expect(waitFor(() => false, options)).rejects.toThrow(
    new WaitTimeout('Waited 5 ms for the door; at last it was false.\nIt is locked.'),
  );
  const closed = () => Promise.reject(new Error('closed'));
  await expect(waitFor(closed, { ...options, timeoutMs: 0 })).rejects.toThrow('at last Error: closed.');
});
