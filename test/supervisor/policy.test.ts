import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../src/core/policy.ts';
import { POLICY_VARIABLE, policyFrom } from '../../src/supervisor/policy.ts';

test.each<[string | undefined, object]>([
  [undefined, DEFAULT_POLICY],
  ['', DEFAULT_POLICY],
  ['{"stopGraceMs":5}', { ...DEFAULT_POLICY, stopGraceMs: 5 }],
])('%s', (text, expected) => {
  expect(policyFrom({ [POLICY_VARIABLE]: text })).toEqual(expected);
});

test('what is no JSON is refused', () => {
  expect(() => policyFrom({ [POLICY_VARIABLE]: 'soon' })).toThrow(/RALPH_TUI_POLICY is no JSON object/);
});
