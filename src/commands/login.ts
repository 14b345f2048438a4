// `ralph-tui login`: keeps the token of `claude setup-token` for the sandboxes, and says who pays.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { execa } from 'execa';
import { ConfigError } from '../config/config-error.ts';
import { chooseCredential, tokenProblem, whoPays } from '../config/credentials.ts';
import { readToken, removeToken, tokenPath, writeToken } from '../config/login-store.ts';
import { EXIT_CODES } from '../core/exit-code.ts';
import { type CommandContext, say } from './line/context.ts';

export interface LoginOptions {
  readonly remove: boolean;
}

const LONGEST_INPUT = 64 * 1024;

export async function loginCommand(context: CommandContext, { remove }: LoginOptions): Promise<number> {
  const path = tokenPath(context.environment);
  if (remove) {
    const had = await removeToken(path);
    await say(context.stdout, had ? `removed ${path}` : 'there was no stored token');
  } else {
    const token = context.stdin.isTTY === true ? await askForToken(context) : await readAll(context.stdin);
    const problem = tokenProblem(token);
    if (problem !== null) throw new ConfigError(problem);
    await writeToken(path, token);
    await say(context.stdout, `kept in ${path}, readable by you alone`);
  }
  await sayWhoPays(context, path);
  return EXIT_CODES.finished;
}

async function sayWhoPays({ environment, stdout }: CommandContext, path: string): Promise<void> {
  const credential = chooseCredential({
    environment,
    storedToken: await readToken(path),
    sandbox: 'docker',
    ownLogin: false,
  });
  const first = credential.source === 'environment' ? ' · the environment comes before the stored token' : '';
  await say(stdout, `from now on: ${whoPays(credential)}${first}`);
}

/** The agent's own program makes the token and shows it; it cannot be read from there, so it is pasted. */
async function askForToken(context: CommandContext): Promise<string> {
  const { exitCode, code } = await execa('claude', ['setup-token'], { stdio: 'inherit', reject: false });
  if (code === 'ENOENT') {
    await say(
      context.stderr,
      'claude is not installed here: run "claude setup-token" where it is, and paste its token',
    );
  } else if (exitCode !== 0) {
    throw new ConfigError(`claude setup-token ended with exit code ${exitCode}; no token was kept`);
  }
  await context.stderr.write('Paste the token (it is not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: context.stdin, output: silent, terminal: true });
  try {
    return (await lines.question('', { signal: context.signal })).trim();
  } finally {
    lines.close();
    await context.stderr.write('\n');
  }
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > LONGEST_INPUT) break;
  }
  return text.trim();
}
