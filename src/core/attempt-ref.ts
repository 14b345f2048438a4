// Names one attempt of a run.
export interface AttemptRef {
  readonly iteration: number;
  readonly attempt: number;
}

/** Whether the one attempt comes before the other in its run. */
export function isEarlier(one: AttemptRef, other: AttemptRef): boolean {
  return one.iteration < other.iteration || (one.iteration === other.iteration && one.attempt < other.attempt);
}
