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
  /** The first open task, null when none is. */
  readonly current: string | null;
}

/** How a plan moved between two looks. */
export interface PlanChange {
  readonly progress: PlanProgress;
  /** Texts of the tasks that were ticked or removed. */
  readonly finished: readonly string[];
  /** Texts of the tasks that are new and open. */
  readonly added: readonly string[];
}

export const NO_PLAN: PlanProgress = { done: 0, open: 0, removed: 0, current: null };

/** The progress that a run starts from. */
export function firstProgress(snapshot: PlanSnapshot): PlanProgress {
  const open = snapshot.tasks.filter((task) => !task.done);
  return { done: snapshot.tasks.length - open.length, open: open.length, removed: 0, current: open[0]?.text ?? null };
}

/**
 * Moves progress on from one look at the file to the next. An open task that is gone counts as
 * removed, unless a new one reads much like it: then it was reworded.
 */
export function advanceProgress(progress: PlanProgress, before: PlanSnapshot, after: PlanSnapshot): PlanChange {
  const previous = countByText(before.tasks);
  const next = countByText(after.tasks);
  const gone: string[] = [];
  const finished: string[] = [];
  for (const [text, was] of previous) {
    const is = next.get(text) ?? { open: 0, done: 0 };
    const noLongerOpen = Math.max(0, was.open - is.open);
    const ticked = Math.min(noLongerOpen, Math.max(0, is.done - was.done));
    finished.push(...Array<string>(ticked).fill(text));
    gone.push(...Array<string>(noLongerOpen - ticked).fill(text));
  }
  const added: string[] = [];
  let bornDone = 0;
  for (const [text, is] of next) {
    const was = previous.get(text) ?? { open: 0, done: 0 };
    added.push(...Array<string>(Math.max(0, is.open - was.open)).fill(text));
    if (!previous.has(text)) bornDone += is.done;
  }
  const reworded = pairReworded(gone, added);
  // A task that is reworded and ticked in one go appears as a done one that nobody had seen open.
  const rewordedDone = Math.min(bornDone, gone.length - reworded.length);
  const removed = gone.filter((text) => !reworded.includes(text));
  const openTasks = after.tasks.filter((task) => !task.done);
  return {
    progress: {
      done: progress.done + finished.length + removed.length + bornDone - rewordedDone,
      open: openTasks.length,
      removed: progress.removed + removed.length - rewordedDone,
      current: openTasks[0]?.text ?? null,
    },
    finished: [...finished, ...removed],
    added: added.slice(reworded.length),
  };
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

/** The texts of `gone` for which `added` has a text that shares most of its words. */
function pairReworded(gone: readonly string[], added: readonly string[]): string[] {
  const free = new Set(added);
  return gone.filter((text) => {
    const twin = [...free].find((candidate) => wordOverlap(text, candidate) >= 0.5);
    if (twin !== undefined) free.delete(twin);
    return twin !== undefined;
  });
}

/** Jaccard similarity of the two texts' words, 0 to 1. */
function wordOverlap(a: string, b: string): number {
  const words = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  const left = words(a);
  const right = words(b);
  const shared = [...left].filter((word) => right.has(word)).length;
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}

/**
 * The progress after a look at the file that nobody watched in between, as after a supervisor's death:
 * never less done than was known before.
 */
export function resumedProgress(known: PlanProgress, snapshot: PlanSnapshot): PlanProgress {
  const seen = firstProgress(snapshot);
  return { ...seen, done: Math.max(known.done, seen.done + known.removed), removed: known.removed };
}
