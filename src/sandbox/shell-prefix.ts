// The wrapper around every shell command of the agent (CLAUDE_CODE_SHELL_PREFIX): it offers the command to the kernel's
// memory killer first, and copies its output to where a viewer can follow it. Also names the files that it leaves.
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the wrapper in the agent's exchange folder; executable, the same file inside and outside. */
export const SHELL_PREFIX_FILE = 'shell-prefix';
/** Folder beside the wrapper with `<start, epoch ms>-<pid>.out` per command and, once it has ended, an empty `….exit-<code>`. */
export const LIVE_FOLDER = 'live';
/** Copying stops here; the command does not notice. */
export const LIVE_OUTPUT_LIMIT_BYTES = 1024 * 1024;
/** So many commands' files are kept. */
export const LIVE_FILES_KEPT = 20;

/**
 * The wrapper. Called as `shell-prefix '<the whole command line>'` (facts/claude-code.md 9).
 *
 * The Bash tool gives a command a regular file as stdout and stderr (seen with 2.1.197 and 2.1.329). So nothing is put
 * between the command and its output: a GNU tail follows that same file, and the wrapper becomes the command's shell
 * by exec. Output, exit code, signals and pid are the command's own, and a process that it leaves in the background
 * holds nothing up. Hooks get pipes; their commands run without a copy. The follower is in a process group of its own
 * and nobody's child, so that the end of the command, however violent, leaves it alive to write that down; it
 * follows until the command's shell ends. A command that sets its own EXIT trap, or is killed, ends as `exit-unknown`.
 */
export const SHELL_PREFIX_SCRIPT = `#!/bin/bash
# Runs one shell command of the agent: first in line for the memory killer, its output copied for the live view.
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null

case $SHELL in
  */bash | */zsh) shell=$SHELL ;;
  *) shell=/bin/bash ;;
esac

live=\${BASH_SOURCE[0]%/*}/${LIVE_FOLDER}
# Only regular files can be followed without standing in the command's way.
[ -f /proc/self/fd/1 ] && [ -w "$live" ] || exec "$shell" -c "$*"

microseconds=\${EPOCHREALTIME//[!0-9]/}
name=$live/\${microseconds%???}-$$

# follow FD SIZE: what file FD gets from now on, when it has SIZE bytes, until process $$ ends
follow() {
  (
    trap '' XFSZ
    ulimit -S -f $((${LIVE_OUTPUT_LIMIT_BYTES} / 1024))
    exec tail -c +$(($2 + 1)) -f --pid=$$ -s 0.1 <"/proc/self/fd/$1" >>"$name.out"
  ) &
}

# A command's file is empty, but nobody promised that.
out_size=0 err_size=0
[ ! -s /proc/$$/fd/1 ] || out_size=$(stat -L -c %s /proc/$$/fd/1)
[ ! -s /proc/$$/fd/2 ] || err_size=$(stat -L -c %s /proc/$$/fd/2)

(
  set -m
  (
    set +m
    exec </dev/null 3>&1 4>&2 >/dev/null 2>&1
    follow 3 "$out_size"
    [ /proc/self/fd/3 -ef /proc/self/fd/4 ] || [ ! -f /proc/self/fd/4 ] || follow 4 "$err_size"
    exec 3>&- 4>&-
    old=("$live"/*.out)
    for ((i = 0; i < \${#old[@]} - ${LIVE_FILES_KEPT}; i++)); do rm -f "\${old[i]}" "\${old[i]%.out}".exit-*; done
    wait
    ended=("$name".exit-*)
    [ -e "\${ended[0]}" ] || : >"$name.exit-unknown"
  ) &
) 2>/dev/null

# When the command's text is through, its code is known. When it calls exit, the EXIT trap sees the code; but a shell
# that a signal ends runs this trap as well, with the code of some earlier command: there a 0 counts only when the
# shell was not in the middle of a command.
printf -v file %q "$name.exit-"
record='{ : >|'$file'$ralph_code; } 2>/dev/null'
on_exit='ralph_code=$?; case $ralph_code\${BASH_COMMAND-exit} in 0exit* | 0eval* | [!0]*)'" $record ;; esac || :"
printf -v trap 'trap %q EXIT' "$on_exit"
exec "$shell" -c "$trap; eval \\"set --; \\$1\\"; ralph_code=\\$?; $record; exit \\$ralph_code" "$shell" "$*"
`;

/**
 * Writes the wrapper and makes the live folder, in an exchange folder that no sandbox has seen yet.
 * @param owner who runs the agent; needed when that is not this process's user
 * @returns the wrapper's path
 */
export async function writeShellPrefix(
  agentFolder: string,
  owner: { readonly uid: number; readonly gid: number } | null,
): Promise<string> {
  const path = join(agentFolder, SHELL_PREFIX_FILE);
  const live = join(agentFolder, LIVE_FOLDER);
  await mkdir(live, { mode: 0o700 });
  await writeFile(path, SHELL_PREFIX_SCRIPT, { mode: 0o755, flag: 'wx' });
  if (owner !== null) {
    await chown(live, owner.uid, owner.gid);
    await chown(path, owner.uid, owner.gid);
  }
  return path;
}

/** One command's live file. */
export interface LiveFile {
  /** File name in the live folder. */
  readonly name: string;
  readonly startedAtMs: number;
  readonly state: 'running' | 'ended';
  /** Null while it runs, and where nobody saw how it ended. */
  readonly exitCode: number | null;
}

/**
 * The file of the command that started last, from the names in the live folder; null without any. The names come
 * from the sandbox, so they prove nothing; the content is to be read as any other of the agent's files: not through
 * links, and no more than `LIVE_OUTPUT_LIMIT_BYTES`. The last bytes may follow 200 ms after the end.
 */
export function newestLiveFile(names: readonly string[]): LiveFile | null {
  let newest: { stem: string; startedAtMs: number } | null = null;
  for (const name of names) {
    const match = /^((\d{13})-\d{1,10})\.out$/.exec(name);
    if (match === null) continue;
    const [, stem = '', started] = match;
    const startedAtMs = Number(started);
    if (newest === null || startedAtMs >= newest.startedAtMs) newest = { stem, startedAtMs };
  }
  if (newest === null) return null;
  const prefix = `${newest.stem}.exit-`;
  const ends = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const code = ends.find((end) => /^\d{1,3}$/.test(end));
  return {
    name: `${newest.stem}.out`,
    startedAtMs: newest.startedAtMs,
    state: ends.length > 0 ? 'ended' : 'running',
    exitCode: code === undefined ? null : Number(code),
  };
}
