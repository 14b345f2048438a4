// What a bench is: two programs that do the same, measured in turns in the same run of this machine.

/** One measurement of one program. */
export interface Measurement {
  /** In the bench's unit. */
  readonly values: readonly number[];
  /** Where the values come from, step by step: by name, in the order in which they happen. Same unit. */
  readonly steps?: Readonly<Record<string, readonly number[]>>;
}

export interface Contender {
  readonly name: string;
  /** Runs the program once and says what it took. Rejects when it did not do its work. */
  measure(): Promise<Measurement>;
}

export interface Bench {
  /** Names it on the command line. */
  readonly name: string;
  /** One line: what is measured. */
  readonly about: string;
  readonly unit: string;
  /** What this machine lacks for it, in words; null when it can run. May bring what can be brought. */
  lacks(): string | null | Promise<string | null>;
  /** @param folder a temporary folder, which is gone afterwards, with the processes that work in it */
  prepare(folder: string): Promise<Match>;
}

export interface Match {
  readonly ours: Contender;
  readonly other: Contender;
  /** Takes away what is left outside of the folder. */
  cleanUp?(): Promise<void>;
}
