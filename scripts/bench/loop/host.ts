// The loop in the host sandbox beside a bash `while`.
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { runBashLoop } from './bash-loop.ts';
import { makeInstantAgent } from './instant-agent.ts';
import { runOurLoop } from './our-loop.ts';
import { makeScratch } from './scratch.ts';

const ITERATIONS = 20;

export const hostLoop: Bench = {
  name: 'loop-host',
  about: "from one agent's end to the next one's start, host sandbox",
  unit: 'ms',
  lacks: () => (process.platform === 'linux' ? null : 'Linux'),
  async prepare(folder) {
    const scratch = await makeScratch(folder);
    const agent = await makeInstantAgent(join(folder, 'agent'));
    const loop = { ...scratch, agent, iterations: ITERATIONS };
    return {
      ours: { name: 'ralph-tui', measure: () => runOurLoop({ ...loop, options: ['--sandbox', 'host'] }) },
      other: { name: 'bash while', measure: () => runBashLoop({ ...loop, runner: [] }) },
    };
  },
};
