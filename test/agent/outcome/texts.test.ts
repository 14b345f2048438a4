import { describe, expect, test } from 'vitest';
import { kindFromText, saysLimit, saysMoney } from '../../../src/agent/outcome/texts.ts';

describe('limits', () => {
  test.each<[string, 'window' | 'money']>([
    ["You've hit your 5-hour limit · resets 9:48am (UTC)", 'window'],
    ["You've hit your session limit", 'window'],
    ["You've hit your weekly limit · contact your admin", 'window'],
    ["You've hit your Opus limit. Run /usage-credits to continue or switch models with /model.", 'window'],
    ["You've hit your Fable 5 limit", 'window'],
    ["You've hit your limit · resets 5pm · progress saved", 'window'],
    ["You've hit your 5-hour limit · out of usage credits", 'window'],
    ['You’ve hit your session limit', 'window'],
    ["You've hit your usage limit · contact your admin to increase it", 'money'],
    ["You've hit your monthly spend limit · raise it at claude.ai/settings/usage", 'money'],
    ["You've hit your org's monthly usage limit", 'money'],
    ["You've hit your individual spend limit", 'money'],
    ["You've hit your channel's monthly spend limit.", 'money'],
    ["You've hit your team's pooled group budget. /model to switch models.", 'money'],
    ["You're out of usage credits", 'money'],
    ["You're out of extra usage", 'money'],
    ['Your org is out of usage · add funds to continue', 'money'],
    ["Your seat type doesn't include usage credits", 'money'],
    ['This service is disabled for your org', 'money'],
    ['Your usage allocation has been disabled by your admin', 'money'],
    ["Your group's usage limit is set to $0", 'money'],
    ['Usage is paused for your organization. For help, please contact support.', 'money'],
    ['Fable 5 requires usage credits. Switch to another model to continue.', 'money'],
    ['Claude AI usage limit reached|1795251102', 'window'],
    ['API Error: Request rejected (429) · Claude AI usage limit reached|1795251102', 'window'],
    ['5-hour limit reached ∙ resets 3pm', 'window'],
    ['API Error: Request rejected (429) · 5-hour limit reached ∙ resets 3pm', 'window'],
    [
      'API Error: Server is temporarily limiting requests (not your usage limit) · Claude AI usage limit reached|1',
      'window',
    ],
    ["Prompt is too long · automatic compaction failed: You've hit your weekly limit", 'window'],
    ['API Error: Request rejected (429) · spend limit reached', 'money'],
    ['API Error: 402 spend limit reached · resets Dec 1', 'money'],
    ['API Error: 400 You have reached your specified API usage limits.', 'money'],
    ['API Error: 400 You have reached your specified workspace API usage limits.', 'money'],
  ])('%s', (text, about) => {
    expect(saysLimit(text)).toBe(true);
    expect(saysMoney(text)).toBe(about === 'money');
  });

  test.each([
    "You've used 92% of your 5-hour limit",
    "You're close to your weekly limit",
    'Approaching your limit',
    "You're now using usage credits",
    'Now using usage credits for Opus',
    'API Error: Server is temporarily limiting requests (not your usage limit) · slow down',
    "API Error: Request rejected (429) · You've hit your 5-hour limit",
    "I read: You've hit your 5-hour limit",
    'The file says “usage limit reached|1795251102”',
  ])('no limit: %s', (text) => {
    expect(saysLimit(text)).toBe(false);
  });
});

test.each([
  ['Not logged in · Please run /login', 'auth'],
  ['Login expired · Please run /login', 'auth'],
  ['Login reached its time limit · Please run /login', 'auth'],
  ['Invalid API key · Fix external API key', 'auth'],
  ['Failed to authenticate: OAuth session expired and could not be refreshed', 'auth'],
  ['Your organization has disabled API key authentication · Unset ANTHROPIC_API_KEY', 'auth'],
  ["Your account is on hold and can't use Claude Code.", 'auth'],
  ['Credit balance is too low', 'billing'],
  ["API Error: 400 You're out of extra usage. Add more at claude.ai/settings/usage and keep going.", 'billing'],
  [
    'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"You\'re out of extra usage. Add"}}',
    'billing',
  ],
  ['API Error: 400 Third-party apps now draw from your extra usage, not your plan limits.', 'billing'],
  ['API Error: Usage credits ran out before the response was finished.', 'billing'],
  ["There's an issue with the selected model (opsu).", 'config'],
  ['Claude Opus is not available with the Claude Pro plan.', 'config'],
  ['API Error: Claude Code 2.1.197 does not support this model; version 2.2 or newer is required', 'config'],
  ['Opus is experiencing high load, please use /model to switch to Sonnet', 'transient'],
  ['Request timed out', 'transient'],
  ['Repeated 529 Overloaded errors', 'transient'],
  ['API Error: Connection error.', 'transient'],
  ['API Error: The socket connection was closed unexpectedly. For more information, pass `verbose: true`', 'transient'],
  ['API Error: 400 The long context beta is not yet available for this subscription.', 'billing'],
  ['API Error: Unable to connect to API (FailedToOpenSocket)', 'transient'],
  ['API Error: Response stalled mid-stream. The response above may be incomplete.', 'transient'],
  ['API Error: Connection closed while thinking, before producing a response. Try again.', 'transient'],
  ['API Error: Part of the response never arrived. The response above may be incomplete.', 'transient'],
  ['API Error: No internet route — check your connection or VPN (ENETUNREACH)', 'transient'],
  ['API Error: Server is temporarily limiting requests (not your usage limit) · slow down', 'transient'],
  ['Request too large (max 32MB). Try with a smaller file.', 'context'],
  ['API Error: The model has reached its context window limit.', 'context'],
  ['Prompt is too long · automatic compaction failed: x', 'context'],
  ['Prompt is too long · automatic compaction failed: API Error: 529 Overloaded. This is', 'transient'],
  ['Prompt is too long · automatic compaction failed: Invalid API key · Fix external API key', 'auth'],
  ['API Error: 400 This organization has been disabled.', 'auth'],
  ['API Error: Invalid URL', 'config'],
  ['API Error: "nonsense/v1/messages?beta=true" cannot be parsed as a URL.', 'config'],
  ['API Error: Unable to connect to API: Self-signed certificate detected. Check your proxy', 'config'],
  ['API Error: Unable to connect to API: SSL certificate has expired', 'config'],
  ['Autocompact is thrashing: the context refilled', 'context'],
  ["API Error: Claude's response exceeded the 32,000 output token maximum.", 'context'],
  ['API Error: 400 input is too long for requested model', 'context'],
  ['API Error: 400 Output blocked by content filtering policy', 'refused'],
  [
    'API Error: 400 {"type":"error","error":{"type":"invalid_request_error","message":"Output blocked by content filtering policy"},"request_id":null}',
    'refused',
  ],
  ['API Error: 400 messages.1: he wrote “Output blocked by content filtering policy”', null],
  ["API Error: Sonnet 5.5's safeguards flagged this message", 'refused'],
  ['API Error: 400 messages.1: something is wrong', null],
  ['', null],
])('%s: %s', (text, kind) => {
  expect(kindFromText(text)).toBe(kind);
});
