// A socket in front of the real engine whose connections a test can cut, refuse, or stop for a while.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttableSocket {
  /** Ends all connections at once; new ones are let in. */
  cut(): void;
  /** Lets nobody in until it is called with false, and ends those who are. */
  refuse(refused: boolean): void;
  /** Passes nothing on, in either direction, but keeps every connection open: a hung engine. */
  freeze(frozen: boolean): void;
  /** Cuts every connection that has brought so many bytes from the engine; null for never. */
  cutAfter(bytes: number | null): void;
  close(): Promise<void>;
}

/** Listens at `path`, and passes on to the engine's socket. */
export async function openCuttableSocket(path: string, enginePath: string): Promise<CuttableSocket> {
  const sockets = new Set<Socket>();
  let isRefused = false;
  let isFrozen = false;
  let limitBytes: number | null = null;
  const server = createServer((client) => {
    if (isRefused) return client.destroy();
    const engine = connect(enginePath);
    const end = () => {
      client.destroy();
      engine.destroy();
    };
    let bytes = 0;
    engine.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (limitBytes !== null && bytes > limitBytes) end();
    });
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.pipe(engine);
    engine.pipe(client);
    if (isFrozen) for (const socket of [client, engine]) socket.pause();
  });
  server.listen(path);
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    cut,
    refuse(refused) {
      isRefused = refused;
      if (refused) cut();
    },
    freeze(frozen) {
      isFrozen = frozen;
      for (const socket of sockets) frozen ? socket.pause() : socket.resume();
    },
    cutAfter(bytes) {
      limitBytes = bytes;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
