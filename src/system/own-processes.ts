// First arguments of processes that the program starts of itself: whoever starts one gives it, main.ts looks for it.
export const SUPERVISE_ARGUMENT = '__supervise';
export const SWEEP_ARGUMENT = '__sweep';
