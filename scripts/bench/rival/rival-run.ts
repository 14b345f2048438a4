// A run of the rival to look at: the plan of our shown run, and an agent that writes what ours writes.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { isolatedEnvironment } from '../../../test/harness/environment.ts';
import { endProcessesIn } from '../../../test/harness/leftovers.ts';
import { makeRepository } from '../../../test/harness/repository.ts';
import { TASKS } from '../../../test/tui/working-day.ts';

export interface RivalRun {
  readonly environment: Readonly<Record<string, string>>;
  /** A repository where it has never been, or else it asks what to do with its last session. */
  newRepository(): Promise<string>;
  /** Ends all that it has left running: it outlives its terminal. */
  end(): Promise<void>;
}

/** Tasks that are done when our shown run is looked at. */
const DONE = 6;

/** @param log what its agent says, while it is appended to */
export async function makeRivalRun(folder: string, log: string): Promise<RivalRun> {
  const programs = join(folder, 'bin');
  const temporary = join(folder, 'tmp');
  for (const path of [programs, temporary]) await mkdir(path, { recursive: true });
  await writeFile(join(programs, 'claude'), agent(log), { mode: 0o755 });
  const isolated = await isolatedEnvironment(folder, { TMPDIR: temporary });
  // With a key in its environment it waits for Enter before it shows anything.
  const { ANTHROPIC_API_KEY: _key, ...keyless } = isolated;
  let repositories = 0;
  return {
    environment: { ...keyless, PATH: [programs, isolated.PATH].join(delimiter) },
    async newRepository() {
      repositories += 1;
      const options = { name: `repository-${repositories}`, files: { 'prd.json': stories() } };
      return (await makeRepository(folder, options)).path;
    },
    end: () => endProcessesIn(folder),
  };
}

/** It follows the log, at no cost that would be seen: our viewer and the rival show the same lines. */
function agent(log: string): string {
  return `#!/bin/sh
if [ "$1" = --version ]; then
  echo '2.1.329 (Claude Code)'
else
  exec tail -n 0 -f '${log}'
fi
`;
}

/** The plan in the rival's words. */
function stories(): string {
  const userStories = TASKS.map((title, index) => ({
    id: `US-${index + 1}`,
    title,
    description: title,
    acceptanceCriteria: [],
    priority: 1,
    passes: index < DONE,
    dependsOn: [],
  }));
  return JSON.stringify({ name: 'Bench', userStories });
}
