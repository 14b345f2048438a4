// Follows the workspace beside the run: the plan's tasks, and what is not committed.
import { safeLine } from '../../text/sanitize.ts';
import type { ChangedFile, PlanItem } from './model.ts';
import type { WorkspacePort } from './ports.ts';

export interface WorkspaceSourceOptions {
  readonly workspace: WorkspacePort;
  /** The commit that changes are counted against; null in a repository without any. */
  readonly head: () => string | null;
  readonly signal: AbortSignal;
  readonly changed: () => void;
}

/** Git compares every file: not more often than this, and less often while no tool was called. */
const SOON_MS = 5_000;
const LATER_MS = 10_000;

export class WorkspaceSource {
  readonly #options: WorkspaceSourceOptions;
  #plan: readonly PlanItem[] | null = null;
  #uncommitted: readonly ChangedFile[] | 'unknown' | null = null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #toolCalls = 0;

  constructor(options: WorkspaceSourceOptions) {
    this.#options = options;
    const { workspace, signal } = options;
    const watch = workspace.watchPlan(() => void this.#readPlan());
    signal.addEventListener('abort', () => void watch.close());
    void this.#readPlan();
    void this.lookAtChanges();
  }

  /** Null where there is no plan, or not yet. */
  get plan(): readonly PlanItem[] | null {
    return this.#plan;
  }

  /** Null before the first look. */
  get uncommitted(): readonly ChangedFile[] | 'unknown' | null {
    return this.#uncommitted;
  }

  /** Called again and again while an attempt runs: nothing else tells of changes in a work tree. */
  keepUp(toolCalls: number): void {
    const everyMs = toolCalls === this.#toolCalls ? LATER_MS : SOON_MS;
    if (performance.now() - this.#lookedAtMs < everyMs) return;
    this.#toolCalls = toolCalls;
    void this.lookAtChanges();
  }

  async lookAtChanges(): Promise<void> {
    this.#lookedAtMs = performance.now();
    const { workspace, head, signal, changed } = this.#options;
    const changes = await workspace.uncommitted(head()).catch(() => 'unknown' as const);
    if (signal.aborted) return;
    this.#uncommitted =
      changes === 'unknown'
        ? changes
        : changes.map(({ path, added, removed }) => ({ path: safeLine(path), added, removed }));
    changed();
  }

  async #readPlan(): Promise<void> {
    const snapshot = await this.#options.workspace.readPlan().catch(() => null);
    this.#plan = snapshot?.tasks.map((task) => ({ ...task, text: safeLine(task.text) })) ?? null;
    this.#options.changed();
  }
}
