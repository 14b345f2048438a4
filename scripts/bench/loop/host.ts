// The loop in the host sandbox beside a bash `while`: in a repository where everything is committed, and in one where
// a person has left work, which ours keeps before every attempt.
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { runBashLoop } from './bash-loop.ts';
import { makeInstantAgent } from './instant-agent.ts';
import { runOurLoop } from './our-loop.ts';
import { makeScratch } from './scratch.ts';

const ITERATIONS = 20;
const NEW_FILES = 20;
const NEW_FILE_BYTES = 8 * 1024;

export const hostLoop = hostBench({
  name: 'loop-host',
  about: "from one agent's end to the next one's start, host sandbox",
  prepareRepository: async () => undefined,
});

export const uncommittedLoop = hostBench({
  name: 'loop-host-uncommitted',
  about: `the same, with a changed file and ${NEW_FILES} new ones that nobody committed`,
  prepareRepository: async (repository) => {
    await appendFile(join(repository, 'PROMPT.md'), 'Changed.\n');
    await mkdir(join(repository, 'new'));
    for (let number = 0; number < NEW_FILES; number++) {
      await writeFile(join(repository, 'new', `${number}.txt`), `${number} `.repeat(NEW_FILE_BYTES / 3));
    }
  },
});

interface Case extends Pick<Bench, 'name' | 'about'> {
  prepareRepository(repository: string): Promise<void>;
}

function hostBench({ name, about, prepareRepository }: Case): Bench {
  return {
    name,
    about,
    unit: 'ms',
    lacks: () => (process.platform === 'linux' ? null : 'Linux'),
    async prepare(folder) {
      const scratch = await makeScratch(folder);
      await prepareRepository(scratch.repository);
      const agent = await makeInstantAgent(join(folder, 'agent'));
      const loop = { ...scratch, agent, iterations: ITERATIONS };
      return {
        ours: { name: 'ralph-tui', measure: () => runOurLoop({ ...loop, options: ['--sandbox', 'host'] }) },
        other: { name: 'bash while', measure: () => runBashLoop({ ...loop, runner: [] }) },
      };
    },
  };
}
