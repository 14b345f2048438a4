// Tells whether a shell command commits past the repository's hooks.

const COMMAND_LIMIT = 8_000;

/**
 * True for `git … --no-verify` and `git commit -n`. Looks at words outside quotes, so that a commit
 * message that mentions the option is none; good enough for a warning, no proof.
 */
export function skipsHooks(command: string): boolean {
  const unquoted = command.slice(0, COMMAND_LIMIT).replace(/"(?:[^"\\]|\\[\s\S])*"|'[^']*'/g, '""');
  return unquoted.split(/[;&|\n()]/).some((part) => {
    const words = part.split(/\s+/);
    const git = words.findIndex((word) => word === 'git' || word.endsWith('/git'));
    if (git === -1) return false;
    const rest = words.slice(git + 1);
    const commit = rest.indexOf('commit');
    if (rest.includes('--no-verify')) return true;
    return commit !== -1 && rest.slice(commit).some((word) => /^-[aqsv]*n[aqsv]*m?$/.test(word));
  });
}
