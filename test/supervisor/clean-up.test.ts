import { expect, test } from 'vitest';
import { CleanUp } from '../../src/supervisor/clean-up.ts';

test('closes the last first, each once, whatever fails on the way', async () => {
  const closed: string[] = [];
  const cleanUp = new CleanUp();
  cleanUp.add(() => closed.push('first'));
  cleanUp.add(() => Promise.reject(new Error('stuck')));
  cleanUp.add(async () => closed.push('last'));
  await cleanUp.run();
  await cleanUp.run();
  expect(closed).toEqual(['last', 'first']);
});
