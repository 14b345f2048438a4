// A program that has the terminal holds us up until it ends, and one with a window of its own may go on long after the
// terminal was closed. Who has to end with the terminal ends meanwhile as the system ends it.

type Listener = (...given: unknown[]) => void;

/** While `act` goes on, a hangup ends this process at once, and not when somebody here gets a turn again. */
export function withDeadlyHangup<T>(act: () => T): T {
  const listeners = process.rawListeners('SIGHUP') as Listener[];
  // Without any, Node leaves the signal to the system.
  process.removeAllListeners('SIGHUP');
  try {
    return act();
  } finally {
    for (const listener of listeners) process.on('SIGHUP', listener);
  }
}
