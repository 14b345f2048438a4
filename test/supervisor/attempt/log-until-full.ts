// Started by recorder.test.ts with a limit on file sizes: fills the log for people, which grows faster than the raw one,
// lifts the limit, and goes on.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { attemptFiles } from '../../../src/journal/folders.ts';
import { AttemptRecorder } from '../../../src/supervisor/attempt/recorder.ts';

const [, , folder = ''] = process.argv;
const files = attemptFiles(folder, { iteration: 1, attempt: 1 });
const recorder = new AttemptRecorder({ files, sessionId: null, redact: (text) => text });

/** One message of many short lines. */
function record(): void {
  const message = { role: 'assistant', model: 'm', content: [{ type: 'text', text: 'so\n'.repeat(80) }] };
  const line = JSON.stringify({ type: 'assistant', session_id: 's', parent_tool_use_id: null, message });
  recorder.write({ stream: 'stdout', bytes: Buffer.from(`${line}\n`) }, new Date().toISOString());
}

let cutAtBytes = -1;
for (let size = 0; size !== cutAtBytes; size = statSync(files.log).size) {
  cutAtBytes = size;
  record();
}
execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited']);
record();
recorder.end(new Date().toISOString());
process.stdout.write(JSON.stringify({ cutAtBytes }));
