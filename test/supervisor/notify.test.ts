import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kindOf, type Notice, notify } from '../../src/supervisor/notify.ts';
import { temporaryFolder } from '../harness/temporary.ts';

const NOTICE: Notice = {
  what: 'needs_you',
  repository: '/home/me/acme-api',
  run: '20261121-100000-abc',
  iteration: 12,
  message: 'login expired · iteration 12 kept',
  help: 'ralph-tui login, then: ralph-tui resume',
  at: '2026-11-21T10:00:00.000Z',
};

test('a command gets the notice as JSON on its standard input', async () => {
  const path = await temporaryFolder();
  expect(await notify(`cat > '${join(path, 'notice')}'`, NOTICE)).toBeNull();
  expect(JSON.parse(await readFile(join(path, 'notice'), 'utf8'))).toEqual(NOTICE);
});

test('a command that fails is told, without the command', async () => {
  expect(await notify('exit 3 # made-up-token', NOTICE)).toBe('the notification (command) failed: exit 3');
});

describe('web hooks', () => {
  async function told(prefix: string, status = 200) {
    const requests: { body: string; title: string | undefined }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      requests.push({ body, title: request.headers.title as string | undefined });
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const problem = await notify(`${prefix}:http://127.0.0.1:${port}/made-up-topic`, NOTICE);
    server.close();
    return { problem, requests };
  }

  test('ntfy gets a title and the lines', async () => {
    const { problem, requests } = await told('ntfy');
    expect(problem).toBeNull();
    expect(requests).toEqual([{ title: 'acme-api: ralph-tui needs you', body: `${NOTICE.message}\n${NOTICE.help}` }]);
  });

  test('Slack-style hooks get a text', async () => {
    const { requests } = await told('slack');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      text: `*acme-api: ralph-tui needs you*\n${NOTICE.message}\n${NOTICE.help}`,
    });
  });

  test('a refusal is told, without the address', async () => {
    expect((await told('slack', 404)).problem).toBe('the notification (slack) failed: HTTP 404');
  });
});

test.each([
  ['desktop', 'desktop'],
  ['ntfy:https://ntfy.example/made-up', 'ntfy'],
  ['slack:https://hooks.example/made-up', 'slack'],
  ['mail -s ralph me', 'command'],
])('%s is shown as %s', (target, shown) => {
  expect(kindOf(target)).toBe(shown);
});
