// Shell commands that the scripted agents give to the CLI's Bash tool. They run in bash on Debian, and touch
// nothing but the repository they are in.

/** Puts a word into single quotes, for the shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Commits these files and no others. */
export function commitCommand(paths: readonly string[], message: string): string {
  return `git add -- ${paths.map(quote).join(' ')} && git commit -m ${quote(message)}`;
}

/** Ticks the first open box whose text is `task`; by text, since lines move when a person edits the plan meanwhile. */
export function tickCommand(planFile: string, task: string): string {
  const pattern = task.replace(/[\\/[\].*^$]/g, '\\$&');
  return `sed -i ${quote(`0,/^\\([^[]*\\)\\[ \\] ${pattern}[[:space:]]*$/s//\\1[x] ${task.replace(/[\\/&]/g, '\\$&')}/`)} ${quote(planFile)}`;
}

/** Takes so many seconds, and says so every second. (Newer CLIs refuse a bare `sleep`.) */
export function slowCommand(seconds: number): string {
  return `for second in $(seq 1 ${Math.ceil(seconds)}); do echo "working, second $second"; sleep 1; done`;
}

/** Waits until the file exists: a test then says when the agent goes on. */
export function waitForFileCommand(path: string): string {
  return `echo "waiting for a file"; until test -e ${quote(path)}; do sleep 0.1; done; echo "it is there"`;
}

export interface MemoryHog {
  /**
   * Whom the kernel's memory killer is led to: the command itself (the agent carries on), or the agent (the attempt
   * ends with 137).
   */
  readonly victim: 'tool' | 'agent';
  /** How much is really allocated: more than the sandbox's limit. Also the bound where there is no limit at all. */
  readonly bytes: number;
}

/** Allocates memory until it is killed or has `bytes`. `tail` keeps all of a line, and zeros have no end of line. */
export function memoryHogCommand(hog: MemoryHog): string {
  const allocate = `head -c ${hog.bytes} /dev/zero | tail > /dev/null`;
  if (hog.victim === 'tool') return allocate;
  // Scores may be raised by anybody, and lowered again to where they began: proc(5), /proc/pid/oom_score_adj.
  return [
    'agent=$$',
    'until [ "$agent" -le 1 ] || grep -q "^claude" /proc/$agent/comm; do',
    '  agent=$(awk \'$1 == "PPid:" { print $2 }\' /proc/$agent/status)',
    'done',
    'echo 1000 > /proc/$agent/oom_score_adj',
    'echo 0 > /proc/$$/oom_score_adj',
    allocate,
  ].join('\n');
}
