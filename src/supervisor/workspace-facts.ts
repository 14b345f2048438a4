// What the supervisor knows of the workspace: the plan's progress, branch and head, and how they move.
import type { UndatedEvent } from '../core/effects.ts';
import {
  advanceProgress,
  firstProgress,
  type PlanChange,
  type PlanProgress,
  type PlanSnapshot,
  resumedProgress,
} from '../core/plan.ts';
import type { CommitInfo } from '../core/receipt.ts';
import type { AccountLimit, Survey } from '../core/survey.ts';

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

/** Prompt and AGENTS.md as they are; see `Survey`. */
export type InstructionLook = Pick<Survey, 'promptSource' | 'promptHash' | 'agentsHash'>;

export interface WorkspacePorts {
  readPlan(): Promise<PlanLook>;
  /** Waits so long that whoever is writing the plan is through with it. */
  settle(): Promise<void>;
  readHead(): Promise<HeadLook>;
  readInstructions(): Promise<InstructionLook>;
  /** The plan as it was in a commit; null where it had none, or cannot be read. */
  planAt(commit: string): Promise<PlanSnapshot | null>;
  /** See `Survey`. */
  fullDisk(): Promise<string | null>;
  /** The usage limit that the account is known to be at; null without one. */
  accountLimit(): Promise<AccountLimit | null>;
  /** Commits of `to` that `from` does not have, the newest first. */
  log(from: string | null, to: string): Promise<readonly CommitInfo[]>;
}

/** What the journal says of plan and head, for a supervisor that takes up a run. */
export interface KnownFacts {
  readonly plan: PlanProgress | null;
  readonly head: string | null;
  /** Of the attempt that was under way: where it began, and the tasks that are known to be finished since. */
  readonly attempt: { readonly baseCommit: string | null; readonly tasksFinished: readonly string[] } | null;
}

/** Looks when asked, remembers the last look, and reports what changed in between as events. */
export class WorkspaceFacts {
  readonly #ports: WorkspacePorts;
  readonly #dispatch: (event: UndatedEvent) => void;
  readonly #attempt: KnownFacts['attempt'];
  #progress: PlanProgress | null;
  #snapshot: PlanSnapshot | null = null;
  #head: string | null;
  #looking: Promise<Survey> | null = null;

  /** @param known null in a new run. */
  constructor(ports: WorkspacePorts, dispatch: (event: UndatedEvent) => void, known: KnownFacts | null) {
    this.#ports = ports;
    this.#dispatch = dispatch;
    this.#attempt = known?.attempt ?? null;
    this.#progress = known?.plan ?? null;
    this.#head = known?.head ?? null;
  }

  /** The first look of a new run, or after an undo: what it starts from is no change. */
  begin(): Promise<Survey> {
    return this.#inTurn(() => this.#begin());
  }

  /** Looks now; changes since the last look are dispatched before this resolves. */
  look(): Promise<Survey> {
    return this.#inTurn(() => this.#lookOnce());
  }

  /** Looks never overlap. */
  async #inTurn(look: () => Promise<Survey>): Promise<Survey> {
    while (this.#looking !== null) await this.#looking.catch(() => undefined);
    this.#looking = look();
    try {
      return await this.#looking;
    } finally {
      this.#looking = null;
    }
  }

  /** See `Survey`: a look at nothing else. */
  fullDisk(): Promise<string | null> {
    return this.#ports.fullDisk();
  }

  async #begin(): Promise<Survey> {
    const [plan, head] = await Promise.all([this.#ports.readPlan(), this.#ports.readHead()]);
    this.#snapshot = plan.snapshot;
    this.#progress = plan.snapshot === null ? null : firstProgress(plan.snapshot);
    this.#head = head.head;
    return this.#survey(plan, head);
  }

  async #lookOnce(): Promise<Survey> {
    const [plan, head] = await Promise.all([this.#readPlan(), this.#ports.readHead()]);
    if (plan.snapshot !== null) await this.#planSeen(plan.snapshot);
    if (head.head !== null && head.head !== this.#head) await this.#headSeen(head.head);
    return this.#survey(plan, head);
  }

  /** A plan that lost tasks may only be half written, and what is removed counts as done for ever: it is read twice. */
  async #readPlan(): Promise<PlanLook> {
    const plan = await this.#ports.readPlan();
    const texts = new Set(plan.snapshot?.tasks.map(({ text }) => text));
    if (this.#snapshot === null || this.#snapshot.tasks.every(({ text }) => texts.has(text))) return plan;
    await this.#ports.settle();
    return this.#ports.readPlan();
  }

  async #planSeen(snapshot: PlanSnapshot): Promise<void> {
    const known = this.#progress;
    const change = await this.#changeTo(snapshot);
    this.#snapshot = snapshot;
    this.#progress = change.progress;
    const moved = change.finished.length > 0 || change.added.length > 0;
    if (moved || JSON.stringify(change.progress) !== JSON.stringify(known))
      this.#dispatch({ type: 'plan_changed', ...change });
  }

  async #changeTo(snapshot: PlanSnapshot): Promise<PlanChange> {
    if (this.#progress === null) return { progress: firstProgress(snapshot), finished: [], added: [] };
    if (this.#snapshot !== null) return advanceProgress(this.#progress, this.#snapshot, snapshot);
    const progress = resumedProgress(this.#progress, snapshot);
    return { progress, finished: await this.#finishedUnseen(snapshot), added: [] };
  }

  /** Tasks of the running attempt that were finished while no supervisor was there. */
  async #finishedUnseen(snapshot: PlanSnapshot): Promise<readonly string[]> {
    const { baseCommit = null, tasksFinished = [] } = this.#attempt ?? {};
    const base = baseCommit === null ? null : await this.#ports.planAt(baseCommit).catch(() => null);
    if (base === null) return [];
    return advanceProgress(firstProgress(base), base, snapshot).finished.filter(
      (task) => !tasksFinished.includes(task),
    );
  }

  async #headSeen(head: string): Promise<void> {
    // Git that cannot tell is no reason to stop: the head itself is known.
    const commits = await this.#ports.log(this.#head, head).catch(() => []);
    this.#head = head;
    this.#dispatch({ type: 'commits_seen', head, commits });
  }

  async #survey(plan: PlanLook, head: HeadLook): Promise<Survey> {
    return {
      branch: head.branch,
      head: head.head,
      plan: plan.snapshot === null ? null : this.#progress,
      planHash: plan.hash,
      ...(await this.#ports.readInstructions()),
      problem: head.problem ?? plan.problem,
      fullDisk: await this.#ports.fullDisk(),
      accountLimit: await this.#ports.accountLimit(),
    };
  }
}
