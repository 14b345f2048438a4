// Listens on the control socket. Any number of clients; one that hangs or talks nonsense disturbs nobody.
import { chmod, lstat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { messageOf, systemErrorCode } from '../system/system-error.ts';
import { canConnect } from './can-connect.ts';
import { ControlError } from './control-error.ts';
import { MAX_REQUEST_BYTES, type Request, type Response, readRequest } from './protocol.ts';

/** Carries a command out, or says why not. It answers once the command is taken up, not once it is done. */
export type RequestHandler = (request: Request) => Promise<Omit<Response, 'id'>>;

export interface ControlServer {
  readonly path: string;
  /** Stops listening, hangs up, and takes the socket away. */
  close(): Promise<void>;
}

/** A client that says nothing for so long is hung up on. */
const IDLE_MS = 60_000;
/** A client that sends and never reads is hung up on when so much waits for it. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Listens on a Unix socket (0600). A socket that nobody answers on is what a killed supervisor left: it is replaced.
 * The folder is there and ours (`prepareSocketPath`), and the caller holds the repository's lock.
 * @throws ControlError `in_use`, `unusable`
 */
export async function startControlServer(path: string, handle: RequestHandler): Promise<ControlServer> {
  await removeStaleSocket(path);
  const clients = new Set<Socket>();
  // Half open: a client may close its side after the request and still gets its answer (`echo … | nc -U`).
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    serve(socket, handle).catch(() => socket.destroy());
  });
  await listen(server, path);
  return {
    path,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of clients) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    await chmod(path, 0o600);
    // A connection that could not be accepted is the client's trouble, not the end of the supervisor.
    server.on('error', () => {});
  } catch (error) {
    server.close();
    if (systemErrorCode(error) === 'EADDRINUSE') {
      throw new ControlError('in_use', `another supervisor listens on ${path} already`, { cause: error });
    }
    const reason = messageOf(error);
    throw new ControlError('unusable', `cannot listen on ${path}: ${reason}`, { cause: error });
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket()) throw new ControlError('unusable', `${path} is not a socket; move it away`);
  if (await canConnect(path)) throw new ControlError('in_use', `another supervisor listens on ${path} already`);
  await unlink(path);
}

/** One request after the other, as they come; reading waits while one is carried out. */
async function serve(socket: Socket, handle: RequestHandler): Promise<void> {
  let pending = Buffer.alloc(0);
  // Leaving the loop must not drop the answer that was just written.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    pending = Buffer.concat([pending, chunk as Buffer]);
    for (let end = pending.indexOf(0x0a); end !== -1; end = pending.indexOf(0x0a)) {
      if (end > MAX_REQUEST_BYTES) break;
      const line = pending.toString('utf8', 0, end);
      pending = pending.subarray(end + 1);
      if (line.trim() !== '') send(socket, await answer(line, handle));
    }
    if (pending.length > MAX_REQUEST_BYTES) {
      send(socket, { id: '', ok: false, message: `a request has at most ${MAX_REQUEST_BYTES} bytes` });
      break;
    }
    if (socket.writableLength > MAX_UNREAD_BYTES) break;
  }
  socket.destroySoon();
}

async function answer(line: string, handle: RequestHandler): Promise<Response> {
  const { request, problem } = readRequest(line);
  if (problem !== null) return problem;
  try {
    return { ...(await handle(request)), id: request.id };
  } catch (error) {
    const reason = messageOf(error);
    return { id: request.id, ok: false, message: `the supervisor failed at this: ${reason}` };
  }
}

function send(socket: Socket, response: Response): void {
  if (socket.writable) socket.write(`${JSON.stringify(response)}\n`);
}
