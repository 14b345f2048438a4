// The terminal as Ink gets it: modes pass (alternate screen, cursor, bracketed paste), everything else is dropped.
// Ink's frame is empty, but it writes line feeds and erasures for it, which would move and wipe the rows that
// screen-writer.ts draws.

/** DEC private modes, set or reset; nothing else in the text. */
const MODES = /^(?:\x1b\[\?\d+[hl])+$/;
/** Synchronized output around a frame that is not drawn would only cut ours in two. */
const SYNCHRONIZED = /\x1b\[\?2026[hl]/g;

type Done = (error?: Error | null) => void;

export function modesOnly(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done): boolean => {
    const finished = typeof encoding === 'function' ? encoding : done;
    const text = typeof chunk === 'string' ? chunk.replace(SYNCHRONIZED, '') : '';
    return stdout.write(MODES.test(text) ? text : '', finished);
  };
  return new Proxy(stdout, {
    get: (target, key) => {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
