// What an exit code says by itself: 128 and a signal's number (facts/sandbox.md 1.2).

const MEANINGS: Readonly<Record<number, string>> = {
  132: 'illegal instruction',
  134: 'aborted, SIGABRT',
  135: 'bus error',
  136: 'arithmetic error',
  139: 'segmentation fault',
  141: 'broken pipe',
};

/** Null where the code is the program's own. */
export function explainExitCode(code: number | null): string | null {
  return code === null ? null : (MEANINGS[code] ?? null);
}
