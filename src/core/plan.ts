// What the loop knows of the plan, and how that knowledge moves on when the file changes.

/** One checkbox, or one top-level bullet of a plan without boxes. */
export interface PlanTask {
  /** The text behind the box, untouched Markdown, one line. */
  readonly text: string;
  readonly done: boolean;
  /** 0 for a top-level item. */
  readonly depth: number;
  /** 1-based line in the file. */
  readonly line: number;
}

export interface PlanSnapshot {
  readonly source: 'plan' | 'prd';
  readonly tasks: readonly PlanTask[];
}

/** Where the plan stands in a run. `done` never falls; a removed item counts as done. */
export interface PlanProgress {
  readonly done: number;
  readonly open: number;
  /** Of `done`: taken out of the file instead of ticked. */
  readonly removed: number;
  /** The first open task without an open one beneath it, null when none is open. */
  readonly current: string | null;
}

/** How a plan moved between two looks. */
export interface PlanChange {
  readonly progress: PlanProgress;
  /** Texts of the tasks that were ticked or removed, or appeared ticked: `done` grew by so many. */
  readonly finished: readonly string[];
  /** Texts of the tasks that are new and open. */
  readonly added: readonly string[];
}

export const NO_PLAN: PlanProgress = { done: 0, open: 0, removed: 0, current: null };

/** The progress that a run starts from. */
export function firstProgress(snapshot: PlanSnapshot): PlanProgress {
  const open = snapshot.tasks.filter((task) => !task.done).length;
  return { done: snapshot.tasks.length - open, open, removed: 0, current: currentTask(snapshot.tasks) };
}

/**
 * The progress after a look at the file that nobody watched in between, as after a supervisor's death:
 * never less done than was known before.
 */
export function resumedProgress(known: PlanProgress, snapshot: PlanSnapshot): PlanProgress {
  const seen = firstProgress(snapshot);
  return { ...seen, done: Math.max(known.done, seen.done + known.removed), removed: known.removed };
}

/** What is worked on: "Phase 1" with open tasks beneath it is no answer, the first of those is. */
export function currentTask(tasks: readonly PlanTask[]): string | null {
  let open: PlanTask | null = null;
  for (const task of tasks) {
    if (open !== null && task.depth <= open.depth) break;
    if (!task.done) open = task;
  }
  return open?.text ?? null;
}

/**
 * Moves progress on from one look at the file to the next. An open task that is gone counts as
 * removed, unless a new one reads much like it: then it was reworded. A task that is unticked is open
 * again, and counts once more when it is ticked: `done` counts what got finished.
 */
export function advanceProgress(progress: PlanProgress, before: PlanSnapshot, after: PlanSnapshot): PlanChange {
  // A prd.json that takes the place of a plan is a different list, not a plan with all tasks removed.
  if (before.source !== after.source) return { progress: resumedProgress(progress, after), finished: [], added: [] };
  const { ticked, gone, bornDone, added } = compare(before.tasks, after.tasks);
  // Reworded and ticked in one go: a done task appears that nobody had seen open.
  const rewordedDone = pairReworded(gone, bornDone);
  const reworded = pairReworded(rewordedDone.unpaired, added);
  const removed = reworded.unpaired;
  const finished = [...ticked, ...bornDone, ...removed];
  return {
    progress: {
      done: progress.done + finished.length,
      open: after.tasks.filter((task) => !task.done).length,
      removed: progress.removed + removed.length,
      current: currentTask(after.tasks),
    },
    finished,
    added: reworded.unused,
  };
}

interface Comparison {
  /** Were open, are done. */
  readonly ticked: string[];
  /** Were open, and are not in the file any more. */
  readonly gone: string[];
  /** Were not in the file, and are done. */
  readonly bornDone: string[];
  /** Are open, and were not. */
  readonly added: string[];
}

/** Compares by text, each as often as it occurs: line numbers move whenever something is inserted. */
function compare(before: readonly PlanTask[], after: readonly PlanTask[]): Comparison {
  const previous = countByText(before);
  const next = countByText(after);
  const result: Comparison = { ticked: [], gone: [], bornDone: [], added: [] };
  const none = { open: 0, done: 0 };
  for (const text of new Set([...previous.keys(), ...next.keys()])) {
    const was = previous.get(text) ?? none;
    const is = next.get(text) ?? none;
    const noLongerOpen = Math.max(0, was.open - is.open);
    const newlyDone = Math.max(0, is.done - was.done);
    const ticked = Math.min(noLongerOpen, newlyDone);
    addTimes(result.ticked, text, ticked);
    addTimes(result.gone, text, noLongerOpen - ticked);
    addTimes(result.bornDone, text, newlyDone - ticked);
    addTimes(result.added, text, is.open - was.open);
  }
  return result;
}

function addTimes(list: string[], text: string, times: number): void {
  for (let count = 0; count < times; count++) list.push(text);
}

function countByText(tasks: readonly PlanTask[]): Map<string, { open: number; done: number }> {
  const counts = new Map<string, { open: number; done: number }>();
  for (const task of tasks) {
    const key = task.text.replace(/\s+/g, ' ').trim();
    const count = counts.get(key) ?? { open: 0, done: 0 };
    if (task.done) count.done += 1;
    else count.open += 1;
    counts.set(key, count);
  }
  return counts;
}

/** So many comparisons are instant; a plan that needs more was replaced as a whole. */
const COMPARISON_LIMIT = 250_000;

/** Pairs each text of `gone` with the one of `candidates` that shares most words with it, at least half. */
function pairReworded(
  gone: readonly string[],
  candidates: readonly string[],
): { unpaired: string[]; unused: string[] } {
  if (gone.length * candidates.length > COMPARISON_LIMIT) return { unpaired: [...gone], unused: [...candidates] };
  const free = candidates.map((text) => ({ text, words: wordsOf(text) }));
  const unpaired = gone.filter((text) => {
    const words = wordsOf(text);
    const overlaps = free.map((candidate) => overlap(words, candidate.words));
    const best = Math.max(0, ...overlaps);
    if (best < 0.5) return true;
    free.splice(overlaps.indexOf(best), 1);
    return false;
  });
  return { unpaired, unused: free.map((candidate) => candidate.text) };
}

const UNSPACED = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]';
const WORD = new RegExp(`${UNSPACED}|(?:(?!${UNSPACED})[\\p{L}\\p{N}])+`, 'gu');

/** Lower-case words; scripts that write without spaces are taken character by character. */
function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(WORD) ?? []);
}

/** Jaccard similarity, 0 to 1. */
function overlap(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const shared = [...left].filter((word) => right.has(word)).length;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}
