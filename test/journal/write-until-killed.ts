// Started by journal.test.ts: appends so many events and then ends in the middle of a line, as SIGKILL may end it.
import { appendFileSync } from 'node:fs';
import { openJournal } from '../../src/journal/append.ts';

const [, , path = '', count = '0'] = process.argv;
const journal = openJournal<{ type: 'noted'; at: string; text: string }>(path);
for (let index = 0; index < Number(count); index += 1) {
  journal.append({ type: 'noted', at: new Date().toISOString(), text: 'x'.repeat(index) });
}
appendFileSync(path, `{"v":1,"seq":${Number(count) + 1},"at":"20`);
process.kill(process.pid, 'SIGKILL');
