import { expect, test } from 'vitest';
import { OUTCOME_KINDS } from '../../src/core/outcome.ts';
import { OUTCOME_NAMES } from '../../src/core/outcome-names.ts';

test('every way to end has a name of its own, in words', () => {
  const names = OUTCOME_KINDS.map((kind) => OUTCOME_NAMES[kind]);
  expect(new Set(names).size).toBe(OUTCOME_KINDS.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z ]+$/);
});
