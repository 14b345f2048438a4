// The answer of the API to a subscription that has used up its five hours.
import type { Script } from './scenario.ts';

/** A person with a subscription: the CLI heeds the unified headers of such an account only. */
export const SUBSCRIPTION = { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat-made-up-for-tests' } as const;

/** Every request is refused; the limit ends so many seconds after each. */
export function fiveHourLimit(resetInSeconds: number): Script {
  const reset = `{{now+${resetInSeconds}}}`;
  const headers = {
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': reset,
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-5h-status': 'rejected',
    'anthropic-ratelimit-unified-5h-utilization': '1.0',
    'anthropic-ratelimit-unified-5h-reset': reset,
    'anthropic-ratelimit-unified-7d-utilization': '0.35',
    'anthropic-ratelimit-unified-7d-reset': '{{now+400000}}',
    'anthropic-ratelimit-unified-overage-status': 'rejected',
    'anthropic-ratelimit-unified-overage-disabled-reason': 'org_level_disabled',
    'retry-after': String(resetInSeconds),
  };
  return { steps: [{ repeat: 'forever', error: { status: 429, headers } }] };
}
