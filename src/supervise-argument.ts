// First argument of a process that is a supervisor; the launcher gives it, main.ts looks for it.
export const SUPERVISE_ARGUMENT = '__supervise';
