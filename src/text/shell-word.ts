// Words for a POSIX shell: for scripts that the program runs, and for commands that a person copies.

/** In quotes always, whatever bytes it holds. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** In quotes where it needs them, as a person would type it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quoteForShell(word);
}
