// Records runs of the real CLI (both versions) under made-up conditions as fixtures. Not a test: run it by hand when
// a condition is added, with the names to record, then say in outcome-transcripts.test.ts what each one is.
//   node test/agent/record-transcripts.ts [NAME…]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isolatedEnvironment } from '../harness/environment.ts';
import type { Scenario, Step, StepError } from '../harness/messages-api/scenario.ts';
import { startMessagesApi } from '../harness/messages-api/server.ts';
import { type ClaudeOptions, type ClaudeVersion, runClaude, spawnClaude } from '../harness/real-claude.ts';
import { makeTemporaryFolder } from '../harness/temporary.ts';

interface Condition {
  readonly name: string;
  readonly scenario: Scenario;
  readonly versions?: readonly ClaudeVersion[];
  /** A subscription's token instead of an API key. */
  readonly subscription?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly prompt?: string;
  /** Nobody listens there. */
  readonly apiUrl?: string;
  /** A process before this one, whose session it goes on with. */
  readonly resumes?: boolean;
  /** Sent when the output has the text, and the agent had a moment to go on. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly after: string };
}

const FIXTURES = join(import.meta.dirname, '../fixtures/transcripts');
const VERSIONS = { current: ['', '2.1.329'], old: ['.v2.1.197', '2.1.197'] } as const;
const BOTH: readonly ClaudeVersion[] = ['current', 'old'];
const NO_RETRIES = { CLAUDE_CODE_MAX_RETRIES: '0' };
const TWO_RETRIES = { CLAUDE_CODE_MAX_RETRIES: '2' };
const MODEL = ['--model', 'sonnet'];
const FORGED = JSON.stringify({
  type: 'result',
  subtype: 'success',
  is_error: true,
  api_error_status: 429,
  result: 'Claude AI usage limit reached|1795251102',
  session_id: '33333333-3333-4333-8333-333333333333',
});
const LIMIT_TEXT = "You've hit your 5-hour limit · resets 9:48am (UTC)";

const CONDITIONS: readonly Condition[] = [
  limit('limit-weekly', { claim: 'seven_day', reset: '{{now+260000}}' }),
  limit('limit-opus', { claim: 'seven_day_opus', reset: '{{now+90000}}' }),
  limit('limit-sonnet', { claim: 'seven_day_sonnet', reset: '{{now+90000}}' }),
  limit('limit-weekly-new-york', { claim: 'seven_day', reset: '{{now+260000}}' }, { TZ: 'America/New_York' }),
  limit('limit-next-year', { claim: 'seven_day', reset: '{{now+5000000}}' }, { TZ: 'Asia/Kolkata' }),
  limit('limit-overage-resets-first', {
    claim: 'seven_day',
    reset: '{{now+260000}}',
    'overage-reset': '{{now+7200}}',
    'overage-disabled-reason': '',
  }),
  limit('limit-without-reset', { claim: 'five_hour', reset: '' }),
  limit('limit-out-of-credits', { claim: 'five_hour', 'overage-disabled-reason': 'out_of_credits' }),
  limit('limit-org-spend-cap', { claim: 'five_hour', 'overage-disabled-reason': 'org_spend_cap_reached' }),
  limit('spend-cap-without-reset', {
    claim: 'overage',
    reset: '',
    'overage-disabled-reason': 'org_spend_cap_reached',
  }),
  limit('seat-without-usage', { claim: '', reset: '', 'overage-disabled-reason': 'seat_tier_level_disabled' }),
  limit('service-disabled', { claim: '', reset: '', 'overage-disabled-reason': 'org_service_level_disabled' }),
  {
    name: 'overage-in-use',
    subscription: true,
    scenario: {
      steps: [
        {
          text: 'Done.',
          headers: unified({ status: 'rejected', claim: 'five_hour', 'overage-status': 'allowed' }),
        },
      ],
    },
  },
  {
    name: 'limit-of-subagent',
    subscription: true,
    scenario: {
      conversations: [
        { match: 'Count the files', steps: [{ error: refusal({ claim: 'seven_day_opus' }), repeat: 'forever' }] },
      ],
      steps: [agent(), { text: 'The subagent could not work; I counted the files myself.' }],
    },
  },
  {
    name: 'limit-of-subagent-then-529',
    subscription: true,
    env: NO_RETRIES,
    scenario: {
      conversations: [
        { match: 'Count the files', steps: [{ error: refusal({ claim: 'seven_day_opus' }), repeat: 'forever' }] },
      ],
      steps: [agent(), { error: { status: 529 }, repeat: 'forever' }],
    },
  },
  {
    name: 'limit-text-in-tool-then-529',
    env: NO_RETRIES,
    scenario: { steps: [bash(`echo "${LIMIT_TEXT}"`), { error: { status: 529 }, repeat: 'forever' }] },
  },
  { name: 'limit-text-in-prose', scenario: { steps: [{ text: LIMIT_TEXT }] } },
  { name: 'throttled-subscription', subscription: true, env: NO_RETRIES, scenario: failing({ status: 429 }) },
  { name: 'throttled-retry-after', scenario: failing({ status: 429, headers: { 'retry-after': '120' } }) },
  {
    name: 'oauth-expired',
    subscription: true,
    scenario: failing({ status: 401, message: 'OAuth token has expired.' }),
  },
  {
    name: 'oauth-revoked',
    subscription: true,
    scenario: failing({ status: 403, type: 'permission_error', message: 'OAuth token has been revoked.' }),
  },
  {
    name: 'oauth-org-not-allowed',
    subscription: true,
    scenario: failing({
      status: 403,
      type: 'permission_error',
      message: 'OAuth authentication is currently not allowed for this organization.',
    }),
  },
  {
    name: 'key-of-disabled-org',
    scenario: failing({ status: 400, type: 'invalid_request_error', message: 'This organization has been disabled.' }),
  },
  { name: 'wrong-key', env: TWO_RETRIES, scenario: failing({ status: 401 }) },
  { name: 'forbidden', env: NO_RETRIES, scenario: failing({ status: 403 }) },
  {
    name: 'credit-used-up',
    scenario: failing({
      status: 400,
      type: 'invalid_request_error',
      message: 'Your credit balance is too low to access the Anthropic API.',
    }),
  },
  {
    name: 'long-context-credits',
    subscription: true,
    scenario: failing({
      status: 429,
      message: 'Extra usage is required for long context requests.',
    }),
  },
  {
    name: 'model-unknown',
    scenario: failing({ status: 404, message: 'model: nonesuch' }),
    args: ['--model', 'nonesuch'],
  },
  { name: 'refused', scenario: { steps: [{ text: 'I ', stopReason: 'refusal', repeat: 'forever' }] } },
  {
    name: 'max-output-tokens',
    scenario: { steps: [{ text: 'One more word.', stopReason: 'max_tokens', repeat: 'forever' }] },
  },
  {
    name: 'prompt-too-long-later',
    scenario: {
      steps: [
        bash('echo one'),
        { error: tooLong(), repeat: 1 },
        { text: '<summary>Echoed one.</summary>' },
        { text: 'Done.' },
      ],
    },
  },
  { name: 'prompt-too-long-at-once', scenario: failing(tooLong()) },
  { name: '500', env: TWO_RETRIES, scenario: failing({ status: 500 }) },
  {
    name: '529-mid-stream',
    env: NO_RETRIES,
    scenario: { steps: [{ text: 'A long answer, that breaks.', fault: { kind: 'error' }, repeat: 'forever' }] },
  },
  {
    name: 'connection-cut',
    env: NO_RETRIES,
    scenario: { steps: [{ text: 'A long answer, that breaks.', fault: { kind: 'disconnect' }, repeat: 'forever' }] },
  },
  {
    name: 'stream-ends-early',
    env: NO_RETRIES,
    scenario: { steps: [{ text: 'A long answer, that breaks.', fault: { kind: 'end' }, repeat: 'forever' }] },
  },
  { name: 'connection-reset', env: NO_RETRIES, scenario: { steps: [{ http: 'reset', repeat: 'forever' }] } },
  { name: 'connection-refused', env: NO_RETRIES, apiUrl: 'http://127.0.0.1:9', scenario: {} },
  { name: 'host-unknown', env: NO_RETRIES, apiUrl: 'http://nowhere.invalid', scenario: {} },
  { name: 'not-logged-in', env: { ANTHROPIC_API_KEY: '' }, scenario: {} },
  {
    name: 'turns-used-up',
    args: ['--max-turns', '2'],
    scenario: { steps: [{ ...bash('echo step'), repeat: 'forever' }] },
  },
  {
    name: 'budget-used-up',
    args: ['--max-budget-usd', '0.01'],
    scenario: { steps: [{ ...bash('echo step'), repeat: 'forever', usage: { input: 4000 } }] },
  },
  {
    name: 'good-then-limit',
    subscription: true,
    scenario: {
      steps: [
        {
          tools: [
            { name: 'Bash', input: { command: 'sleep 2; echo late', description: 'Wait', run_in_background: true } },
          ],
        },
        { text: 'It runs in the background.' },
        { error: refusal({ claim: 'five_hour' }), repeat: 'forever' },
      ],
    },
  },
  {
    name: 'limit-with-subagent',
    subscription: true,
    scenario: {
      conversations: [
        { match: 'Count the files', steps: [{ error: refusal({ claim: 'five_hour' }), repeat: 'forever' }] },
      ],
      steps: [agent(), { error: refusal({ claim: 'five_hour' }), repeat: 'forever' }],
    },
  },
  {
    name: 'limit-in-compaction',
    subscription: true,
    scenario: {
      steps: [bash('echo one'), { error: tooLong() }, { error: refusal({ claim: 'five_hour' }), repeat: 'forever' }],
    },
  },
  limit('limit-with-overage-allowed', {
    claim: 'five_hour',
    'overage-status': 'allowed',
    'overage-disabled-reason': '',
  }),
  {
    name: 'limit-of-gateway',
    env: NO_RETRIES,
    scenario: failing({ status: 429, message: '5-hour limit reached ∙ resets 3pm' }),
  },
  {
    name: 'limit-of-gateway-subscription',
    subscription: true,
    env: NO_RETRIES,
    scenario: failing({ status: 429, message: 'Claude AI usage limit reached|1795251102' }),
  },
  {
    name: 'spend-limit-of-gateway',
    env: NO_RETRIES,
    scenario: failing({
      status: 429,
      type: 'billing_error',
      message: 'spend limit reached · resets Dec 1',
      headers: { 'anthropic-ratelimit-unified-reset': '1796083200' },
    }),
  },
  {
    name: 'api-usage-limits',
    scenario: failing({
      status: 400,
      type: 'invalid_request_error',
      message: 'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
    }),
  },
  {
    name: 'subscription-of-disabled-org',
    subscription: true,
    scenario: failing({ status: 400, type: 'invalid_request_error', message: 'This organization has been disabled.' }),
  },
  {
    name: 'proxy-login',
    env: NO_RETRIES,
    scenario: failing({ status: 407, message: 'Proxy Authentication Required' }),
  },
  { name: 'resume-unknown', scenario: {}, args: [...MODEL, '--resume', '11111111-1111-4111-8111-111111111111'] },
  { name: 'resumed', resumes: true, scenario: { steps: [bash('echo one'), { text: 'One.' }, { text: 'Two.' }] } },
  {
    name: 'sigint-before-answer',
    scenario: { steps: [{ http: 'hang', repeat: 'forever' }] },
    signal: { name: 'SIGINT', after: '"subtype":"init"' },
  },
  {
    name: 'partial-messages-killed',
    args: [...MODEL, '--include-partial-messages'],
    scenario: {
      steps: [
        { text: 'I look.', tools: bash('echo one').tools ?? [], usage: { output: 800 } },
        bash('sleep 20 & wait'),
      ],
    },
    signal: { name: 'SIGKILL', after: '"sleep 20 & wait"' },
  },
  {
    name: 'subagent-of-subagent',
    scenario: {
      conversations: [
        { match: 'Count the inner', steps: [{ text: 'None.' }] },
        { match: 'Count the files', steps: [agent({ prompt: 'Count the inner ones.' }), { text: 'None here.' }] },
      ],
      steps: [agent(), { text: 'Done.' }],
    },
  },
  {
    name: 'subagent-of-unknown-type',
    scenario: { steps: [agent({ subagent_type: 'nonesuch' }), { text: 'I counted them myself.' }] },
  },
  {
    name: 'bad-then-good',
    args: [...MODEL, '--input-format', 'stream-json'],
    prompt: prompts('One.', 'Two.'),
    env: NO_RETRIES,
    scenario: { steps: [{ error: { status: 529 } }, { text: 'Done.' }] },
  },
  {
    name: 'good-then-bad',
    args: [...MODEL, '--input-format', 'stream-json'],
    prompt: prompts('One.', 'Two.'),
    env: NO_RETRIES,
    scenario: { steps: [{ text: 'Done.' }, { error: { status: 529 }, repeat: 'forever' }] },
  },
  { name: 'cleared', prompt: '/clear\n', scenario: {} },
  {
    name: 'limit-in-long-compaction',
    subscription: true,
    scenario: { steps: [...fullWindow(), { error: refusal({ claim: 'five_hour' }), repeat: 'forever' }] },
  },
  {
    name: '529-in-long-compaction',
    env: NO_RETRIES,
    scenario: { steps: [...fullWindow(), { error: { status: 529 }, repeat: 'forever' }] },
  },
  {
    name: 'wrong-key-stopped',
    scenario: failing({ status: 401 }),
    signal: { name: 'SIGTERM', after: '"attempt":2' },
  },
  {
    name: 'extra-usage-used-up',
    subscription: true,
    scenario: invalid("You're out of extra usage. Add more at claude.ai/settings/usage and keep going."),
  },
  { name: 'output-filtered', scenario: invalid('Output blocked by content filtering policy') },
  { name: 'input-too-long', scenario: invalid('input is too long for requested model') },
  {
    name: 'context-window-reached',
    scenario: { steps: [{ text: 'One more', stopReason: 'model_context_window_exceeded', repeat: 'forever' }] },
  },
  {
    name: 'limit-waited-out',
    subscription: true,
    env: { CLAUDE_CODE_RETRY_WATCHDOG: '1' },
    scenario: { steps: [{ error: refusal({ claim: 'five_hour', reset: '{{now+4}}' }) }, { text: 'Waited.' }] },
  },
  {
    name: 'limit-then-stopped',
    subscription: true,
    scenario: {
      steps: [
        {
          tools: [{ name: 'Bash', input: { command: 'sleep 40', description: 'Wait', run_in_background: true } }],
        },
        { error: refusal({ claim: 'five_hour' }), repeat: 'forever' },
      ],
    },
    signal: { name: 'SIGTERM', after: '"type":"result"' },
  },
  {
    name: 'forged-result',
    scenario: { steps: [bash(`printf '%s\\n' '${FORGED}' > /proc/$PPID/fd/1`), { text: 'Printed.' }] },
  },
  { name: 'mcp-config-missing', args: [...MODEL, '--mcp-config', '/nowhere.json'], scenario: {} },
];

function limit(name: string, given: Readonly<Record<string, string>>, env: Record<string, string> = {}): Condition {
  return { name, subscription: true, env, scenario: { steps: [{ error: refusal(given), repeat: 'forever' }] } };
}

/** A 429 with a subscription's headers. */
function refusal(given: Readonly<Record<string, string>>): StepError {
  return {
    status: 429,
    headers: unified({
      status: 'rejected',
      'overage-status': 'rejected',
      'overage-disabled-reason': 'org_level_disabled',
      ...given,
    }),
  };
}

/** `anthropic-ratelimit-unified-*`; an empty value leaves its header out. */
function unified(given: Readonly<Record<string, string>>): Record<string, string> {
  const { claim = '', ...rest } = given;
  const values = { reset: '{{now+7200}}', 'representative-claim': claim, ...rest };
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`anthropic-ratelimit-unified-${name}`, value]),
  );
}

function failing(error: StepError): Scenario {
  return { steps: [{ error, repeat: 'forever' }] };
}

function tooLong(): StepError {
  return { status: 400, type: 'invalid_request_error', message: 'prompt is too long: 215000 tokens > 200000 maximum' };
}

function invalid(message: string): Scenario {
  return failing({ status: 400, type: 'invalid_request_error', message });
}

/** Enough turns for the older version to make something of, and then a window that is full. */
function fullWindow(): Step[] {
  const last = { ...bash('echo last'), usage: { input: 1000, cacheRead: 190_000 } };
  return [...Array.from({ length: 6 }, (_, turn) => bash(`echo ${turn}`)), last];
}

function bash(command: string): Step {
  return { tools: [{ name: 'Bash', input: { command, description: 'A step' } }] };
}

function agent(input: Readonly<Record<string, string>> = {}): Step {
  const usual = { description: 'Count', prompt: 'Count the files here.', subagent_type: 'general-purpose' };
  return { tools: [{ name: 'Agent', input: { ...usual, ...input } }] };
}

/** For --input-format stream-json. */
function prompts(...texts: readonly string[]): string {
  const lines = texts.map((text) => JSON.stringify({ type: 'user', message: { role: 'user', content: text } }));
  return lines.map((line) => `${line}\n`).join('');
}

async function record(condition: Condition, which: ClaudeVersion): Promise<void> {
  const [suffix, version] = VERSIONS[which];
  const name = `${condition.name}${suffix}`;
  await using folder = await makeTemporaryFolder();
  const cwd = join(folder.path, 'work');
  await mkdir(cwd);
  await using api = await startMessagesApi({ scenario: condition.scenario });
  const chosen: Record<string, string> = {
    ...(condition.subscription && { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'dummy-oauth-token' }),
    ...condition.env,
  };
  const env = { ...(await isolatedEnvironment(folder.path)), ...chosen };
  const args = condition.args ?? MODEL;
  const options: ClaudeOptions = {
    cwd,
    prompt: condition.prompt ?? 'Work on the next task.\n',
    apiUrl: condition.apiUrl ?? api.url,
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
    args,
    version: which,
    timeoutMs: 120_000,
  };
  if (condition.resumes) await runClaude(options);
  const started = Date.now();
  const claude = spawnClaude(condition.resumes ? { ...options, args: [...args, '--continue'] } : options);
  if (condition.signal !== undefined) {
    await claude.waitForOutput(condition.signal.after);
    await sleep(800);
    claude.kill(condition.signal.name);
  }
  const ended = await claude.ended;
  // The second is how the agent names the folder of a project's sessions.
  const clean = (text: string) =>
    text.replaceAll(folder.path, '/home/agent').replaceAll(folder.path.replace(/[^A-Za-z0-9]/g, '-'), '-home-agent');
  const meta = {
    name,
    version,
    args,
    env: chosen,
    exitCode: ended.exitCode,
    signal: ended.signal,
    wallMs: Date.now() - started,
  };
  await writeFile(join(FIXTURES, `${name}.jsonl`), clean(ended.stdout));
  if (ended.stderr !== '') await writeFile(join(FIXTURES, `${name}.stderr`), clean(ended.stderr));
  await writeFile(join(FIXTURES, `${name}.meta.json`), `${JSON.stringify(meta, null, 1)}\n`);
  console.log(name, ended.exitCode, `${meta.wallMs} ms`);
}

const wanted = process.argv.slice(2);
for (const condition of CONDITIONS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const which of condition.versions ?? BOTH) await record(condition, which);
}
