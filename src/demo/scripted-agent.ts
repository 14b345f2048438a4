// The demo's agent: a program that takes Claude Code's command line and speaks its stream-json, needs no network and no
// key, and really does small tasks by a script. RALPH_DEMO_PACE multiplies its pauses (1; 0 for none).
import { randomUUID } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemErrorCode } from '../system/system-error.ts';
import { AgentSession } from './session.ts';
import { ShellTool } from './shell-tool.ts';
import { AgentStream } from './stream.ts';
import { resolveModel } from './token-meter.ts';
import { work } from './work.ts';

const SIGNAL_EXIT_CODES = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const;

/** One session; resolves when the last line is written. */
async function main(): Promise<void> {
  // As with the real one, what is not known here is somebody else's business.
  const { values } = parseArgs({
    options: { 'session-id': { type: 'string' }, model: { type: 'string' }, 'output-format': { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const prompt = readFileSync(0, 'utf8');
  if (prompt.trim() === '') fail('the prompt on standard input is empty');
  if (values['output-format'] !== 'stream-json')
    fail('this agent speaks stream-json only: --output-format stream-json');

  const cwd = process.cwd();
  const shell = new ShellTool(cwd, process.env);
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => {
      shell.close();
      process.exit(code);
    });
  }
  const stream = new AgentStream(
    {
      sessionId: String(values['session-id'] ?? randomUUID()),
      cwd,
      model: resolveModel(String(values.model ?? 'opus')),
      write: (line) => writeAll(Buffer.from(line)),
    },
    prompt,
  );
  stream.init();
  const words = await work(new AgentSession({ stream, shell, cwd, pace: readPace() }), cwd);
  stream.result(words);
  shell.close();
}

function readPace(): number {
  const pace = Number(process.env.RALPH_DEMO_PACE ?? 1);
  return Number.isFinite(pace) && pace >= 0 ? pace : 1;
}

/** Synchronous, so that nothing is lost when a signal ends the process; a pipe may take only a part. */
function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      if (systemErrorCode(error) !== 'EAGAIN') throw error;
    }
  }
}

function fail(message: string): never {
  console.error(`Error: ${message}`);
  process.exit(1);
}

await main();
