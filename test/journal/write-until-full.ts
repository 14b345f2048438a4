// Started by journal.test.ts with a limit on file sizes: appends until it is reached, then a longer and a shorter event.
import { openJournal } from '../../src/journal/append.ts';

const [, , path = ''] = process.argv;
const journal = openJournal<{ type: 'noted'; at: string; text: string }>(path);
const append = (text: string): string | null => {
  try {
    journal.append({ type: 'noted', at: new Date().toISOString(), text });
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};

let code: string | null = null;
while (code === null) code = append('x'.repeat(700));
process.stdout.write(JSON.stringify({ code, again: append('y'.repeat(9_000)), short: append('short') === null }));
