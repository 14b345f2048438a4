// Run by requires.test.ts, on a machine (a PATH) without tmux.
import { expect, it } from 'vitest';
import { requires } from './requires.ts';

requires()('needs nothing', () => {
  it('runs', () => expect(1).toBe(1));
});

requires('tmux')('needs tmux', () => {
  it('would run', () => expect(1).toBe(1));
});
