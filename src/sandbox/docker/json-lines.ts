// Reads the engine's streams of JSON objects, one a line: events, stats, build progress.
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { messageOf } from '../../system/system-error.ts';

/** The connection ended in the middle, or what came is not what the engine sends. */
export class BrokenStream extends Error {
  constructor(cause: unknown) {
    super(`the connection to Docker broke: ${messageOf(cause)}`, { cause });
    this.name = 'BrokenStream';
  }
}

/**
 * One value a line; empty lines are skipped.
 * @throws BrokenStream
 */
export async function* jsonLines(stream: Readable): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const bytes of stream) {
      const lines = (rest + decoder.write(bytes as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
    }
    rest += decoder.end();
    if (rest.trim() !== '') yield JSON.parse(rest);
  } catch (error) {
    throw new BrokenStream(error);
  }
}
