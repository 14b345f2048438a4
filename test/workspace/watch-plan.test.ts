import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type PlanWatch, watchPlan } from '../../src/workspace/watch-plan.ts';
import { Scratch } from './scratch.ts';

let scratch: Scratch;
let watch: PlanWatch | undefined;
let calls = 0;
beforeEach(() => {
  scratch = new Scratch();
  calls = 0;
});
afterEach(async () => {
  await watch?.close();
  scratch[Symbol.dispose]();
});

/** Watches, and waits until changes are really seen: a watch has no sign of its own that it stands. */
async function start(planFile: string): Promise<void> {
  watch = watchPlan(
    scratch.path,
    planFile,
    () => {
      calls += 1;
    },
    20,
  );
  let marker = 0;
  await vi.waitUntil(
    () => {
      marker += 1;
      scratch.write('prd.json', String(marker));
      return calls > 0;
    },
    { timeout: 10_000, interval: 50 },
  );
  await quiet();
}

/** Until the calls have stopped. */
async function quiet(): Promise<void> {
  let before = -1;
  await vi.waitUntil(
    () => {
      const still = before === calls;
      before = calls;
      return still;
    },
    { timeout: 10_000, interval: 150 },
  );
  calls = 0;
}

async function expectCall(): Promise<void> {
  await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { timeout: 10_000 });
  await quiet();
}

test('a plan that is written, replaced, removed and made again is seen each time', async () => {
  scratch.write('PLAN.md', 'a');
  await start('PLAN.md');
  writeFileSync(scratch.at('PLAN.md'), 'b');
  await expectCall();
  scratch.write('PLAN.md.tmp', 'c');
  renameSync(scratch.at('PLAN.md.tmp'), scratch.at('PLAN.md'));
  await expectCall();
  rmSync(scratch.at('PLAN.md'));
  await expectCall();
  scratch.write('PLAN.md', 'd');
  await expectCall();
  scratch.write('prd.json', '{}');
  await expectCall();
});

test('a plan in a folder that goes and comes back', async () => {
  scratch.write('docs/PLAN.md', 'a');
  await start('docs/PLAN.md');
  rmSync(scratch.at('docs'), { recursive: true });
  await expectCall();
  scratch.write('docs/PLAN.md', 'b');
  await expectCall();
  writeFileSync(scratch.at('docs/PLAN.md'), 'c');
  await expectCall();
});

test('other files, and what lies below, are no news', async () => {
  scratch.write('PLAN.md', 'a');
  scratch.write('sub/PLAN.md', 'a');
  await start('PLAN.md');
  scratch.write('other.md', 'x');
  scratch.write('sub/PLAN.md', 'b');
  scratch.write('sub/deep/prd.json', 'b');
  // What came before is reported before this is: then only this one was.
  await quiet();
  expect(calls).toBe(0);
  scratch.write('PLAN.md', 'b');
  await expectCall();
});

/** Files and folders that this process watches. */
function watchCount(): number {
  const files = readdirSync('/proc/self/fdinfo').map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
    } catch {
      return '';
    }
  });
  return files.join('').match(/^inotify /gm)?.length ?? 0;
}

test.runIf(process.platform === 'linux')('a huge folder is not walked', async () => {
  for (let at = 0; at < 200; at++) scratch.write(`folder-${at}/file`);
  for (let at = 0; at < 200; at++) scratch.write(`file-${at}`);
  const before = watchCount();
  await start('PLAN.md');
  expect(watchCount() - before).toBeGreaterThan(0);
  expect(watchCount() - before).toBeLessThan(10);
});

test('after close nothing is called any more', async () => {
  scratch.write('PLAN.md', 'a');
  await start('PLAN.md');
  scratch.write('PLAN.md', 'b');
  await watch?.close();
  await quiet();
  scratch.write('PLAN.md', 'c');
  await quiet();
  expect(calls).toBe(0);
});
