// First argument of a process that is a demo's sweeper; the demo gives it, main.ts looks for it.
export const SWEEP_ARGUMENT = '__sweep';
