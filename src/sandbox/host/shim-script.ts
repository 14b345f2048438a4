// The shim: a small POSIX shell script that runs one attempt's agent and writes down how it ended.
// A shell and not Node: 1 MB and 4 ms for a whole life, and it needs nothing of this program while it runs.
import { quoteForShell } from '../../text/shell-word.ts';

/** What the shim leaves in its folder. */
export const SHIM_FILES = {
  script: 'shim',
  /** What the shim itself has to say, which is nothing when all is well. */
  log: 'shim.log',
  /** Lines of /proc/PID/stat: pid and start time of the shim and of the agent. */
  shimStat: 'shim.stat',
  agentStat: 'agent.stat',
  stdout: 'stdout',
  stderr: 'stderr',
  exit: 'exit.json',
} as const;

/** The file descriptor on which the shim says that the agent's process exists. */
export const READY_DESCRIPTOR = 3;

export interface ShimCommand {
  /** Absolute path of the sandbox's folder. */
  readonly folder: string;
  readonly argv: readonly string[];
  readonly stdinPath: string | null;
  /** `NAME=value` that marks the attempt's processes. */
  readonly mark: { readonly name: string; readonly value: string };
}

/**
 * The text of the script. The agent's command stands in here and nowhere on the shim's own command line, so that
 * `pgrep -f` for the agent finds the agent.
 *
 * The agent runs in the foreground: a shell that waits for a foreground command puts off its traps until the command
 * has ended, so no signal can make it miss the exit code, and the agent's own signals stay at their defaults (a
 * command behind `&` would ignore SIGINT). The subshell reads its own pid and start time from /proc/self and then
 * becomes the agent, which keeps both. The mark is exported there and not in the shim: killing what is marked leaves
 * the shim alive to write the exit code. The file is complete before it gets its name; its way to the disk (fsync)
 * need not hold up anybody who waits for it.
 */
export function shimScript(command: ShimCommand): string {
  const file = (name: string) => quoteForShell(`${command.folder}/${name}`);
  const exit = file(SHIM_FILES.exit);
  const unfinishedExit = file(`${SHIM_FILES.exit}.new`);
  return `# Runs one attempt's agent and writes down how it ended.
trap : HUP INT QUIT TERM PIPE USR1 USR2
read -r stat </proc/self/stat
printf '%s\\n' "$stat" >${file(SHIM_FILES.shimStat)}
(
  export ${command.mark.name}=${quoteForShell(command.mark.value)}
  read -r stat </proc/self/stat
  printf '%s\\n' "$stat" >${file(SHIM_FILES.agentStat)}
  printf ready >&${READY_DESCRIPTOR}
  exec ${READY_DESCRIPTOR}>&-
  exec ${command.argv.map(quoteForShell).join(' ')}
) <${quoteForShell(command.stdinPath ?? '/dev/null')} >>${file(SHIM_FILES.stdout)} 2>>${file(SHIM_FILES.stderr)}
code=$?
printf '{"code":%d}\\n' "$code" >${unfinishedExit}
command -p mv ${unfinishedExit} ${exit}
command -p sync ${exit}
`;
}
