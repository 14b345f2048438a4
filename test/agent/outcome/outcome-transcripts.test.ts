// Every recorded run of the real CLI, and what it has to be.
import { expect, test } from 'vitest';
import { judge } from '../../../src/agent/outcome/outcome.ts';
import { digestOf } from '../../../src/agent/stream/stream-reader.ts';
import type { OutcomeKind } from '../../../src/core/outcome.ts';
import { readTranscript, transcriptNames } from '../transcripts.ts';

interface Expected {
  readonly kind: OutcomeKind;
  /** Part of the message. */
  readonly says: string;
  readonly resetsAt?: string;
}

const OLD = '.v2.1.197';
const done = (says = 'completed with'): Expected => ({ kind: 'completed', says });
const is = (kind: OutcomeKind, says: string): Expected => ({ kind, says });
const limit = (resetsAt: string, says: string): Expected => ({ kind: 'usage_limit', says, resetsAt });

const EXPECTED: Readonly<Record<string, Expected>> = {
  // Done, whatever came on the way: retries that helped, a killed tool, warnings, extra usage, words about limits.
  '429-then-ok': done('completed with 0 tool calls, $0.01'),
  '529-then-ok': done(),
  'auto-compact': done('2 tool calls, $0.13'),
  'bad-then-good': done(),
  [`bad-then-good${OLD}`]: done(),
  'bash-background': done('1 tool call, $0.03'),
  // The newer version goes on in a session of another name.
  cleared: done('$0.00'),
  [`cleared${OLD}`]: done('$0.00'),
  'docker-oomchild-512m': done('a tool was killed for memory'),
  'forged-result': done('1 tool call'),
  [`forged-result${OLD}`]: done('1 tool call'),
  hooks: done('8 tool calls'),
  'huge-output': done('3 tool calls, $0.53'),
  'limit-of-subagent': done(),
  [`limit-of-subagent${OLD}`]: done(),
  // CLAUDE_CODE_RETRY_WATCHDOG: the agent itself slept until the reset.
  'limit-waited-out': done(),
  [`limit-waited-out${OLD}`]: done(),
  'limit-text-in-prose': done(),
  [`limit-text-in-prose${OLD}`]: done(),
  'mentions-limit': done('1 tool call'),
  'overage-in-use': done(),
  [`overage-in-use${OLD}`]: done(),
  'partial-messages': done('8 tool calls'),
  'prompt-too-long-later': done('1 tool call'),
  resumed: done('completed with 0 tool calls, $0.003'),
  [`resumed${OLD}`]: done('completed with 0 tool calls, $0.004'),
  'sub-ok': done(),
  'sub-overage': done(),
  subagent: done('2 tool calls'),
  'subagent-background': done('2 tool calls'),
  [`subagent${OLD}`]: done('2 tool calls'),
  'subagent-of-subagent': done('2 tool calls'),
  [`subagent-of-subagent${OLD}`]: done('2 tool calls'),
  'subagent-of-unknown-type': done('1 tool call'),
  [`subagent-of-unknown-type${OLD}`]: done('1 tool call'),
  text: done('0 tool calls'),
  [`text${OLD}`]: done('0 tool calls'),
  thinking: done('1 tool call'),
  'todo-enabled': done('2 tool calls'),
  tools: done('8 tool calls, $0.06'),
  [`tools${OLD}`]: done('8 tool calls, $0.10'),
  unicode: done('1 tool call'),

  // A plan's limit. The times are those of the API; the texts next to them are cut to the minute.
  'sub-5h-first': limit('2026-11-21T09:48:35.000Z', "until 2026-11-21 09:48:35 UTC: You've hit your 5-hour limit"),
  [`sub-5h-first${OLD}`]: limit('2026-11-21T09:55:46.000Z', "You've hit your session limit · resets 9:55am (UTC)"),
  'sub-mid-run': limit('2026-11-21T09:48:39.000Z', '(HTTP 429), after 2 tool calls'),
  [`sub-mid-run${OLD}`]: limit('2026-11-21T09:55:53.000Z', "You've hit your session limit"),
  'tz-berlin': limit('2026-11-21T10:03:52.000Z', 'resets 11:03am (Europe/Berlin)'),
  // Only a gateway that speaks like older versions: no field says limit, the text carries the time.
  'legacy-limit-text': limit('2026-11-21T08:51:42.000Z', 'Claude AI usage limit reached|1795251102'),
  'limit-weekly': limit('2026-11-24T11:28:51.000Z', "You've hit your weekly limit"),
  [`limit-weekly${OLD}`]: limit('2026-11-24T11:28:53.000Z', "You've hit your weekly limit"),
  'limit-opus': limit('2026-11-22T12:15:34.000Z', "You've hit your Opus limit"),
  [`limit-opus${OLD}`]: limit('2026-11-22T12:15:35.000Z', "You've hit your Opus limit"),
  'limit-sonnet': limit('2026-11-22T12:15:36.000Z', "You've hit your Sonnet limit"),
  [`limit-sonnet${OLD}`]: limit('2026-11-22T12:15:37.000Z', "You've hit your Sonnet limit"),
  'limit-weekly-new-york': limit('2026-11-24T11:28:58.000Z', '6:28am (America/New_York)'),
  [`limit-weekly-new-york${OLD}`]: limit('2026-11-24T11:28:59.000Z', '6:28am (America/New_York)'),
  'limit-next-year': limit('2027-01-18T08:09:00.000Z', 'Jan 18, 2027, 1:39pm (Asia/Kolkata)'),
  [`limit-next-year${OLD}`]: limit('2027-01-18T08:09:01.000Z', 'Jan 18, 2027, 1:39pm (Asia/Kolkata)'),
  // Extra usage opens again before the week does: the earlier of both.
  'limit-overage-resets-first': limit('2026-11-21T13:15:41.000Z', "You've hit your limit"),
  [`limit-overage-resets-first${OLD}`]: limit('2026-11-21T13:15:42.000Z', "You've hit your limit"),
  'limit-out-of-credits': limit('2026-11-21T13:15:45.000Z', "You've hit your 5-hour limit"),
  [`limit-out-of-credits${OLD}`]: limit('2026-11-21T13:15:46.000Z', "You've hit your session limit"),
  // Money is used up, but the plan's own window opens again at a known time: then it goes on without anybody.
  'limit-org-spend-cap': limit('2026-11-21T13:15:47.000Z', 'your 5-hour limit resets'),
  [`limit-org-spend-cap${OLD}`]: limit('2026-11-21T13:15:49.000Z', "You've hit your org's monthly spend limit"),
  // The first turn was done; the one that a background command's end began was refused. The last result counts.
  'good-then-limit': limit('2026-11-21T13:17:45.000Z', 'after 1 tool call'),
  [`good-then-limit${OLD}`]: limit('2026-11-21T13:17:49.000Z', 'after 1 tool call'),
  // Behind the refused turn the newer version prints a good result of a turn that asked nobody.
  'limit-with-subagent': limit('2026-11-27T03:15:48.000Z', "You've hit your 5-hour limit"),
  [`limit-with-subagent${OLD}`]: limit('2026-11-27T03:15:49.000Z', "You've hit your session limit"),
  'limit-with-overage-allowed': limit('2026-11-27T03:15:51.000Z', "You've hit your 5-hour limit"),
  [`limit-with-overage-allowed${OLD}`]: limit('2026-11-27T03:15:52.000Z', "You've hit your session limit"),
  // The turn was refused, and its background command went on until somebody stopped the agent.
  'limit-then-stopped': limit('2026-11-27T08:42:41.000Z', "You've hit your 5-hour limit"),
  [`limit-then-stopped${OLD}`]: limit('2026-11-27T08:42:44.000Z', "You've hit your session limit"),
  // A long conversation that the limit kept from being made shorter. The older version says why in its status only,
  // and does not even ask where there is too little to make shorter.
  'limit-in-long-compaction': limit('2026-11-27T08:42:22.000Z', "You've hit your 5-hour limit"),
  [`limit-in-long-compaction${OLD}`]: limit('2026-11-27T08:42:23.000Z', "failed: You've hit your session limit"),
  'limit-in-compaction': limit('2026-11-27T03:15:50.000Z', "failed: You've hit your 5-hour limit"),
  [`limit-in-compaction${OLD}`]: is('context', 'Prompt is too long'),
  // In the words of others. The older version gives its lines no time from which one without a date could be counted.
  'limit-of-gateway': limit('2026-11-27T15:00:00.000Z', '5-hour limit reached ∙ resets 3pm'),
  [`limit-of-gateway${OLD}`]: is('usage_limit', 'without a time at which it ends'),
  'limit-of-gateway-subscription': limit('2026-11-21T08:51:42.000Z', 'usage limit reached|1795251102'),
  [`limit-of-gateway-subscription${OLD}`]: limit('2026-11-21T08:51:42.000Z', 'usage limit reached|1795251102'),
  'spend-limit-of-gateway': limit('2026-12-01T00:00:00.000Z', 'spend limit reached · resets Dec 1, 12am (UTC)'),
  [`spend-limit-of-gateway${OLD}`]: is('billing', 'spend limit reached · resets Dec 1'),
  'api-usage-limits': limit('2026-12-01T00:00:00.000Z', 'You have reached your specified API usage limits'),
  [`api-usage-limits${OLD}`]: limit('2026-12-01T00:00:00.000Z', 'You have reached your specified API usage limits'),
  // A plan's window always ends, also where nobody says when.
  'limit-without-reset': is('usage_limit', "without a time at which it ends: You've hit your 5-hour limit"),
  [`limit-without-reset${OLD}`]: is('usage_limit', "You've hit your session limit"),

  // Money, a seat or an organization, and no time at which that ends.
  billing: is('billing', 'not paid for: Credit balance is too low (HTTP 400)'),
  'extra-usage-used-up': is('billing', "You're out of extra usage"),
  [`extra-usage-used-up${OLD}`]: is('billing', "You're out of extra usage"),
  'credit-used-up': is('billing', 'Credit balance is too low'),
  [`credit-used-up${OLD}`]: is('billing', 'Credit balance is too low'),
  'spend-cap-without-reset': is('billing', "You've hit your individual spend limit"),
  [`spend-cap-without-reset${OLD}`]: is('billing', "You've hit your org's monthly spend limit"),
  'seat-without-usage': is('billing', "Your seat type doesn't include usage"),
  [`seat-without-usage${OLD}`]: is('billing', "Your seat type doesn't include usage"),
  'service-disabled': is('billing', 'This service is disabled for your org'),
  [`service-disabled${OLD}`]: is('billing', 'This service is disabled for your org'),
  'long-context-credits': is('billing', 'Usage credits required for 1M context'),
  [`long-context-credits${OLD}`]: is('billing', 'Usage credits required for 1M context'),

  // Somebody has to log in.
  '401': is('auth', 'Invalid API key · Fix external API key (HTTP 401), after 10 retries'),
  'wrong-key': is('auth', '(HTTP 401), after 2 retries'),
  [`wrong-key${OLD}`]: is('auth', '(HTTP 401), after 2 retries'),
  'wrong-key-stopped': is('auth', 'login refused 2 times in a row: HTTP 401'),
  [`wrong-key-stopped${OLD}`]: is('auth', 'login refused 2 times in a row: HTTP 401'),
  'no-auth': is('auth', 'Not logged in'),
  'not-logged-in': is('auth', 'Not logged in'),
  [`not-logged-in${OLD}`]: is('auth', 'Not logged in'),
  forbidden: is('auth', '403 Forbidden'),
  [`forbidden${OLD}`]: is('auth', '403 Forbidden'),
  'oauth-expired': is('auth', 'OAuth token has expired'),
  [`oauth-expired${OLD}`]: is('auth', 'OAuth token has expired'),
  'oauth-revoked': is('auth', 'OAuth token revoked'),
  [`oauth-revoked${OLD}`]: is('auth', 'does not have access to Claude'),
  'oauth-org-not-allowed': is('auth', 'has disabled Claude subscription access'),
  [`oauth-org-not-allowed${OLD}`]: is('auth', 'has disabled Claude subscription access'),
  'key-of-disabled-org': is('auth', 'belongs to a disabled organization'),
  [`key-of-disabled-org${OLD}`]: is('auth', 'belongs to a disabled organization'),
  'subscription-of-disabled-org': is('auth', 'This organization has been disabled'),
  [`subscription-of-disabled-org${OLD}`]: is('auth', 'This organization has been disabled'),

  // The agent never worked.
  'bad-flag': is('config', "error: unknown option '--no-such-flag' (exit 1)"),
  'empty-prompt': is('config', 'Input must be provided'),
  'mcp-config-missing': is('config', 'Invalid MCP configuration: MCP config file not found: /nowhere.json (exit 1)'),
  [`mcp-config-missing${OLD}`]: is('config', 'Invalid MCP configuration: MCP config file not found: /nowhere.json'),
  'root-no-sandbox': is('config', 'cannot be used with root/sudo privileges'),
  'resume-unknown': is('config', 'refused to start: No conversation found with session ID'),
  [`resume-unknown${OLD}`]: is('config', 'refused to start: No conversation found with session ID'),
  'proxy-login': is('config', '407 Proxy Authentication Required'),
  [`proxy-login${OLD}`]: is('config', '407 Proxy Authentication Required'),
  'model-unknown': is('config', 'selected model (nonesuch)'),
  [`model-unknown${OLD}`]: is('config', 'selected model (nonesuch)'),

  // Goes away by itself. A 429 with an API key, or without the headers of a plan, is none of the plan's limits.
  '429-api-key': is('transient', 'rate limit of 40,000 input tokens per minute. (HTTP 429), after 10 retries'),
  'throttled-subscription': is('transient', '(not your usage limit)'),
  [`throttled-subscription${OLD}`]: is('transient', '(not your usage limit)'),
  'throttled-retry-after': is('transient', 'Request rejected (429)'),
  [`throttled-retry-after${OLD}`]: is('transient', 'Request rejected (429)'),
  '500': is('transient', '500 Internal server error'),
  [`500${OLD}`]: is('transient', '500 Internal server error'),
  '529': is('transient', '529 Overloaded'),
  [`529${OLD}`]: is('transient', '529 Overloaded'),
  '529-in-long-compaction': is('transient', '529 Overloaded'),
  [`529-in-long-compaction${OLD}`]: is('transient', 'automatic compaction failed: API Error: 529 Overloaded'),
  '529-mid-stream': is('transient', '529 Overloaded'),
  [`529-mid-stream${OLD}`]: is('transient', '529 Overloaded'),
  'network-down-max-retries-2': is('transient', 'Connection refused'),
  'connection-refused': is('transient', 'ECONNREFUSED'),
  [`connection-refused${OLD}`]: is('transient', 'ConnectionRefused'),
  'connection-cut': is('transient', 'ECONNRESET'),
  [`connection-cut${OLD}`]: is('transient', 'ECONNRESET'),
  'connection-reset': is('transient', 'ECONNRESET'),
  [`connection-reset${OLD}`]: is('transient', 'ECONNRESET'),
  'host-unknown': is('transient', 'ENOTFOUND'),
  [`host-unknown${OLD}`]: is('transient', 'FailedToOpenSocket'),
  'stream-ends-early': is('transient', 'empty or malformed response'),
  [`stream-ends-early${OLD}`]: is('transient', 'empty or malformed response'),
  'good-then-bad': is('transient', '529 Overloaded'),
  [`good-then-bad${OLD}`]: is('transient', '529 Overloaded'),
  // The words of a limit stand in a tool's result, and a subagent alone was refused: the turn ended on a 529.
  'limit-text-in-tool-then-529': is('transient', '529 Overloaded'),
  [`limit-text-in-tool-then-529${OLD}`]: is('transient', '529 Overloaded'),
  'limit-of-subagent-then-529': is('transient', '529 Overloaded'),
  [`limit-of-subagent-then-529${OLD}`]: is('transient', '529 Overloaded'),

  // Cut short: a fresh context may go on.
  'max-turns': is('turn_limit', 'error_max_turns: Reached maximum number of turns (3)'),
  'turns-used-up': is('turn_limit', 'Reached maximum number of turns (2)'),
  [`turns-used-up${OLD}`]: is('turn_limit', 'Reached maximum number of turns (2)'),
  'max-budget': is('budget', 'error_max_budget_usd: Reached maximum budget ($0.1)'),
  'budget-used-up': is('budget', 'Reached maximum budget ($0.01)'),
  [`budget-used-up${OLD}`]: is('budget', 'Reached maximum budget ($0.01)'),
  'prompt-too-long': is('context', 'Prompt is too long'),
  'prompt-too-long-at-once': is('context', 'Prompt is too long'),
  [`prompt-too-long-at-once${OLD}`]: is('context', 'Prompt is too long'),
  // The older version does not manage to compact a conversation of one tool call.
  [`prompt-too-long-later${OLD}`]: is('context', 'Prompt is too long'),
  'input-too-long': is('context', 'Prompt is too long'),
  [`input-too-long${OLD}`]: is('context', 'input is too long for requested model'),
  'context-window-reached': is('context', 'reached its context window limit'),
  [`context-window-reached${OLD}`]: is('context', 'reached its context window limit'),
  'max-output-tokens': is('context', 'exceeded the 128000 output token maximum'),
  [`max-output-tokens${OLD}`]: is('context', 'output token maximum'),
  'output-filtered': is('refused', 'Output blocked by content filtering policy'),
  [`output-filtered${OLD}`]: is('refused', 'Output blocked by content filtering policy'),
  refusal: is('refused', 'safeguards flagged this message'),
  refused: is('refused', 'safeguards flagged this message'),
  [`refused${OLD}`]: is('refused', 'unable to respond to this request'),

  // Ended from outside.
  'docker-mem-96m': is('oom', 'over its memory limit before its first tool call'),
  'docker-kill-in-tool': is('killed', 'while it ran Bash `tail -f /dev/null`'),
  'sigkill-mid-stream': is('killed', 'without a sign of a memory kill'),
  'docker-stop-in-tool': is('interrupted', 'SIGTERM'),
  'sighup-in-tool': is('interrupted', 'SIGHUP'),
  'sigterm-in-tool': is('interrupted', 'SIGTERM'),
  [`sigint-in-tool${OLD}`]: is('interrupted', 'interrupted from outside after 1 tool call (exit 1)'),
  'partial-messages-killed': is('killed', 'while it ran Bash `sleep 20 & wait`'),
  [`partial-messages-killed${OLD}`]: is('killed', 'while it ran Bash `sleep 20 & wait`'),
  'sigint-before-answer': is('interrupted', 'interrupted from outside before its first tool call (exit 0)'),
  // Without a word of it.
  [`sigint-before-answer${OLD}`]: is('crashed', 'ended without a result before its first tool call (exit 0)'),
  'sigint-mid-stream': is('interrupted', 'interrupted from outside before its first tool call (exit 0)'),
  // Nobody read its output any more, so that nobody can know what its 400 requests came to.
  'stdout-closed': is('crashed', 'without a result after 44 tool calls, while it ran Bash `echo step` (exit 1)'),
};

test('the table has every transcript', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual(transcriptNames().sort());
});

test.each(Object.entries(EXPECTED))('%s', (name, { kind, says, resetsAt }) => {
  const { bytes, stderr, exit } = readTranscript(name);
  const outcome = judge({ digest: digestOf(bytes), exit, stderrTail: stderr, ourAction: null, startFailed: null });
  expect(outcome).toMatchObject({ kind, resetsAt: resetsAt ?? null });
  expect(outcome.message).toContain(says);
  expect(outcome.message).not.toMatch(/[\n\r\x1b]/);
});
