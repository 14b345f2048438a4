import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendCommand } from '../../src/control/client.ts';
import type { Request } from '../../src/control/protocol.ts';
import { type RequestHandler, startControlServer } from '../../src/control/server.ts';

async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ralph-tui-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'control.sock');
}

const echo: RequestHandler = async (request) => ({ ok: true, message: `did ${request.command}`, data: request.args });

async function serve(handle: RequestHandler = echo): Promise<string> {
  const server = await startControlServer(await socketPath(), handle);
  onTestFinished(() => server.close());
  return server.path;
}

/** Sends bytes as they are, closes this side, and returns all that comes back. */
async function talk(path: string, bytes: string): Promise<string> {
  const socket = connect({ path, allowHalfOpen: true });
  socket.end(bytes);
  return text(socket);
}

const ping = { name: 'ping' } as const;

describe('control socket', () => {
  it('carries a command to the handler and its answer back', async () => {
    const seen: Request[] = [];
    const path = await serve(async (request) => {
      seen.push(request);
      return { ok: false, message: 'not now', data: { phase: 'waiting' } };
    });
    const attempt = { iteration: 7, attempt: 1 };
    const response = await sendCommand(path, { name: 'kill', attempt });
    expect(response).toMatchObject({ ok: false, message: 'not now', data: { phase: 'waiting' } });
    expect(seen).toMatchObject([{ command: 'kill', args: { attempt } }]);
  });

  it('is only for its owner, and gone when it is closed', async () => {
    const server = await startControlServer(await socketPath(), echo);
    expect((await stat(server.path)).mode & 0o777).toBe(0o600);
    await server.close();
    expect(await readdir(join(server.path, '..'))).toEqual([]);
  });

  it('answers requests of one connection in their order, also after the client closed its side', async () => {
    const path = await serve();
    const answers = await talk(path, '{"id":"a","command":"ping"}\n\n{"id":"b","command":"pause"}\nnonsense\n');
    expect(
      answers
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { id: 'a', ok: true, message: 'did ping' },
      { id: 'b', ok: true, message: 'did pause' },
      { id: '', ok: false, message: 'the request is not a line of JSON' },
    ]);
  });

  it('puts requests together that come byte by byte', async () => {
    const path = await serve();
    const socket = connect(path);
    for (const byte of '{"id":"grüße","command":"ping"}\n') {
      await new Promise((resolve) => socket.write(byte, resolve));
    }
    const [answer] = await once(socket, 'data');
    expect(JSON.parse(String(answer))).toMatchObject({ id: 'grüße', ok: true });
    socket.destroy();
  });

  it.each([
    ['with a line end', `${'x'.repeat(65_537)}\n{"id":"a","command":"ping"}\n`],
    ['without one', 'x'.repeat(200_000)],
  ])('refuses a line that is too long %s', async (_, bytes) => {
    const socket = connect(await serve());
    socket.on('error', () => {});
    socket.write(bytes);
    const [answer] = await once(socket, 'data');
    expect(JSON.parse(String(answer))).toEqual({ id: '', ok: false, message: 'a request has at most 65536 bytes' });
    socket.destroy();
  });

  it('is not held up by a client that says nothing, half a line, or reads no answer', async () => {
    const path = await serve(async () => ({ ok: true, message: 'x'.repeat(50_000) }));
    const silent = connect(path);
    const half = connect(path);
    half.write('{"id":"a"');
    const deaf = connect(path);
    deaf.on('error', () => {});
    deaf.pause();
    for (let index = 0; index < 500; index += 1) deaf.write('{"id":"a","command":"ping"}\n');
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendCommand(path, ping)));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    for (const socket of [silent, half, deaf]) socket.destroy();
  });

  it('is not held up by a command that takes long', async () => {
    let finish = () => {};
    const path = await serve(async (request) => {
      if (request.command === 'stop') await new Promise<void>((resolve) => (finish = resolve));
      return { ok: true, message: request.command };
    });
    const slow = sendCommand(path, { name: 'stop', when: 'now', attempt: null });
    expect(await sendCommand(path, ping)).toMatchObject({ message: 'ping' });
    finish();
    expect(await slow).toMatchObject({ message: 'stop' });
  });

  it('says when the handler fails', async () => {
    const path = await serve(async () => {
      throw new Error('disk on fire');
    });
    expect(await sendCommand(path, ping)).toMatchObject({
      ok: false,
      message: 'the supervisor failed at this: disk on fire',
    });
  });

  it('takes the place of a killed supervisor, and not of a live one', async () => {
    const path = await socketPath();
    const program = `require('net').createServer(() => {}).listen(process.argv[1], () => console.log('ready'))`;
    const other = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(other.stdout, 'data');
    await expect(startControlServer(path, echo)).rejects.toMatchObject({ code: 'in_use' });
    other.kill('SIGKILL');
    await once(other, 'exit');
    await expect(sendCommand(path, ping)).rejects.toMatchObject({ code: 'refused' });
    const server = await startControlServer(path, echo);
    expect(await sendCommand(path, ping)).toMatchObject({ ok: true });
    await server.close();
  });

  it('takes nothing away that is no socket, and says what does not work', async () => {
    const path = await socketPath();
    await writeFile(path, 'precious');
    await expect(startControlServer(path, echo)).rejects.toMatchObject({ code: 'unusable' });
    expect((await stat(path)).size).toBe(8);
    await expect(startControlServer(`/tmp/${'x'.repeat(120)}`, echo)).rejects.toMatchObject({ code: 'unusable' });
  });
});

describe('sendCommand', () => {
  /** A server of another make. */
  async function strange(onConnection: Parameters<typeof createServer>[1]): Promise<string> {
    const path = await socketPath();
    const server = createServer(onConnection).listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return path;
  }

  it('says when there is no socket', async () => {
    await expect(sendCommand(await socketPath(), ping)).rejects.toMatchObject({ code: 'no_socket' });
  });

  it('says when no answer comes', async () => {
    const path = await strange((socket) => socket.resume());
    await expect(sendCommand(path, ping, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it.each([
    ['nonsense', 'hello\n'],
    ['another form', '{"ok":true}\n'],
    ['the answer to another request', '{"id":"other","ok":true,"message":""}\n'],
    ['half an answer', '{"id":'],
  ])('says when %s comes', async (_, answer) => {
    const path = await strange((socket) => socket.end(answer));
    await expect(sendCommand(path, ping)).rejects.toMatchObject({ code: 'bad_answer' });
  });

  it('says when the supervisor hangs up', async () => {
    const path = await strange((socket) => socket.destroy());
    await expect(sendCommand(path, ping)).rejects.toMatchObject({ code: 'bad_answer' });
  });

  it('says when the socket cannot be reached', async () => {
    const path = await socketPath();
    await writeFile(path, '');
    await expect(sendCommand(path, ping)).rejects.toMatchObject({ code: 'refused' });
    await expect(sendCommand(`/tmp/${'x'.repeat(120)}`, ping)).rejects.toMatchObject({ code: 'unusable' });
  });
});
