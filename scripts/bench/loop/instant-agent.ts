// An agent that ends at once: it says what a session says at its beginning and its end, and notes when it ran.
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** When one agent began and ended, ms since 1970 with fractions. */
export interface Lifetime {
  readonly startMs: number;
  readonly endMs: number;
}

export interface InstantAgent {
  /** Path of the program; it takes Claude Code's command line. */
  readonly path: string;
  /** Lifetimes since the last call, in order. */
  takeLifetimes(): Promise<Lifetime[]>;
}

/**
 * Makes the program in `folder`, where it also notes its times: the path has to be the same inside the sandbox.
 * bash, because its clock (EPOCHREALTIME) costs no process.
 */
export async function makeInstantAgent(folder: string): Promise<InstantAgent> {
  const path = join(folder, 'agent');
  const times = join(folder, 'times');
  await mkdir(folder, { recursive: true });
  await writeFile(path, script(times));
  await chmod(path, 0o755);
  return {
    path,
    async takeLifetimes() {
      const lines = (await readFile(times, 'utf8')).trim().split('\n');
      await rm(times);
      return lines.map((line) => {
        const [startMs = Number.NaN, endMs = Number.NaN] = line.split(' ').map((seconds) => Number(seconds) * 1000);
        return { startMs, endMs };
      });
    },
  };
}

/** From each agent's end to the start of the next, ms. */
export function gapsOf(lifetimes: readonly Lifetime[]): number[] {
  return lifetimes.slice(1).map(({ startMs }, index) => startMs - (lifetimes[index]?.endMs ?? Number.NaN));
}

const SAYS = {
  init: { type: 'system', subtype: 'init', model: 'claude-opus-4-5', tools: [], mcp_servers: [] },
  result: { type: 'result', subtype: 'success', is_error: false, num_turns: 1, result: 'Nothing to do.', usage: {} },
};

function script(times: string): string {
  const say = (message: object) =>
    `printf '%s"session_id":"%s"}\\n' '${JSON.stringify(message).slice(0, -1)},' "$session"`;
  return `#!/bin/bash
start=$EPOCHREALTIME
while [ $# -gt 0 ]; do
  if [ "$1" = --session-id ]; then session=$2; fi
  shift
done
${say(SAYS.init)}
${say(SAYS.result)}
echo "$start $EPOCHREALTIME" >>'${times}'
`;
}
