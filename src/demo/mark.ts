// What the processes of a demo's run carry in their environment, and nothing that the person starts from it does.
import type { Environment } from '../config/person-file.ts';

const DEMO_VARIABLE = 'RALPH_DEMO';

/** @param folder the demo's own, which no other demo has */
export function demoMark(folder: string): Readonly<Record<typeof DEMO_VARIABLE, string>> {
  return { [DEMO_VARIABLE]: folder };
}

/** The same as it stands in /proc/PID/environ. */
export function demoMarkEntry(folder: string): string {
  return `${DEMO_VARIABLE}=${folder}`;
}

/** Whether what has this environment belongs to a demo, whose run ends with the viewer. */
export function isDemo(environment: Environment): boolean {
  return environment[DEMO_VARIABLE] !== undefined;
}
