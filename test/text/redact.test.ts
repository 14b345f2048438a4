import { describe, expect, it } from 'vitest';
import { createRedactor, redactKeys } from '../../src/text/redact.ts';

// Made up, and put together so that no scanner takes this file for a leak.
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789';
const key = (prefix: string, length: number) => prefix + letters.slice(0, length);
const pem = (kind: string, body: string) => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;

describe('redactKeys', () => {
  it.each([
    ['an Anthropic API key', `key=${key('sk-ant-api03-', 40)}-x_y rest`, 'key=[redacted] rest'],
    ['an Anthropic OAuth token', `"${key('sk-ant-oat01-', 40)}"`, '"[redacted]"'],
    ['an OpenAI key', key('sk-proj-', 40), '[redacted]'],
    ['an AWS key id', `id AKIA${'ABCDEFGH12345678'} rest`, 'id [redacted] rest'],
    ['an AWS secret', `aws_secret_access_key = ${letters.slice(0, 38)}/+`, 'aws_secret_access_key = [redacted]'],
    ['an AWS secret in JSON', `"SecretAccessKey": "${letters.slice(0, 40)}"`, '"SecretAccessKey": "[redacted]"'],
    ['a GitHub token', `${key('ghp_', 36)} ${key('ghs_', 40)}`, '[redacted] [redacted]'],
    ['a fine-grained GitHub token', key('github_pat_', 40), '[redacted]'],
    ['a GitLab token', key('glpat-', 20), '[redacted]'],
    ['an npm token', `//registry/:_authToken=${key('npm_', 36)}`, '//registry/:_authToken=[redacted]'],
    ['a Slack token', key('xoxb-', 24), '[redacted]'],
    ['a Google key', key('AIza', 35), '[redacted]'],
    ['a web token', `eyJ${letters}.${letters}.${letters} rest`, '[redacted] rest'],
    ['a header', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    [
      'a header in a curl call',
      `curl -H "authorization: Basic dXNlcjpwdw=="`,
      `curl -H "authorization: Basic [redacted]"`,
    ],
    ['a header in JSON', `{"Authorization":"Bearer abcdef"}`, `{"Authorization":"Bearer [redacted]"}`],
    ['an x-api-key header', `x-api-key: ${letters}`, 'x-api-key: [redacted]'],
    ['a bearer alone', `bearer ${letters}==`, 'bearer [redacted]'],
    ['a password in an address', 'https://me:hunter2@example.org/x.git', 'https://me:[redacted]@example.org/x.git'],
    ['what env prints', `GH_TOKEN=${letters}\nHOME=/root`, 'GH_TOKEN=[redacted]\nHOME=/root'],
    ['a private key', `a\n${pem('RSA PRIVATE KEY', letters)}\nb`, 'a\n[redacted]\nb'],
    ['a private key in JSON', `"${pem('PRIVATE KEY', letters).replaceAll('\n', '\\n')}"`, '"[redacted]"'],
    ['a private key without end', `-----BEGIN OPENSSH PRIVATE KEY-----\n${letters}\n${letters}`, '[redacted]'],
    [
      'only the words that start a private key',
      '"-----BEGIN PRIVATE KEY-----" is how it starts',
      '"[redacted]" is how it starts',
    ],
  ])('takes out %s', (_, text, expected) => {
    expect(redactKeys(text)).toBe(expected);
    expect(redactKeys(expected)).toBe(expected);
  });

  it.each([
    ['a commit', '9f3c2ab41d77e0b8a90347c1e55d9f3c2ab41d77'],
    ['prose', 'The bearer of this token is authorized: the secret lies in the password= prompt'],
    ['a public key', pem('PUBLIC KEY', letters)],
    ['an address with a port', 'http://localhost:8080/path@2'],
    ['a git address', 'git@github.com:owner/name.git'],
    ['a short word with sk-', 'task-runner risk-free sk-1234'],
    ['a workflow', `TOKEN=\${{ secrets.GITHUB_TOKEN }}`],
    ['an integrity hash', `sha512-${letters}${letters}==`],
  ])('leaves %s', (_, text) => {
    expect(redactKeys(text)).toBe(text);
  });

  it.each([
    ['letters', 'A'],
    ['openings of private keys', '-----BEGIN PRIVATE KEY-----'],
    ['web tokens that never end', '-eyJaaaaaaaa'],
    ['headers', 'authorization:   '],
    ['assignments', 'A_TOKEN'],
    ['addresses', '://a:b'],
    ['spaces', ' '],
  ])('does not get stuck on megabytes of %s', (_, piece) => {
    // Quadratic patterns would take minutes here and run into the test's own time limit.
    const text = piece.repeat(Math.ceil(4_000_000 / piece.length));
    expect(redactKeys(text).length).toBeLessThanOrEqual(text.length);
  });
});

describe('createRedactor', () => {
  it('takes out given values as they are, in JSON and in addresses', () => {
    const redact = createRedactor(['pass"word/1 ']);
    expect(redact('it is pass"word/1.')).toBe('it is [redacted].');
    expect(redact(JSON.stringify({ it: 'pass"word/1' }))).toBe('{"it":"[redacted]"}');
    expect(redact('https://x/?q=pass%22word%2F1&y')).toBe('https://x/?q=[redacted]&y');
  });

  it('leaves nothing of the longer of two values', () => {
    expect(createRedactor(['abcd1234', 'abcd1234-efgh'])('abcd1234-efgh')).toBe('[redacted]');
  });

  it('takes out a value of several lines line by line', () => {
    const redact = createRedactor([`first-line-of-the-secret\nsecond-line-of-the-secret`]);
    expect(redact('| second-line-of-the-secret')).toBe('| [redacted]');
  });

  it('ignores short and empty values', () => {
    expect(createRedactor(['', 'no', '  '])('no, there is nothing')).toBe('no, there is nothing');
  });

  it('knows keys by their form, too', () => {
    expect(createRedactor([])(key('sk-ant-api03-', 30))).toBe('[redacted]');
  });
});
