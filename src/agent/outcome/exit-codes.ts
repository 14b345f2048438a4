// What an exit code says by itself: 128 and a signal's number (facts/sandbox.md 1.2).

const MEANINGS: Readonly<Record<number, string>> = {
  124: 'out of time, says timeout(1)',
  131: 'quit, SIGQUIT',
  132: 'illegal instruction',
  134: 'aborted, SIGABRT',
  135: 'bus error',
  136: 'arithmetic error',
  139: 'segmentation fault',
  141: 'broken pipe',
  152: 'over its CPU time, SIGXCPU',
  153: 'over its file size, SIGXFSZ',
};

/** Null where the code is the program's own. */
export function explainExitCode(code: number | null): string | null {
  return code === null ? null : (MEANINGS[code] ?? null);
}
