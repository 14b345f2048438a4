// Names one attempt of a run.
export interface AttemptRef {
  readonly iteration: number;
  readonly attempt: number;
}
