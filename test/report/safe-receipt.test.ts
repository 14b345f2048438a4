import { expect, test } from 'vitest';
import { safeReceipt } from '../../src/report/safe-receipt.ts';
import { Story } from '../core/story.ts';

const HOSTILE = 'a\x1b[2Jb\u202ec';

function receipt() {
  const [made] = new Story().attempt('completed').state.receipts;
  if (made === undefined) throw new Error('no receipt');
  return made;
}

test('what is safe stays as it is', () => {
  expect(safeReceipt(receipt())).toEqual(receipt());
});

test('every text is made safe, in whichever field', () => {
  const hostile = { ...receipt(), warnings: [HOSTILE], sessionId: HOSTILE, agentVersion: HOSTILE };
  hostile.traits = { error: HOSTILE, lastTool: HOSTILE, filesRead: [HOSTILE], filesChanged: [HOSTILE] };
  const shown = safeReceipt(hostile);
  expect(JSON.stringify(shown)).not.toMatch(/\\u001b|\u202e/);
  expect(shown.warnings).toEqual(['ab\ufffdc']);
});
