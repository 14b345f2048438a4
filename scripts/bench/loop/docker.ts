// The loop in Docker beside `docker run --rm` in a bash loop: same image, user, mounts and limits.
import { appendFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { repositoryKey } from '../../../src/journal/folders.ts';
import { removeContainersOf } from '../../../test/harness/leftovers.ts';
import { isThere, TEST_IMAGE } from '../../../test/harness/requires.ts';
import type { Bench } from '../bench.ts';
import { runBashLoop } from './bash-loop.ts';
import { makeInstantAgent } from './instant-agent.ts';
import { runOurLoop } from './our-loop.ts';
import { makeScratch } from './scratch.ts';

const ITERATIONS = 8;
const LIMITS = { memory: '1g', cpus: '2', pids: '512' } as const;
/** What our containers' two tmpfs get of the memory. */
const TMPFS_SIZE = '256m';
/** The agent has to be where the container sees it: in the repository, in a folder that git ignores. */
const AGENT_FOLDER = '.bench';

export const dockerLoop: Bench = {
  name: 'loop-docker',
  about: "from one agent's end to the next one's start, in Docker",
  unit: 'ms',
  lacks: () => (isThere('docker') && isThere('image') ? null : `Docker, or the image ${TEST_IMAGE}`),
  async prepare(folder) {
    const scratch = await makeScratch(folder);
    await appendFile(join(scratch.repository, '.git/info/exclude'), `/${AGENT_FOLDER}/\n`);
    const agent = await makeInstantAgent(join(scratch.repository, AGENT_FOLDER));
    const loop = { ...scratch, agent, iterations: ITERATIONS };
    const { memory, cpus, pids } = LIMITS;
    const options = ['--sandbox', 'docker', '--image', TEST_IMAGE, '--memory', memory, '--cpus', cpus, '--pids', pids];
    const key = repositoryKey(scratch.repository);
    const volume = `${key}-bash`;
    const runner = ['docker', 'run', ...(await containerOptions(folder, scratch.repository, volume)), TEST_IMAGE];
    return {
      ours: { name: 'ralph-tui', measure: () => runOurLoop({ ...loop, options }) },
      other: { name: 'bash while, docker run --rm', measure: () => runBashLoop({ ...loop, runner }) },
      cleanUp: async () => {
        await removeContainersOf(folder);
        const { stdout } = await execa('docker', [
          'volume',
          'ls',
          '--quiet',
          '--filter',
          `label=ralph-tui.cache=${key}`,
        ]);
        await execa('docker', ['volume', 'rm', '--force', volume, ...stdout.split('\n').filter(Boolean)]);
      },
    };
  },
};

/** A sandbox as ours, in the words of `docker run`. */
async function containerOptions(folder: string, repository: string, volume: string): Promise<string[]> {
  const { uid, gid } = await stat(repository);
  const exchange = join(folder, 'exchange');
  for (const name of ['agent', 'inbox']) await mkdir(join(exchange, name), { recursive: true });
  const { memory, cpus, pids } = LIMITS;
  const tmpfs = `rw,exec,nosuid,nodev,size=${TMPFS_SIZE}`;
  return [
    ...['--rm', '--interactive', '--init', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--memory', memory, '--memory-swap', memory, '--cpus', cpus, '--pids-limit', pids, '--ulimit', 'core=0'],
    ...['--user', `${uid}:${gid}`, '--workdir', repository, '--network', 'bridge', '--ipc', 'private'],
    ...['--tmpfs', `/tmp:${tmpfs},mode=1777`, '--tmpfs', `/home/agent:${tmpfs},mode=0700,uid=${uid},gid=${gid}`],
    ...['--mount', `type=bind,source=${repository},target=${repository}`],
    ...['--mount', `type=bind,source=${exchange}/agent,target=/ralph/agent`],
    ...['--mount', `type=bind,source=${exchange}/inbox,target=/ralph/inbox,readonly`],
    ...['--mount', `type=volume,source=${volume},target=/ralph/cache`],
  ];
}
