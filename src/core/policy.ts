// Every duration and count that the loop's decisions use, in one place. Tests override them.

export interface Policy {
  /** Between SIGTERM and SIGKILL of an attempt. */
  readonly stopGraceMs: number;
  /** After a memory kill, before the next iteration. */
  readonly afterOomMs: number;
  /** Added to a usage limit's reset time, which the agent cuts to the minute. */
  readonly afterResetMs: number;
  /** A usage limit without any reset time: the first wait, doubling up to the last. */
  readonly unknownResetMs: readonly number[];
  /** Waits after transient errors; the last one repeats. */
  readonly transientBackoffMs: readonly number[];
  /** So many transient ends in a row: gave up. */
  readonly transientLimit: number;
  /** Between two looks whether the engine is back. */
  readonly engineRetryMs: number;
  /** The engine is away so long: needs a person. */
  readonly engineAwayMs: number;
  /** Between two tries to write on a disk that is full. */
  readonly spaceRetryMs: number;
  /** A sandbox that has ended, whose output neither ends nor goes on: what is there is taken. */
  readonly lastOutputMs: number;
  /** A usage limit that lasts longer than this needs a person, unless the options say otherwise. */
  readonly maxWaitMs: number;
  /** Runs of one account that wake up from a limit do so one after the other. */
  readonly staggerMs: number;
  /** So long without output, and no tool running: hung. The agent itself may be silent for six minutes. */
  readonly idleLimitMs: number;
  /** After its last result, background tasks may hold the agent's process so long. */
  readonly backgroundGraceMs: number;
  /** Output of one attempt, and of one second for `floodSeconds` on end, that is no work any more. */
  readonly floodBytes: number;
  readonly floodBytesPerSecond: number;
  readonly floodSeconds: number;
  /** So many counted iterations without commit, plan or file changed: needs a person. */
  readonly noProgressLimit: number;
  /** Longest time of the command of --until. */
  readonly checkTimeoutMs: number;
  /** A person who is needed is told again. */
  readonly remindEveryMs: number;
  /** Three of one bad kind in a row: gave up. */
  readonly badStreakLimit: number;
  /** Attempts of one iteration at most. */
  readonly attemptLimit: number;
  /** Restarts of a supervisor that died, in `restartWindowMs`. */
  readonly restartLimit: number;
  readonly restartWindowMs: number;
  /** Between two reports of memory, CPU and tasks in loop-main.log. */
  readonly reportEveryMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export const DEFAULT_POLICY: Policy = {
  stopGraceMs: 10 * SECOND,
  afterOomMs: 5 * SECOND,
  afterResetMs: 60 * SECOND,
  unknownResetMs: [15 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  transientBackoffMs: [1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
  transientLimit: 6,
  engineRetryMs: 5 * SECOND,
  engineAwayMs: 30 * MINUTE,
  spaceRetryMs: 2 * SECOND,
  lastOutputMs: 60 * SECOND,
  maxWaitMs: 6 * 60 * MINUTE,
  staggerMs: 15 * SECOND,
  idleLimitMs: 10 * MINUTE,
  backgroundGraceMs: 30 * SECOND,
  floodBytes: 1024 ** 3,
  floodBytesPerSecond: 20 * 1024 ** 2,
  floodSeconds: 10,
  noProgressLimit: 3,
  checkTimeoutMs: 30 * MINUTE,
  remindEveryMs: 30 * MINUTE,
  badStreakLimit: 3,
  attemptLimit: 10,
  restartLimit: 5,
  restartWindowMs: 10 * MINUTE,
  reportEveryMs: 5 * MINUTE,
};
