// What people run without us: a `while` in bash.
import { runProgram } from '../../../test/harness/process.ts';
import type { Measurement } from '../bench.ts';
import { gapsOf, type InstantAgent } from './instant-agent.ts';

export interface BashLoop {
  readonly repository: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly agent: InstantAgent;
  readonly iterations: number;
  /** Path of the prompt, and of the folder for the output of every iteration. */
  readonly prompt: string;
  readonly logs: string;
  /** What stands before the agent's command line: nothing, or `docker run …`. */
  readonly runner: readonly string[];
}

/** The same arguments as ours, the prompt on standard input, and the same two files an iteration. */
const SCRIPT = `
iterations=$1 prompt=$2 logs=$3
shift 3
iteration=0
while [ $iteration -lt $iterations ]; do
  iteration=$((iteration + 1))
  "$@" -p --output-format stream-json --verbose --dangerously-skip-permissions --model opus \\
    <"$prompt" >"$logs/iteration-$iteration.log.raw" 2>"$logs/iteration-$iteration.err" || exit 1
done
`;

export async function runBashLoop(loop: BashLoop): Promise<Measurement> {
  const arguments_ = [String(loop.iterations), loop.prompt, loop.logs, ...loop.runner, loop.agent.path];
  const { exitCode, stderr } = await runProgram(['bash', '-c', SCRIPT, 'loop', ...arguments_], {
    cwd: loop.repository,
    env: loop.environment,
    timeoutMs: 600_000,
  });
  if (exitCode !== 0) throw new Error(`the bash loop ended with ${exitCode}: ${stderr}`);
  return { values: gapsOf(await loop.agent.takeLifetimes()) };
}
