// Names one attempt of a run.

export interface AttemptRef {
  readonly iteration: number;
  readonly attempt: number;
}

/** `7`, or `7.2` for its second attempt: on the screen, and in the names of files. */
export function attemptName({ iteration, attempt }: AttemptRef): string {
  return attempt === 1 ? `${iteration}` : `${iteration}.${attempt}`;
}

/** Both null is the same, too. */
export function sameAttempt(a: AttemptRef | null, b: AttemptRef | null): boolean {
  return a === b || (a !== null && b !== null && a.iteration === b.iteration && a.attempt === b.attempt);
}

/** Whether the one attempt comes before the other in its run. */
export function isEarlier(one: AttemptRef, other: AttemptRef): boolean {
  return one.iteration < other.iteration || (one.iteration === other.iteration && one.attempt < other.attempt);
}
