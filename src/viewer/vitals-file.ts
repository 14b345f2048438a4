// Reads the samples of an attempt: vitals, and how much output there was at that time.
import { z } from 'zod';
import type { Vitals } from '../core/sandbox.ts';
import { openRegular } from '../journal/regular-file.ts';

/** One line of vitals-N.ndjson. */
export interface VitalsSample extends Vitals {
  /** Size of iteration-N.log.raw when the sample was taken. */
  readonly outputBytes: number;
}

const sampleSchema = z.object({
  at: z.iso.datetime(),
  memoryBytes: z.number(),
  limitBytes: z.number().nullable(),
  cpuPercent: z.number(),
  processes: z.number(),
  outputBytes: z.number().default(0),
});

/** Null for a line that is none: the last one may be cut. */
export function parseVitalsLine(text: string): VitalsSample | null {
  try {
    return sampleSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** All samples, oldest first; none where there is no file yet. */
export async function readVitals(path: string): Promise<VitalsSample[]> {
  const file = await openRegular(path);
  if (file === null) return [];
  try {
    const lines = (await file.readFile('utf8')).split('\n');
    return lines.map(parseVitalsLine).filter((sample) => sample !== null);
  } finally {
    await file.close();
  }
}
