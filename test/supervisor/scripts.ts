// What agents do in these tests: real commits in a real repository, and output in the agent's own form.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../harness/repository.ts';
import { transcript } from '../viewer/run-folder.ts';
import type { FakeSandbox, Script } from './fake-provider.ts';

/** The session that the recorded output was made in. */
const RECORDED_SESSION = /"session_id":"[^"]+"/g;

/** Says what was recorded of the real agent, as this sandbox's session. */
export async function sayRecorded(sandbox: FakeSandbox, name = 'text'): Promise<void> {
  const recorded = (await transcript(name)).toString('utf8');
  sandbox.says(Buffer.from(recorded.replace(RECORDED_SESSION, `"session_id":"${sandbox.sessionId}"`)));
}

/** Ticks the first open task, commits, and ends as the real agent does. */
export function planWorker(repository: Repository): Script {
  return async (sandbox) => {
    await tickNext(repository);
    await sayRecorded(sandbox);
    return undefined;
  };
}

/** Ticks the first open task and commits that. */
export async function tickNext(repository: Repository): Promise<void> {
  const path = join(repository.path, 'IMPLEMENTATION_PLAN.md');
  const plan = await readFile(path, 'utf8');
  const task = /- \[ \] (.*)/.exec(plan)?.[1];
  if (task === undefined) return;
  await writeFile(path, plan.replace('- [ ]', '- [x]'));
  await repository.git('commit', '--quiet', '--all', '--message', `Do ${task}`);
}
