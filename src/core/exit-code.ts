// Why a run ended, and the exit code that says so to a script (design, section 4).

export type FinishReason =
  | 'done'
  | 'max_reached'
  | 'stopped'
  | 'gave_up'
  | 'budget'
  | 'needs_person'
  | 'environment'
  | 'internal_error';

export const EXIT_CODES = {
  finished: 0,
  internalError: 1,
  usage: 2,
  stopped: 3,
  budget: 4,
  needsPerson: 5,
  gaveUp: 6,
  environment: 7,
} as const;

/** The process exit code of a finished run. */
export function exitCodeOf(reason: FinishReason): number {
  switch (reason) {
    case 'done':
    case 'max_reached':
      return EXIT_CODES.finished;
    case 'stopped':
      return EXIT_CODES.stopped;
    case 'gave_up':
      return EXIT_CODES.gaveUp;
    case 'budget':
      return EXIT_CODES.budget;
    case 'needs_person':
      return EXIT_CODES.needsPerson;
    case 'environment':
      return EXIT_CODES.environment;
    case 'internal_error':
      return EXIT_CODES.internalError;
  }
}
