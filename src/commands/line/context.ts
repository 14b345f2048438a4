// What a command gets from the process that runs it, so that tests can give it something else.
import type { Environment } from '../../config/person-file.ts';
import type { RepositoryFolders } from '../../journal/folders.ts';
import { asciiSigns } from '../../text/glyphs.ts';
import type { Repository } from '../../workspace/locate.ts';

export interface Output {
  /** Resolves when the reader has taken it: a slow pipe slows us down instead of filling our memory. */
  write(chunk: string | Uint8Array): Promise<void>;
  readonly isTTY: boolean;
  /** A terminal whose locale has no more than ASCII. */
  readonly isAscii: boolean;
  /** Cells of a line; 80 where there is no terminal. */
  readonly columns: number;
}

/** A repository and where its runs are kept. */
export interface Place {
  readonly repository: Repository;
  readonly folders: RepositoryFolders;
}

export interface RunPlace extends Place {
  readonly run: string;
}

export interface CommandContext {
  /** Where the command was typed. */
  readonly cwd: string;
  readonly environment: Environment;
  /** What programs of the person's own choice get, where that is something else: a demo has its own folders. */
  readonly personEnvironment?: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Ends what goes on until somebody ends it: Ctrl-C, a closed pipe. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  /** Starts the supervisor of an unfinished run again, after it died; resolves when it is ready for commands. */
  recoverRun(context: CommandContext, place: RunPlace): Promise<void>;
}

/** Writes a line for people, in signs that their terminal has. */
export async function say(output: Output, line: string): Promise<void> {
  await output.write(`${forPeople(output, line)}\n`);
}

/** Writes a line for programs, as it is. */
export async function sayAsIs(output: Output, line: string): Promise<void> {
  await output.write(`${line}\n`);
}

export function forPeople({ isAscii }: Output, text: string): string {
  return isAscii ? asciiSigns(text) : text;
}
