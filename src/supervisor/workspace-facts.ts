// What the supervisor knows of the workspace: the plan's progress, branch and head, and how they move.
import type { UndatedEvent } from '../core/effects.ts';
import type { Survey } from '../core/events.ts';
import { advanceProgress, firstProgress, type PlanProgress, type PlanSnapshot, resumedProgress } from '../core/plan.ts';
import type { CommitInfo } from '../core/receipt.ts';

export interface PlanLook {
  readonly snapshot: PlanSnapshot | null;
  /** SHA-256 of the file, hex; null without one. */
  readonly hash: string | null;
  /** Why the file cannot be read safely; null when it can, or is not there. */
  readonly problem: string | null;
}

export interface HeadLook {
  readonly branch: string | null;
  readonly head: string | null;
  readonly problem: string | null;
}

export interface WorkspacePorts {
  readPlan(): Promise<PlanLook>;
  readHead(): Promise<HeadLook>;
  /** Commits of `to` that `from` does not have, the newest first. */
  log(from: string | null, to: string): Promise<readonly CommitInfo[]>;
}

/** Looks when asked, remembers the last look, and reports what changed in between as events. */
export class WorkspaceFacts {
  readonly #ports: WorkspacePorts;
  readonly #dispatch: (event: UndatedEvent) => void;
  #progress: PlanProgress | null;
  #snapshot: PlanSnapshot | null = null;
  #head: string | null;
  #looking: Promise<Survey> | null = null;

  /** @param known what the journal says of plan and head; null in a new run. */
  constructor(
    ports: WorkspacePorts,
    dispatch: (event: UndatedEvent) => void,
    known: { plan: PlanProgress | null; head: string | null } | null,
  ) {
    this.#ports = ports;
    this.#dispatch = dispatch;
    this.#progress = known?.plan ?? null;
    this.#head = known?.head ?? null;
  }

  /** The first look of a new run: what it starts from is no change. */
  async begin(): Promise<Survey> {
    const [plan, head] = await Promise.all([this.#ports.readPlan(), this.#ports.readHead()]);
    this.#snapshot = plan.snapshot;
    this.#progress = plan.snapshot === null ? null : firstProgress(plan.snapshot);
    this.#head = head.head;
    return this.#survey(plan, head);
  }

  /** Looks now; changes since the last look are dispatched before this resolves. Looks never overlap. */
  async look(): Promise<Survey> {
    while (this.#looking !== null) await this.#looking.catch(() => undefined);
    this.#looking = this.#lookOnce();
    try {
      return await this.#looking;
    } finally {
      this.#looking = null;
    }
  }

  async #lookOnce(): Promise<Survey> {
    const [plan, head] = await Promise.all([this.#ports.readPlan(), this.#ports.readHead()]);
    if (plan.snapshot !== null) this.#planSeen(plan.snapshot);
    if (head.head !== null && head.head !== this.#head) await this.#headSeen(head.head);
    return this.#survey(plan, head);
  }

  #planSeen(snapshot: PlanSnapshot): void {
    const known = this.#progress;
    if (known === null) {
      this.#progress = firstProgress(snapshot);
    } else if (this.#snapshot === null) {
      this.#progress = resumedProgress(known, snapshot);
    } else {
      const change = advanceProgress(known, this.#snapshot, snapshot);
      this.#progress = change.progress;
      if (change.finished.length > 0 || change.added.length > 0 || change.progress.current !== known.current) {
        this.#dispatch({
          type: 'plan_changed',
          progress: change.progress,
          finished: change.finished,
          added: change.added,
        });
      }
      this.#snapshot = snapshot;
      return;
    }
    this.#snapshot = snapshot;
    if (JSON.stringify(this.#progress) !== JSON.stringify(known)) {
      this.#dispatch({ type: 'plan_changed', progress: this.#progress, finished: [], added: [] });
    }
  }

  async #headSeen(head: string): Promise<void> {
    // Git that cannot tell is no reason to stop: the head itself is known.
    const commits = await this.#ports.log(this.#head, head).catch(() => []);
    this.#head = head;
    this.#dispatch({ type: 'commits_seen', head, commits });
  }

  #survey(plan: PlanLook, head: HeadLook): Survey {
    return {
      branch: head.branch,
      head: head.head,
      plan: plan.snapshot === null ? null : this.#progress,
      planHash: plan.hash,
      problem: head.problem ?? plan.problem,
    };
  }
}
