// The context of a command that was really typed: this process, its streams and its signals.
import { hasUnicode } from '../../text/glyphs.ts';
import type { CommandContext, Output } from './context.ts';

const DEFAULT_COLUMNS = 80;

/** @param recoverRun starts a supervisor again; see `CommandContext`. */
export function processContext(recoverRun: CommandContext['recoverRun']): CommandContext {
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  process.once('SIGTERM', () => ending.abort());
  // A terminal that is gone refuses its modes, too.
  process.stdin.on('error', () => ending.abort());
  const output = (stream: NodeJS.WriteStream): Output => {
    // Whoever reads us has gone, as `head` does: no error, only the end.
    stream.on('error', () => ending.abort());
    return {
      isTTY: stream.isTTY === true,
      isAscii: stream.isTTY === true && !hasUnicode(process.env),
      get columns() {
        // A terminal of nobody's (`script` in a pipe, an emulator that is starting) says 0.
        return stream.columns || DEFAULT_COLUMNS;
      },
      write: (chunk) => new Promise((resolve) => stream.write(chunk, () => resolve())),
    };
  };
  return {
    cwd: process.cwd(),
    environment: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    stdin: process.stdin,
    signal: ending.signal,
    now: Date.now,
    recoverRun,
  };
}
