// How large the terminal is.

/** In cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal of nobody's (`script` in a pipe, an emulator that is starting) says 0. */
export function sizeOf(stdout: NodeJS.WriteStream): Size {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}
