import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { modesOnly } from '../../../src/tui/terminal/modes-only.ts';

test.each([
  ['\x1b[?1049h', '\x1b[?1049h'],
  ['\x1b[?25l\x1b[?2004h', '\x1b[?25l\x1b[?2004h'],
  ['\x1b[?2026h', ''],
  ['\n', ''],
  ['\x1b[2K\x1b[1A\x1b[2K\x1b[G', ''],
  ['\x1b[?25htext', ''],
])('of %j %j passes', async (written, passed) => {
  const stream = new PassThrough();
  await new Promise<void>((resolve) =>
    modesOnly(stream as unknown as NodeJS.WriteStream).write(written, () => resolve()),
  );
  expect(stream.read()?.toString() ?? '').toBe(passed);
});
