// The program's door: looks at Node's version before anything is imported that needs it, then runs the command.
import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Oldest Node that every dependency runs on; the same as "engines" in package.json. */
const OLDEST_NODE = [22, 22] as const;

function tooOld(): string | null {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return null;
  const wanted = `ralph-tui needs Node ${OLDEST_NODE.join('.')} or newer, this is ${process.versions.node}.`;
  const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const program = process.argv[1] ?? 'ralph-tui';
  return existsSync(bundled)
    ? `${wanted} Run it with the one that npm ci brought: ${bundled} ${program}`
    : `${wanted} Install a current one (nodejs.org, or your package manager) and run it again.`;
}

/**
 * What V8 makes of the program's text is kept between runs, in the person's own cache: a tenth of the start. Only below
 * a folder that is there: Node would make the path of any, and go round for ever where none can be made (/proc).
 */
function keepCompiled(): void {
  try {
    const { XDG_CACHE_HOME = '', HOME } = process.env;
    const isSet = isAbsolute(XDG_CACHE_HOME);
    let folder = isSet ? XDG_CACHE_HOME : HOME || homedir();
    if (!isAbsolute(folder) || !existsSync(folder)) return;
    for (const part of [...(isSet ? [] : ['.cache']), 'ralph-tui', 'compiled']) {
      folder = join(folder, part);
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    }
    module.enableCompileCache(folder);
  } catch {
    // Slower, and nothing else.
  }
}

const complaint = tooOld();
if (complaint !== null) {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 2;
} else {
  keepCompiled();
  const { main } = await import('./main.ts');
  process.exitCode = await main(process.argv.slice(2));
  // What was said is with its reader before the end. What else still runs is nobody's any more: simple-git has a timer
  // that would keep the process, and the shell, for a second after the last git.
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  process.exit();
}
