// Names of runs: `20261121-094512-k3f`, sortable by time and short enough to type.

const RUN_ID = /^\d{8}-\d{6}-[a-z0-9]{3}$/;
const SUFFIXES = 36 ** 3;

/**
 * A new run's id in UTC.
 * @param random from 0 to below 1; tells apart runs that start in the same second.
 */
export function newRunId(now: Date, random: number): string {
  const digits = now.toISOString().replace(/\D/g, '');
  const suffix = Math.floor(random * SUFFIXES)
    .toString(36)
    .padStart(3, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${suffix}`;
}

/** Whether the text is a run's id; what is none must not become part of a path. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}
