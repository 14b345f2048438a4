// Runs the two programs of a bench in turns, A B A B: what else the machine does then hits both.
import type { Contender, Match, Measurement } from './bench.ts';

/** All measurements of one program together. */
export interface Result {
  readonly name: string;
  readonly values: readonly number[];
  readonly steps: Readonly<Record<string, readonly number[]>>;
}

export async function runInTurns(
  { ours, other }: Pick<Match, 'ours' | 'other'>,
  rounds: number,
): Promise<{ readonly ours: Result; readonly other: Result }> {
  const ourMeasurements: Measurement[] = [];
  const otherMeasurements: Measurement[] = [];
  for (let round = 0; round < rounds; round++) {
    ourMeasurements.push(await ours.measure());
    otherMeasurements.push(await other.measure());
  }
  return { ours: together(ours, ourMeasurements), other: together(other, otherMeasurements) };
}

function together({ name }: Contender, measurements: readonly Measurement[]): Result {
  const steps: Record<string, number[]> = {};
  for (const [step, values] of measurements.flatMap((measurement) => Object.entries(measurement.steps ?? {}))) {
    steps[step] = [...(steps[step] ?? []), ...values];
  }
  return { name, values: measurements.flatMap(({ values }) => values), steps };
}
