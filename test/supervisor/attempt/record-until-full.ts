// Started by recorder.test.ts with a limit on file sizes: records lines until it is reached, then one that is shorter.
import { attemptFiles } from '../../../src/journal/folders.ts';
import { isNoSpace } from '../../../src/journal/no-space.ts';
import { AttemptRecorder } from '../../../src/supervisor/attempt/recorder.ts';

const [, , folder = ''] = process.argv;
const files = attemptFiles(folder, { iteration: 1, attempt: 1 });
const recorder = new AttemptRecorder({ files, sessionId: null, redact: (text) => text });

/** Whether there was space for it. */
function record(line: string): boolean {
  try {
    recorder.write({ stream: 'stdout', bytes: Buffer.from(`${line}\n`) }, new Date().toISOString());
    return true;
  } catch (error) {
    if (isNoSpace(error)) return false;
    throw error;
  }
}

let lines = 0;
while (record(`{"line":${lines},"text":"${'x'.repeat(700)}"}`)) lines += 1;
process.stdout.write(
  JSON.stringify({ lines, again: record('y'.repeat(9_000)), short: record('{}'), ...recorder.offsets }),
);
