// Reads raw logs of attempts with rules of its own: the program's reader is what is tested.

export interface StreamLine {
  readonly type: string;
  readonly uuid?: string;
}

export interface ResultLine extends StreamLine {
  readonly total_cost_usd: number;
  readonly is_error: boolean;
}

/** Every line; throws where one is no JSON, so where the log has a gap. */
export function streamLines(raw: string): StreamLine[] {
  return raw
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StreamLine);
}

export function resultLines(raw: string): ResultLine[] {
  return streamLines(raw).filter((line): line is ResultLine => line.type === 'result');
}
