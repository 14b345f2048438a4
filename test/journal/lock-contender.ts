// Started by lock.test.ts: takes the lock whenever it is told to, and tells whether it got it.
import { appendFileSync, readFileSync } from 'node:fs';
import { acquireLock } from '../../src/journal/lock.ts';

export type Order =
  | { readonly name: 'acquire' }
  | { readonly name: 'release' }
  | { readonly name: 'count'; readonly file: string; readonly times: number };

const [, , path = '', run = ''] = process.argv;
let release = async (): Promise<void> => {};

process.on('message', async (order: Order) => {
  if (order.name === 'release') {
    await release();
    process.send?.({ released: true });
    return;
  }
  if (order.name === 'acquire') {
    const result = await acquireLock(path, { run });
    if (result.ok) release = result.release;
    process.send?.({ ok: result.ok, heldBy: result.ok ? null : result.heldBy.run });
    return;
  }
  // Under the lock nobody else may come in between: "in" and "out" lines alternate.
  for (let done = 0; done < order.times; ) {
    const result = await acquireLock(path, { run });
    if (!result.ok) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      continue;
    }
    appendFileSync(order.file, `in ${run}\n`);
    readFileSync(order.file);
    appendFileSync(order.file, `out ${run}\n`);
    await result.release();
    done += 1;
  }
  process.send?.({ counted: true });
});
process.send?.({ ready: true });
