// Whether somebody listens on a socket.
import { connect } from 'node:net';

/** A supervisor that is busy or stopped is there: the kernel takes the connection for it. */
export async function canConnect(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
