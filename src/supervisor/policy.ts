// The policy of this process: the defaults, and what a test overrides to make hours into moments.
import { DEFAULT_POLICY, type Policy } from '../core/policy.ts';

/** A JSON object with fields of `Policy`. For tests: nothing is checked but the form. */
export const POLICY_VARIABLE = 'RALPH_TUI_POLICY';

/** @throws Error when the variable is no JSON object */
export function policyFrom(environment: NodeJS.ProcessEnv): Policy {
  const text = environment[POLICY_VARIABLE];
  if (text === undefined || text === '') return DEFAULT_POLICY;
  try {
    return { ...DEFAULT_POLICY, ...(JSON.parse(text) as Partial<Policy>) };
  } catch (cause) {
    throw new Error(`${POLICY_VARIABLE} is no JSON object of durations`, { cause });
  }
}
